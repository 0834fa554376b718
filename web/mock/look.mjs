// For development only: opens pages of a running server in Chromium, takes pictures and runs axe.
//   node mock/look.mjs OUT_FOLDER [ADDRESS] [PART_OF_NAME]
import { readFileSync, mkdirSync } from 'node:fs';
import { chromium } from 'playwright-core';

const [out = '/tmp/look', address = 'http://127.0.0.1:7700', only = ''] = process.argv.slice(2);
const axe = readFileSync(new URL('../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
const pages = {
  browse: '#/c/stamps/search',
  search: '#/c/stamps/search?ids=275',
  region: '#/c/stamps/search?ids=275,266&not=7&region=0.2,0.2,0.5,0.5&where=label+%3D+%22household%22',
  gone: '#/c/stamps/search?own=gone',
  unknown: '#/c/nothing/search',
  compare: '#/c/stamps/compare?ids=275',
  encoders: '#/c/stamps/encoders',
  layer: '#/c/stamps/encoders/efficientnet-lite0/block6',
  collections: '#/collections',
  help: '#/help',
  detail: '#/c/stamps/search?ids=275',
  tour: '#/c/stamps/search?ids=275',
  labels: '#/c/stamps/search',
};
const before = {
  detail: (page) => page.locator('[data-place="1"]').press('Space'),
  labels: (page) => page.getByRole('button', { name: 'By label' }).click(),
};

mkdirSync(out, { recursive: true });
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
let violations = 0;
for (const [width, height] of [[1280, 800], [390, 844]]) {
  for (const colorScheme of ['light', 'dark']) {
    for (const [name, hash] of Object.entries(pages).filter(([name]) => name.includes(only))) {
      const context = await browser.newContext({ viewport: { width, height }, colorScheme, bypassCSP: false, hasTouch: width < 500 });
      const page = await context.newPage();
      page.on('console', (message) => ['error', 'warning'].includes(message.type()) && !/404/.test(message.text()) && console.log(name, message.text()));
      page.on('pageerror', (error) => console.log(name, 'threw', error.stack));
      if (name !== 'tour') await page.addInitScript(() => localStorage.setItem('alike-tour', 'seen'));
      await page.goto(`${address}/${hash}`);
      await page.waitForTimeout(900);
      try { await before[name]?.(page); } catch (error) { console.log(name, error.message.split('\n')[0]); }
      await page.waitForTimeout(600);
      await page.screenshot({ path: `${out}/${name}-${width}-${colorScheme}.png` });
      const found = await page.evaluate(`${axe}; axe.run(document, { resultTypes: ['violations'] })`);
      for (const { id, help, nodes } of found.violations) {
        violations += 1;
        console.log(`${name} ${width} ${colorScheme}: ${id}: ${help}\n   ${nodes.slice(0, 3).map((node) => node.html.slice(0, 160) + ' | ' + (node.any[0]?.message ?? '')).join('\n   ')}`);
      }
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      if (wide > 0) console.log(`${name} ${width}: scrolls sideways by ${wide}`);
      await context.close();
    }
  }
}
await browser.close();
console.log(`${violations} violations`);
process.exitCode = violations > 0 ? 1 : 0;
