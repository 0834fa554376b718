// Bad input and failures: a designed message each time, never a blank page.
import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { before, beforeEach, test } from 'node:test';
import { answered, hostileNames, makePets, open, png, serve, titles, until, untilText } from './support.mjs';

const pets = makePets(['stage1']);
let server = await serve([pets]);
const home = `${server.url}/#/c/pets/search`;
const all = (await (await fetch(`${server.url}/v1/collections/pets/items?limit=1000`)).json()).items;

let page;
before(async () => (page = await open(home)));
beforeEach(async () => {
  await page.goto('about:blank');
  await page.goto(home);
  await page.waitForSelector('[data-place="0"]');
  page.wrong = [];
});
/// Nothing but refusals that Chromium reports by itself.
const onlyRefusals = () => assert.deepEqual(page.wrong.filter((text) => !/status of 4\d\d|ERR_CONNECTION/.test(text)), []);
const choose = (name, mimeType, buffer) => page.setInputFiles('input[type=file]', { name, mimeType, buffer });

test('a broken, an empty and a text file are refused in words', async () => {
  for (const [name, type, bytes] of [
    ['broken.png', 'image/png', 'nothing'], ['empty.png', 'image/png', ''], ['letter.txt', 'text/plain', 'Dear all,'],
    ['cut.png', 'image/png', png({ seed: 1 }).subarray(0, 60)],
  ]) {
    await choose(name, type, Buffer.from(bytes));
    await until(page, `${name} is refused`, () => /no picture|is empty/.test(document.querySelector('.box [role=alert]')?.textContent));
    await choose('mine.png', 'image/png', png({ seed: 1 }));
    await until(page, 'the next one is taken', () => !document.querySelector('.box [role=alert]') && document.querySelector('[aria-label="Results"]'));
  }
  onlyRefusals();
});

test('of twelve files the eight used are named, and one that is broken does not stop the others', async () => {
  const file = (name, buffer = png({ seed: name.length + name.charCodeAt(0) })) => ({ name, mimeType: 'image/png', buffer });
  await page.setInputFiles('input[type=file]', 'abcdefghijkl'.split('').map((letter) => file(`${letter}.png`)));
  await until(page, 'eight are asked for', () => new URLSearchParams(location.hash.split('?')[1]).get('own')?.split(',').length === 8);
  await untilText(page, '8 of 12 files are used: a.png, b.png, c.png, d.png, e.png, f.png, g.png, h.png.');
  await untilText(page, 'left out: i.png, j.png, k.png, l.png.');
  await page.setInputFiles('input[type=file]', [file('x.png'), file('broken.png', Buffer.from('nothing')), file('z.png')]);
  await until(page, 'two are asked for', () => new URLSearchParams(location.hash.split('?')[1]).get('own')?.split(',').length === 2);
  await untilText(page, '2 of 3 files are used: x.png, z.png. broken.png: This is no picture');
  await page.waitForSelector('[aria-label="Results"] .tile');
  await choose('mine.png', 'image/png', png({ seed: 1 }));
  await until(page, 'the remark goes with the next question', () => !document.querySelector('.box [role=alert]'));
  onlyRefusals();
});

test('beside a problem stand no numbers of the answer before', async () => {
  await page.goto(`${home}?ids=1`);
  await page.waitForSelector('[aria-label="Results"] .tile');
  await untilText(page, 'ms, flat');
  await page.locator('#search-text').fill('id:99999');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.answer [role=alert]');
  assert.doesNotMatch(await page.locator('.answer').innerText(), /\bresults?,|\d ms|Search score/);
  onlyRefusals();
});

test('something that is dropped and is no picture is refused in words', async () => {
  await page.evaluate(() => {
    const data = new DataTransfer();
    data.items.add(new File(['x'], 'x.txt', { type: 'text/plain' }));
    window.dispatchEvent(new DragEvent('drop', { dataTransfer: data, cancelable: true }));
  });
  await untilText(page, 'The dropped file is no picture');
});

test('a camera that is refused says so', async () => {
  await page.evaluate(() => { navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError')); });
  await page.getByRole('button', { name: 'Camera' }).click();
  await page.getByRole('button', { name: 'Start the camera' }).click();
  await page.waitForSelector('dialog[open] [role=alert]');
});

test('a million letters are no address', async () => {
  await page.locator('#search-text').fill('x'.repeat(1_000_000));
  await page.keyboard.press('Enter');
  await untilText(page, 'Type the address of a picture');
});

for (const [what, query, says] of [
  ['an unknown id', 'ids=99999', 'is not in the collection'],
  ['an unknown space', 'ids=1&space=nothing', 'nothing'],
  ['a filter that cannot be read', 'ids=1&where=%28%28%28', 'where'],
  ['an own picture of another browser', 'own=gone', 'not here any more'],
]) {
  test(`${what} in the URL is told of, with a way out`, async () => {
    await page.goto(`${home}?${query}`);
    await page.waitForSelector('[role=alert]');
    assert.ok((await page.locator('[role=alert]').innerText()).toLowerCase().includes(says), await page.locator('[role=alert]').innerText());
    await page.locator('[role=alert] button').first().click();
    await until(page, 'the way out leads on', () => !document.querySelector('[role=alert]') && document.querySelector('.tile'));
    onlyRefusals();
  });
}

test('nonsense in the URL is a page all the same', async () => {
  for (const hash of ['#/c/pets/nothing', '#/%E0%A4%A', '#//////', `#/c/pets/search?ids=${'1,'.repeat(5000)}`, '#/c/pets/search?ids=-1,NaN,1e9&k=-5&region=1,2,3', '#/c/__proto__/search', '#/c/pets/map?ids=99999']) {
    await page.goto('about:blank');
    await page.goto(`${server.url}/${hash}`);
    await until(page, `${hash.slice(0, 60)} shows something`, () => document.querySelector('main')?.innerText.trim().length > 20);
  }
  onlyRefusals();
});

test('a space that is deleted while it is shown', async () => {
  const { spaces } = await (await fetch(`${server.url}/v1/collections/pets`)).json();
  const name = spaces.find((space) => space.layer === 'stage1').name;
  await page.goto(`${home}?ids=1&space=${name}`);
  await page.waitForSelector('[aria-label="Results"] .tile');
  assert.equal((await fetch(`${server.url}/v1/collections/pets/spaces/${name}`, { method: 'DELETE' })).status, 200);
  await page.locator('[data-place="2"] .picture').click();
  await page.waitForSelector('[role=alert]');
  await page.getByRole('button', { name: 'In the default space' }).click();
  await page.waitForSelector('[aria-label="Results"] .tile');
  onlyRefusals();
});

test('hostile names of files are text everywhere', async () => {
  const odd = all.filter((item) => item.label === 'odd');
  assert.equal(odd.length, hostileNames.length);
  await page.goto(`${home}?ids=${odd[0].id}&fold=0&where=${encodeURIComponent('label = "odd"')}`);
  await answered(page);
  assert.deepEqual(new Set([odd[0].path, ...(await titles(page))]), new Set(odd.map((item) => item.path)));
  for (const { id, path } of odd) {
    await page.goto(`${home}?ids=${id}`);
    await page.getByRole('button', { name: 'Details' }).first().click();
    await until(page, `${path} is shown as it is`, (name) => document.querySelector('dialog[open] dd.mono')?.textContent.endsWith(name), path);
    await page.keyboard.press('Escape');
    await until(page, 'the dialog and its step are gone', () => !document.querySelector('dialog[open]') && !history.state.dialogs);
  }
  assert.equal(await page.locator('img[src="x"], img[onerror], svg[onload]').count(), 0);
  await page.goto(`${server.url}/#/c/pets/compare?ids=${odd[0].id}`);
  await page.waitForSelector('ol li');
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false);
  assert.deepEqual(page.wrong, []);
});

test('a server that stops is noticed, and its return too', async () => {
  await page.goto(`${home}?ids=1`);
  await page.waitForSelector('[aria-label="Results"] .tile');
  const { port } = server;
  await server.stop();
  await untilText(page, 'The server does not answer');
  assert.ok((await page.locator('[aria-label="Results"] .tile').count()) > 0, 'the old results stay');
  server = await serve([pets], port);
  await until(page, 'it goes on by itself', () => !document.body.innerText.includes('The server does not answer') && document.querySelector('[aria-label="Results"] .tile'));
  await page.getByRole('button', { name: 'Random' }).click();
  await page.waitForSelector('[aria-label="Results"] .tile');
  onlyRefusals();
});

test('a page that could not be loaded is loaded when the server is back', async () => {
  await page.waitForTimeout(500);
  const { port } = server;
  await server.stop();
  await page.getByRole('navigation').getByRole('link', { name: 'Encoders', exact: true }).click();
  await untilText(page, 'This page could not be loaded');
  server = await serve([pets], port);
  await until(page, 'it is there by itself', () => document.querySelector('main tbody tr'));
  onlyRefusals();
});

test('a page whose part is gone, as after an update, is loaded anew once', async () => {
  let loads = 0;
  page.on('load', () => (loads += 1));
  await page.route(/HelpPage-.*\.js/, (route) => (loads > 0 ? route.continue() : route.fulfill({ status: 404, body: '' })));
  await page.getByRole('navigation').getByRole('link', { name: 'Help', exact: true }).click();
  await untilText(page, 'Words and measures');
  assert.equal(loads, 1);
  await page.unroute(/HelpPage-.*\.js/);
  onlyRefusals();
});

test('a collection that is damaged says so, and is verified', async () => {
  writeFileSync(`${pets}/.alike/catalog.db`, 'x'.repeat(4096));
  rmSync(`${pets}/.alike/catalog.db-wal`, { force: true });
  await page.goto('about:blank');
  await page.goto(`${server.url}/#/collections`);
  await untilText(page, 'It cannot be read');
  await page.getByRole('button', { name: 'Verify' }).click();
  await untilText(page, 'damaged place');
  await page.goto(home);
  await page.waitForSelector('[role=alert]');
  assert.doesNotMatch(await page.locator('main').innerText(), /undefined|\[object/);
});
