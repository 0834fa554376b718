// Takes the pictures of docs/images of a running server that shows the Tux Paint stamps:
//   node tests/web/pictures.mjs ADDRESS FOLDER
// script/pictures prepares the server. Each picture is a WebP of at most 150 kB.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const fromWeb = createRequire(new URL('../../web/package.json', import.meta.url));
const { chromium } = fromWeb('playwright-core');
const [address, out] = process.argv.slice(2);
assert.ok(address && out, 'usage: node tests/web/pictures.mjs ADDRESS FOLDER');
const largest = 150_000; // bytes

const [{ id: c }] = (await (await fetch(`${address}/v1/collections`)).json()).collections;
async function idOf(path) {
  const where = encodeURIComponent(`path = "${path}"`);
  const { items } = await (await fetch(`${address}/v1/collections/${c}/items?where=${where}`)).json();
  assert.equal(items.length, 1, path);
  return items[0].id;
}
const pear = await idOf('food/fruit/pear.png');
const desktop = { viewport: { width: 1280, height: 800 }, colorScheme: 'light' };
const phone = { viewport: { width: 390, height: 844 }, colorScheme: 'dark', hasTouch: true, isMobile: true };

const pictures = [
  { name: 'web-search', look: desktop, at: `#/c/${c}/search?ids=${pear}`, shows: '[aria-label="Results"] .tile img' },
  { name: 'web-region', look: desktop, at: `#/c/${c}/search?ids=${await idOf('animals/birds/cartoon/penguin_with_spider.png')}&region=0.55,0.1,0.45,0.85`, shows: '[aria-label="Results"] .tile img' },
  { name: 'web-map', look: desktop, at: `#/c/${c}/map?ids=${pear}`, shows: '.points[data-renderer]', wait_ms: 3000 },
  { name: 'web-compare', look: { ...desktop, viewport: { width: 1280, height: 1000 } }, at: `#/c/${c}/compare?ids=${pear}`, shows: 'figure svg', scroll: '[aria-label="Measures"]' },
  { name: 'web-side-by-side', look: desktop, at: `#/c/${c}/compare?ids=${pear}`, shows: 'ol li img' },
  { name: 'web-encoders', look: desktop, at: `#/c/${c}/encoders`, shows: 'tbody td b' },
  { name: 'web-phone-dark', look: phone, at: `#/c/${c}/search?ids=${pear}`, shows: '[aria-label="Results"] .tile img' },
];

const browser = await chromium.launch({ executablePath: process.env.ALIKE_CHROMIUM || '/usr/bin/chromium', args: ['--no-sandbox'] });
const workshop = await browser.newPage();

/// WebP, as small as it must be.
async function webp(png) {
  for (const quality of [0.9, 0.8, 0.7, 0.5]) {
    const made = await workshop.evaluate(async ([data, how]) => {
      const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${data}`)).blob());
      const canvas = Object.assign(document.createElement('canvas'), { width: bitmap.width, height: bitmap.height });
      canvas.getContext('2d').drawImage(bitmap, 0, 0);
      return canvas.toDataURL('image/webp', how).split(',')[1];
    }, [png.toString('base64'), quality]);
    const bytes = Buffer.from(made, 'base64');
    if (bytes.length <= largest) return bytes;
  }
  throw new Error('no quality makes it small enough');
}

for (const { name, look, at, shows, scroll, wait_ms = 1000 } of pictures) {
  const context = await browser.newContext({ ...look, reducedMotion: 'reduce', locale: 'en' });
  const page = await context.newPage();
  await page.addInitScript(() => localStorage.setItem('alike-tour', 'seen'));
  await page.goto(`${address}/${at}`);
  await page.waitForSelector(shows);
  if (scroll) await page.locator(scroll).evaluate((element) => scrollTo(0, element.getBoundingClientRect().top + scrollY - 72));
  await page.waitForLoadState('networkidle').catch(() => undefined);
  await page.waitForTimeout(wait_ms);
  const bytes = await webp(await page.screenshot());
  writeFileSync(join(out, `${name}.webp`), bytes);
  console.log(`${name}.webp ${bytes.length}`);
  await context.close();
}
await browser.close();
