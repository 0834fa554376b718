// Collections and their jobs, and the first run, when there is none.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { before, test } from 'node:test';
import { folder, makePets, open, png, put, serve, until, untilHash, untilText } from './support.mjs';

const pets = makePets(['stage1', 'stage2']);
const large = png({ seed: 5, width: 2400, height: 1800 });
for (let i = 0; i < 60; ++i) put(`slow/p${i}.png`, Buffer.concat([large, Buffer.from([i])]));
put('slow/<b>broken</b>.png', 'nothing');
for (let i = 0; i < 50; ++i) put(`other/p${i}.png`, Buffer.concat([large, Buffer.from([100 + i])]));
put('album/first.png', png({ seed: 6 }));
for (let i = 0; i < 20; ++i) put(`album/p${i}.png`, png({ seed: 50 + i, hue: i }));
const server = await serve([pets, '--root', folder('')]);

let page;
before(async () => (page = await open(`${server.url}/#/collections`)));

test('a collection is told of in numbers', async () => {
  const text = await page.locator('article').innerText();
  for (const part of ['62 pictures', '3 spaces', 'on disk', pets, 'stage2', 'cosine', 'flat']) assert.ok(text.includes(part), `${part} in ${text}`);
});

test('skipped files are listed with their reasons', async () => {
  await page.getByText('1 skipped file').click();
  await untilText(page, 'things/broken.png');
  await until(page, 'with a reason', () => /\S/.test(document.querySelector('details li .muted').textContent));
});

test('verify tells that every sum is right', async () => {
  await page.getByRole('button', { name: 'Verify' }).click();
  await untilText(page, 'Verified: every sum is right');
});

test('the speed of each kind of index is measured, the one in use marked', async () => {
  await page.getByRole('button', { name: 'Measure speed' }).click();
  await page.locator('tr.chosen').waitFor();
  const row = await page.locator('tr.chosen').innerText();
  assert.match(row, /exact.*in use.*100 %.*µs|ms.*B/s);
});

test('the index of a space is chosen, with what was measured beside each kind', async () => {
  const row = page.locator('article tr').filter({ has: page.locator('input:checked') });
  const menu = row.getByRole('combobox', { name: /^Index of / });
  assert.equal(await menu.inputValue(), 'auto');
  assert.match(await menu.locator('option[value=auto]').textContent(), /auto: flat/);
  assert.match(await menu.locator('option[value=coded]').textContent(), /coded, exact: finds 100 %, .*s/);
  for (const [kind, answering] of [['coded', 'coded'], ['auto', 'flat']]) {
    await menu.selectOption(kind);
    await until(page, `${kind} is what it has`, async ([wanted, answers]) => {
      const { collections } = await (await fetch('v1/collections')).json();
      const space = collections[0].spaces.find((one) => one.is_default);
      const shown = document.querySelector(`select[aria-label="Index of ${space.name}"]`);
      return space.wanted_index === wanted && space.index === answers && shown.value === wanted && !shown.disabled;
    }, [kind, answering]);
  }
});

test('a folder outside the roots is refused, with the way out', async () => {
  await page.getByLabel('Folder of pictures, its full path').fill('/usr');
  await page.getByRole('button', { name: 'Index the folder' }).click();
  await untilText(page, '--root');
  assert.equal(await page.locator('[role=alert]').count(), 1);
});

test('a folder inside becomes a collection, with progress that can be paused', async () => {
  await page.getByLabel('Encoder').selectOption('tiny');
  await page.getByLabel('Folder of pictures, its full path').fill(folder('slow'));
  await page.getByRole('button', { name: 'Index the folder' }).click();
  await until(page, 'it counts', () => /\d+ of 6\d/.test(document.querySelector('.job')?.textContent ?? ''));
  await page.getByRole('button', { name: 'Pause' }).click();
  await until(page, 'it rests', () => /paused/.test(document.querySelector('.job')?.textContent ?? ''));
  await page.getByRole('button', { name: 'Resume' }).click();
  await until(page, 'it ends', () => [...document.querySelectorAll('article h2')].some((title) => title.textContent === 'slow') && !document.querySelector('progress'));
  await until(page, 'all are in', () => /60 pictures/.test(document.body.innerText));
  await page.locator('article').filter({ hasText: '60 pictures' }).getByText('1 skipped file').click();
  await untilText(page, '<b>broken</b>.png');
  await page.locator('article').filter({ hasText: '60 pictures' }).getByRole('link', { name: 'Search' }).click();
  await untilHash(page, /c\/slow\/search/);
  await page.waitForSelector('[data-place="0"]');
  page.wrong = page.wrong.filter((text) => !/404.*\/v1\/collections$/.test(text)); // the folder that was refused
  assert.deepEqual(page.wrong, []);
});

test('a job is cancelled and begun again', async () => {
  await page.goto(`${server.url}/#/collections`);
  await page.getByLabel('Encoder').selectOption('tiny');
  await page.getByLabel('Folder of pictures, its full path').fill(folder('other'));
  await page.getByRole('button', { name: 'Index the folder' }).click();
  await until(page, 'it counts', () => /\d+ of 50/.test(document.querySelector('.job')?.textContent ?? ''));
  await page.getByRole('button', { name: 'Cancel' }).click();
  await until(page, 'nothing runs', () => !document.querySelector('progress'));
  await page.getByText(/ended jobs?$/).click();
  await page.getByRole('button', { name: 'Retry' }).click();
  await until(page, 'all are in', () => /50 pictures/.test(document.body.innerText) && !document.querySelector('progress'));
});

test('a space is made the default one, and another removed after a question', async () => {
  await page.goto('about:blank');
  await page.goto(`${server.url}/#/collections`);
  const card = page.locator('article').first();
  const row = card.locator('tr').filter({ hasText: 'stage1' });
  for (const layer of ['stage1', 'embedding']) {
    await card.locator('tr').filter({ hasText: layer }).getByRole('radio').click();
    await until(page, `${layer} is the default one`, async (wanted) => {
      const { collections } = await (await fetch('v1/collections')).json();
      return collections[0].spaces.find((space) => space.is_default).layer === wanted &&
        [...document.querySelectorAll('tr')].some((line) => line.textContent.includes(wanted) && line.querySelector('input')?.checked);
    }, layer);
  }
  await row.getByRole('button', { name: /^Remove/ }).click();
  await page.getByRole('button', { name: 'Remove the space' }).click();
  await until(page, 'it is gone', () => !document.querySelector('article').textContent.includes('stage1'));
});

test('the first run offers a folder and the demo set, and opens the search', async () => {
  const empty = await serve(['--root', folder('')]);
  const fresh = await open(empty.url, { tour: true });
  await untilText(fresh, 'Search pictures by meaning');
  const demo = fresh.getByRole('button', { name: 'Add the demo set' });
  assert.equal(await demo.count(), existsSync('/usr/share/tuxpaint/stamps') ? 1 : 0);
  await fresh.getByLabel('Folder of pictures, its full path').fill(folder('album'));
  await fresh.getByLabel('Encoder').selectOption('tiny');
  await fresh.getByRole('button', { name: 'Index the folder' }).click();
  await fresh.waitForSelector('[data-place="0"]');
  await fresh.waitForSelector('[role=dialog]'); // the tour
  await fresh.keyboard.press('Escape');
  await fresh.setInputFiles('input[type=file]', { name: 'mine.png', mimeType: 'image/png', buffer: png({ seed: 6 }) });
  await fresh.waitForSelector('[aria-label="Results"] .tile');
  assert.equal(await fresh.locator('[data-place="0"] .picture').getAttribute('title'), 'first.png');
  assert.deepEqual(fresh.wrong, []);
  await fresh.context().close();
  await empty.stop();
});
