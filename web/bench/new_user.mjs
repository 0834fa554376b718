// A new user's path, timed: from the last line that script/demo prints to the first own picture found.
// node bench/new_user.mjs PICTURE PROGRAM WORDS…, where PROGRAM WORDS… is what that line says, as
// node bench/new_user.mjs mine.jpg ../build/release/alike --collection ../build/demo/stamps.alike serve
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { chromium } from 'playwright-core';

const [picture, program, ...words] = process.argv.slice(2);
if (!program) throw new Error('Say which picture, and the command that serves the collection.');

/** Starts the command; the address that it prints is what a person clicks on. */
async function start() {
  const server = spawn(program, [...words, '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [said] = await Promise.race([once(server.stdout, 'data'), once(server, 'exit').then(() => { throw new Error('The command ended.'); })]);
  const address = /http:\S+/.exec(said)?.[0];
  if (!address) throw new Error(`The command prints no address, but: ${said}`);
  return { server, address };
}

/** Milliseconds until pictures of a grid are on the screen. */
async function untilPainted(page, grid) {
  const began = performance.now();
  await page.waitForFunction((name) => [...document.querySelectorAll(`[aria-label="${name}"] img`)]
    .some((image) => image.complete && image.naturalWidth > 0), grid, { polling: 'raf', timeout: 60_000 });
  return performance.now() - began;
}

/** The ways to ask with an own picture, each with what a person does for it. */
const ways = {
  'by the button File': async (page) => {
    const [dialog] = await Promise.all([page.waitForEvent('filechooser'), page.getByRole('button', { name: 'File', exact: true }).click()]);
    await dialog.setFiles(picture);
    return ['click File', 'choose the picture'];
  },
  'by dropping it': async (page) => {
    const data = await page.evaluateHandle(([bytes, name]) => {
      const dropped = new DataTransfer();
      dropped.items.add(new File([Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0))], name, { type: `image/${name.split('.').pop().replace('jpg', 'jpeg')}` }));
      return dropped;
    }, [readFileSync(picture).toString('base64'), basename(picture)]);
    for (const event of ['dragenter', 'dragover', 'drop']) await page.dispatchEvent('body', event, { dataTransfer: data });
    return ['drop the picture on the page'];
  },
};

async function go(browser, way, ask) {
  const began = performance.now();
  const { server, address } = await start();
  try {
    const served = performance.now() - began;
    // Nothing is kept from before: a fresh profile, to which the tour is shown.
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    const page = await context.newPage();
    const opened = performance.now();
    await page.goto(address, { waitUntil: 'commit' });
    await untilPainted(page, 'Pictures');
    const shown = performance.now() - opened;
    await page.getByRole('dialog').waitFor();
    const read = (await page.getByRole('dialog').innerText()).split('\n').filter(Boolean).slice(0, 2).join(': ');
    const asked = performance.now();
    const actions = ['run the command', 'open its address', ...(await ask(page))];
    await untilPainted(page, 'Results');
    const found = performance.now() - asked;
    const first = await page.locator('[aria-label="Results"] [data-place="0"] .picture').getAttribute('title');
    console.log(`${way}: ${actions.length} actions (${actions.join(', ')}); nearest is ${first}`);
    console.log(`  ms: address printed ${served.toFixed(0)}, pictures shown ${shown.toFixed(0)}, own picture found ${found.toFixed(0)}, all ${(served + shown + found).toFixed(0)}`);
    console.log(`  what the page says meanwhile: ${read}`);
    await context.close();
  } finally {
    server.kill('SIGTERM');
    await once(server, 'exit');
  }
}

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
try {
  for (const [way, ask] of Object.entries(ways)) await go(browser, way, ask);
} finally {
  await browser.close();
}
