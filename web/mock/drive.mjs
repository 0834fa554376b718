// For development only: uses the built app in Chromium as a person would, by keys where there are any.
//   node mock/drive.mjs      starts mock servers of its own
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chromium } from 'playwright-core';

const stamps = '/usr/share/tuxpaint/stamps';
const serverFile = new URL('server.mjs', import.meta.url).pathname;
async function serve(port, env = {}) {
  const server = spawn('node', [serverFile, stamps, String(port)], { env: { ...process.env, ...env } });
  process.on('exit', () => server.kill());
  const began = await Promise.race([once(server.stdout, 'data').then(() => true), once(server, 'exit').then(() => false)]);
  if (!began) throw new Error(`no server at port ${port}: is it taken?`);
  return server;
}
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'] });
let failures = 0;
function expect(what, holds) {
  failures += holds ? 0 : 1;
  console.log(`${holds ? '  ok ' : 'FAIL '} ${what}`);
}
async function open(address, { tour = true, ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  page.on('pageerror', (error) => expect(`no exception: ${error.message}`, false));
  page.on('console', (message) => /Content Security/.test(message.text()) && expect(message.text(), false));
  if (tour) await page.addInitScript(() => localStorage.setItem('alike-tour', 'seen'));
  await page.goto(address);
  return page;
}
const hash = (page) => page.evaluate(() => location.hash);
const focused = (page) => page.evaluate(() => document.activeElement?.dataset.place ?? document.activeElement?.id ?? document.activeElement?.tagName);
const soon = (page, test, argument) => page.waitForFunction(test, argument, { timeout: 4000 }).then(() => true, () => false);

let server = await serve(7781);
const home = 'http://127.0.0.1:7781/';
let page = await open(home);

await page.waitForSelector('[data-place="0"]');
expect('the URL names the first collection', (await hash(page)) === '#/c/stamps/search');
await page.keyboard.press('/');
expect('/ goes to the search box', (await focused(page)) === 'search-text');
await page.keyboard.type('id:275');
await page.keyboard.press('Enter');
expect('an id is asked for', await soon(page, () => location.hash.includes('ids=275') && document.querySelector('[aria-label="Results"] [data-place="3"]')));
await page.locator('[data-place="0"]').focus();
for (const key of ['ArrowRight', 'l', 'h', 'ArrowRight']) { await page.keyboard.press(key); await page.waitForTimeout(80); }
expect('arrows and hjkl move', (await focused(page)) === '2');
await page.keyboard.press('ArrowDown');
await page.waitForTimeout(100);
expect('down moves a row', Number(await focused(page)) > 2);
await page.keyboard.press('End');
await page.waitForTimeout(500);
expect('End goes to the last picture', Number(await focused(page)) >= 49);
await page.keyboard.press('Home');
await page.waitForTimeout(500);
await page.keyboard.press('ArrowRight');
await page.waitForTimeout(150);
await page.keyboard.press('+');
expect('+ adds an example', await soon(page, () => /ids=275,\d+/.test(location.hash)));
await page.goBack();
expect('back takes it away', await soon(page, () => !/ids=275,/.test(location.hash)));
await page.locator('[data-place="1"]').focus();
await page.keyboard.press('-');
expect('− adds an unwanted example', await soon(page, () => /not=\d+/.test(location.hash)));
await page.goBack();
await page.waitForTimeout(300);
await page.locator('[data-place="1"]').focus();
await page.keyboard.press(' ');
expect('Space looks closely', await soon(page, () => document.querySelector('dialog[open]')));
const before = await page.locator('dialog h2').textContent();
await page.keyboard.press('ArrowRight');
await page.waitForTimeout(150);
expect('→ shows the next picture', (await page.locator('dialog h2').textContent()) !== before);
await page.keyboard.press('Escape');
expect('Esc closes, the focus comes back', await soon(page, () => !document.querySelector('dialog[open]') && document.activeElement?.dataset.place === '1'));
await page.keyboard.press('Enter');
expect('Enter asks again', await soon(page, () => /ids=\d+$/.test(location.hash) && !location.hash.includes('275')));
await page.goBack();
await page.waitForTimeout(200);

await page.getByRole('button', { name: 'Region', exact: true }).click();
expect('a region is asked for', await soon(page, () => location.hash.includes('region=0.25,0.25,0.5,0.5')));
await page.getByRole('button', { name: 'Edge of the region: left', exact: true }).focus();
await page.keyboard.press('ArrowRight');
expect('an arrow moves an edge by 1 %', await soon(page, () => location.hash.includes('region=0.26,0.25,0.49,0.5')));
const box = await page.getByRole('group', { name: 'Region of the picture' }).boundingBox();
const corner = await page.getByRole('button', { name: 'Edge of the region: bottom right' }).boundingBox();
await page.mouse.move(corner.x + 12, corner.y + 12);
await page.mouse.down();
await page.mouse.move(box.x + box.width * 0.9, box.y + box.height * 0.9, { steps: 4 });
await page.mouse.up();
expect('the mouse drags a corner', await soon(page, () => /region=0.26,0.25,0.6[345]/.test(location.hash)));
await page.getByRole('button', { name: 'Edge of the region: left', exact: true }).press('Escape');
expect('Esc takes the whole picture', await soon(page, () => !location.hash.includes('region')));

await page.getByText('household', { exact: true }).click();
expect('a label filters', await soon(page, () => decodeURIComponent(location.hash).includes('where=label+=+"household"')));
await page.getByRole('button', { name: 'No filters' }).click();
await page.waitForTimeout(200);
await page.getByRole('button', { name: 'By label' }).click();
expect('results stand by label', await soon(page, () => document.querySelector('.heading')));

await page.setInputFiles('input[type=file]', `${stamps}/household/tools/hammer.png`);
expect('an own picture is asked for', await soon(page, () => location.hash.includes('own=') && document.querySelector('[aria-label="Results"]')));
await page.waitForTimeout(500);
await page.reload();
expect('and found again after a reload', await soon(page, () => document.querySelector('[aria-label="Results"] .tile')));
await page.evaluate(async () => {
  const data = new DataTransfer();
  data.items.add(new File([await (await fetch('icon.svg')).blob()], 'x.txt', { type: 'text/plain' }));
  window.dispatchEvent(new DragEvent('drop', { dataTransfer: data, cancelable: true }));
});
expect('what is no picture is refused in words', await soon(page, () => document.body.textContent.includes('What was dropped is no picture')));
await page.setInputFiles('input[type=file]', { name: 'broken.png', mimeType: 'image/png', buffer: Buffer.from('nothing') });
expect('a broken picture is refused in words', await soon(page, () => document.body.textContent.includes('no picture that the browser can read')));
await page.getByRole('button', { name: 'Camera' }).click();
await page.getByRole('button', { name: 'Start the camera' }).click();
await page.waitForTimeout(600);
await page.getByRole('button', { name: 'Take the picture' }).click();
expect('the camera gives a picture', await soon(page, () => !document.querySelector('dialog[open]') && document.querySelector('[aria-label="Results"]')));

await page.keyboard.press('Escape');
await page.locator('h1').first().focus();
await page.keyboard.press('?');
expect('? lists the keys', await soon(page, () => document.querySelector('dialog[open]')?.textContent.includes('Keyboard shortcuts')));
await page.keyboard.press('Escape');
await page.waitForTimeout(100);
await page.keyboard.press('g');
await page.keyboard.press('l');
expect('g l goes to the collections, the focus to their heading', await soon(page, () => location.hash === '#/collections' && document.activeElement?.textContent === 'Collections'));
await page.getByRole('button', { name: 'Verify' }).click();
expect('a job is shown while it runs', await soon(page, () => document.querySelector('progress')));
await page.getByRole('button', { name: 'Pause' }).click();
await page.getByRole('button', { name: 'Resume' }).click();
await page.getByText('2 skipped files').click();
expect('skipped files have reasons', await soon(page, () => document.body.textContent.includes('the file ends in the middle of a row')));
expect('the job ends', await page.waitForFunction(() => document.body.textContent.includes('every sum is right'), null, { timeout: 9000 }).then(() => true, () => false));

await page.goto(`${home}#/c/stamps/compare?ids=275`);
await page.getByRole('button', { name: 'Compare all spaces' }).click();
expect('a comparison makes the matrix and the bars', await page.waitForFunction(() => document.querySelectorAll('figure svg').length === 3 && document.querySelector('td.best'), null, { timeout: 12000 }).then(() => true, () => false));
await page.screenshot({ path: '/tmp/look/matrix.png', fullPage: true });
await page.locator('button.value').first().click();
await page.getByRole('button', { name: 'Make it the default' }).click();
expect('a cell adopts its space', await soon(page, () => !document.querySelector('dialog[open]')));
await page.goto(`${home}#/c/stamps/encoders/efficientnet-lite0/block6`);
expect('layers show scores', await soon(page, () => document.querySelector('tr.linked b')));

await page.goto(`${home}#/c/stamps/search?ids=7`);
await page.waitForSelector('[aria-label="Results"]');
server.kill();
expect('a stopped server is noticed', await page.waitForFunction(() => document.body.textContent.includes('The server does not answer'), null, { timeout: 9000 }).then(() => true, () => false));
server = await serve(7781);
expect('and its return', await page.waitForFunction(() => !document.body.textContent.includes('The server does not answer'), null, { timeout: 9000 }).then(() => true, () => false));
await page.goto(`${home}#/c/stamps/search?ids=99999`);
await page.waitForTimeout(500);

const first = await serve(7782, { EMPTY: '1' });
page = await open('http://127.0.0.1:7782/', { tour: false });
await page.getByRole('button', { name: 'Add the demo set' }).click();
expect('the first run shows its job and opens the search', await page.waitForFunction(() => document.querySelector('[data-place="0"]'), null, { timeout: 12000 }).then(() => true, () => false));
await page.waitForSelector('[role=dialog]');
let steps = 0;
while (await page.locator('[role=dialog]').count() && steps++ < 10) { await page.keyboard.press('Tab'); await page.locator('[role=dialog] .main').press('Enter'); await page.waitForTimeout(200); }
expect('the tour can be walked by keys and is remembered', steps >= 3 && (await page.evaluate(() => localStorage.getItem('alike-tour'))) === 'seen');

const locked = await serve(7783, { KEY: 'secret' });
page = await open('http://127.0.0.1:7783/');
await page.getByRole('textbox', { name: 'Key' }).fill('secret');
await page.keyboard.press('Enter');
expect('a key is asked for once, pictures come with it', await page.waitForFunction(() => document.querySelector('.tile img[src^="blob:"]') && !document.querySelector('dialog[open]'), null, { timeout: 5000 }).then(() => true, () => false));

await browser.close();
locked.kill();
server.kill();
first.kill();
console.log(failures === 0 ? 'all right' : `${failures} wrong`);
process.exitCode = failures === 0 ? 0 : 1;
