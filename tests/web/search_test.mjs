// The search page as people use it: by keys alone, by their own pictures, by regions, filters, examples.
import assert from 'node:assert/strict';
import { before, beforeEach, test } from 'node:test';
import { answered, hash, makePets, open, png, serve, titles, until, untilHash, untilText } from './support.mjs';

const server = await serve([makePets()]);
const home = `${server.url}/#/c/pets/search`;
const all = (await (await fetch(`${server.url}/v1/collections/pets/items?limit=1000`)).json()).items;
const idOf = (path) => all.find((item) => item.path === path).id;
const cat = idOf('animals/cats/p0.png');

const bytesOf = (seed) => [...png({ seed, hue: 0 })];

let page;
before(async () => (page = await open(home)));
beforeEach(async () => {
  assert.deepEqual(page.wrong, []);
  await page.goto('about:blank');
  await page.goto(home);
  await page.waitForSelector('[data-place="0"]');
});

/// Waits until the keyboard is at this place of the grid `name`, and the grid is the answer of now.
const standsAt = (place, name = 'Results') => until(page, `the keyboard is at ${place} of ${name}`, ([where, grid]) =>
  document.activeElement.dataset.place === String(where) && document.activeElement.closest('[role=grid]')?.ariaLabel === grid &&
  !document.querySelector('[aria-busy=true]'), [place, name]);

// No `.focus()` in these tests: only keys move the focus.
test('by keys alone: box, grid, asking again, examples, a close look, back', async () => {
  await page.keyboard.press('/');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'search-text');
  await page.keyboard.type(`id:${cat}`);
  await page.keyboard.press('Enter');
  await untilHash(page, new RegExp(`ids=${cat}$`));
  await answered(page);
  await page.keyboard.press('ArrowDown');
  await standsAt(0);
  await page.keyboard.press('ArrowRight');
  await standsAt(1);
  await page.keyboard.press('l');
  await standsAt(2);
  await page.keyboard.press('h');
  await standsAt(1);
  await page.keyboard.press('End');
  await until(page, 'End goes to the last', () => Number(document.activeElement.dataset.place) === document.querySelectorAll('[aria-label="Results"] .tile').length - 1);
  await page.keyboard.press('Home');
  await standsAt(0);
  await page.keyboard.press('ArrowRight');
  await standsAt(1);
  await page.keyboard.press('+');
  await untilHash(page, new RegExp(`ids=${cat},\\d+`));
  await standsAt(1);
  await page.goBack();
  await untilHash(page, new RegExp(`ids=${cat}$`));
  await standsAt(1);
  await page.keyboard.press('-');
  await untilHash(page, /not=\d+/);
  await standsAt(1);
  await page.goBack();
  await untilHash(page, new RegExp(`ids=${cat}$`));
  await standsAt(1);
  await page.keyboard.press(' ');
  await page.waitForSelector('dialog[open] dl');
  const first = await page.locator('dialog h2').textContent();
  await page.keyboard.press('ArrowRight');
  await until(page, 'an arrow shows the next picture', (text) => document.querySelector('dialog h2').textContent !== text, first);
  await page.waitForSelector('dialog[open] [aria-label="Similar pictures"] img');
  await page.keyboard.press('Escape');
  await until(page, 'Esc closes', () => !document.querySelector('dialog[open]'));
  await standsAt(1);
  await page.keyboard.press('Enter');
  await untilHash(page, new RegExp(`ids=(?!${cat}$)\\d+$`));
  await standsAt(0);
  await page.keyboard.press('ArrowRight');
  await standsAt(1);
  await page.goBack();
  await untilHash(page, new RegExp(`ids=${cat}$`));
  await page.keyboard.press('?');
  await untilText(page, 'Keyboard shortcuts');
  await page.keyboard.press('Escape');
  await until(page, 'the list is gone', () => !document.querySelector('dialog[open]'));
  await page.keyboard.press('g');
  await page.keyboard.press('c');
  await untilHash(page, /compare/);
});

test('by keys alone: from all pictures into their results, from a close look, from the query back to the box', async () => {
  await page.keyboard.press('/');
  await page.keyboard.press('ArrowDown');
  await standsAt(0, 'Pictures');
  await page.keyboard.press('ArrowRight');
  await standsAt(1, 'Pictures');
  await page.keyboard.press('Enter');
  await untilHash(page, /ids=\d+$/);
  await standsAt(0);
  await page.keyboard.press(' ');
  await page.waitForSelector('dialog[open] dl');
  for (let tabs = 0; tabs < 5 && !/Find similar/.test(await page.evaluate(() => document.activeElement.textContent)); ++tabs) await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await until(page, 'the close look ends', () => !document.querySelector('dialog[open]'));
  await standsAt(0);
  await page.keyboard.press('Escape');
  for (let tabs = 0; tabs < 30 && (await page.evaluate(() => document.activeElement.textContent)) !== 'Clear'; ++tabs) await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await until(page, 'the box is where one goes on', () => document.activeElement.id === 'search-text' && !location.hash.includes('ids'));
});

test('the second of the first links leads to the pictures, wherever the page was scrolled to', async () => {
  await page.mouse.move(900, 500);
  await page.mouse.wheel(0, 20_000);
  await until(page, 'the first picture is not drawn', () => !document.querySelector('[data-place="0"]'));
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  assert.match(await page.evaluate(() => document.activeElement.textContent), /Skip to the pictures/);
  await page.keyboard.press('Enter');
  await standsAt(0, 'Pictures');
});

test('the tour can be walked by keys, and comes once', async () => {
  const fresh = await open(home, { tour: true });
  await fresh.waitForSelector('[role=dialog]');
  for (let steps = 0; steps < 10 && (await fresh.locator('[role=dialog]').count()) > 0; ++steps) {
    await fresh.locator('[role=dialog] .main').press('Enter');
    await fresh.waitForTimeout(50);
  }
  await until(fresh, 'it ends', () => !document.querySelector('[role=dialog]'));
  await fresh.reload();
  await fresh.waitForSelector('[data-place="0"]');
  await fresh.waitForTimeout(600);
  assert.equal(await fresh.locator('[role=dialog]').count(), 0);
  assert.deepEqual(fresh.wrong, []);
  await fresh.context().close();
});

test('results have rank, score, distance, label and the mark of an equal label', async () => {
  await page.goto(`${home}?ids=${cat}&fold=0`);
  await answered(page);
  const tile = page.locator('[data-place="0"]');
  assert.match(await tile.innerText(), /1\s+\d\.\d{3}\s+d \d\.\d{3}\s+animals\/cats\s+✓/);
  await untilText(page, 'above the relevance line');
  await untilText(page, 'Search score');
  await until(page, 'the line is drawn', () => /relevance line/i.test(document.querySelector('[role=grid] .divider')?.textContent ?? ''));
});

test('a file that is chosen is found, by itself first, and again after a reload', async () => {
  await page.setInputFiles('input[type=file]', { name: 'mine.png', mimeType: 'image/png', buffer: png({ seed: 1, hue: 0 }) });
  await untilHash(page, /own=\w+/);
  await answered(page);
  assert.match((await titles(page))[0], /^animals\/cats\/(p0|twin\d)\.png$/);
  await untilText(page, 'mine.png');
  await page.reload();
  await answered(page);
});

test('several files are asked for together', async () => {
  await page.setInputFiles('input[type=file]', [1, 2, 3].map((seed) => ({ name: `m${seed}.png`, mimeType: 'image/png', buffer: png({ seed, hue: 0 }) })));
  await untilHash(page, /own=\w+,\w+,\w+/);
  await answered(page);
});

test('a picture that is dropped anywhere is found', async () => {
  await page.evaluate((bytes) => {
    const data = new DataTransfer();
    data.items.add(new File([new Uint8Array(bytes)], 'dropped.png', { type: 'image/png' }));
    const send = (type) => document.body.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
    send('dragenter');
    window.sendDrop = () => send('drop');
  }, bytesOf(1));
  await untilText(page, 'Drop to search by it');
  await page.evaluate(() => window.sendDrop());
  await untilHash(page, /own=\w+/);
  await answered(page);
  assert.match((await titles(page))[0], /^animals\/cats/);
});

test('a picture that is pasted is found', async () => {
  await page.evaluate((bytes) => {
    const data = new DataTransfer();
    data.items.add(new File([new Uint8Array(bytes)], 'pasted.png', { type: 'image/png' }));
    window.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, cancelable: true }));
  }, bytesOf(1));
  await untilHash(page, /own=\w+/);
  await answered(page);
});

test('the camera is started by hand and gives a picture', async () => {
  await page.getByRole('button', { name: 'Camera' }).click();
  await page.getByRole('button', { name: 'Start the camera' }).click();
  await page.getByRole('button', { name: 'Take the picture' }).click();
  await untilHash(page, /own=\w+/);
  await answered(page);
});

test('an address is fetched by the browser', async () => {
  const address = 'https://pictures.example/cat.png';
  await page.route(address, (route) => route.fulfill({ body: png({ seed: 1, hue: 0 }), contentType: 'image/png', headers: { 'Access-Control-Allow-Origin': '*' } }));
  await page.locator('#search-text').fill(address);
  await page.keyboard.press('Enter');
  await untilHash(page, /own=\w+/);
  await answered(page);
  await page.locator('#search-text').fill('cat.png');
  await page.keyboard.press('Enter');
  await untilText(page, 'Type the address of a picture');
});

test('a region is moved by keys and by the mouse, and goes with its picture', async () => {
  await page.goto(`${home}?ids=${cat}`);
  await answered(page);
  await page.getByRole('button', { name: 'Region', exact: true }).click();
  await untilHash(page, /region=0.25,0.25,0.5,0.5/);
  await page.getByRole('button', { name: 'Edge of the region: left', exact: true }).press('ArrowRight');
  await untilHash(page, /region=0.26,0.25,0.49,0.5/);
  const box = await page.getByRole('group', { name: 'Region of the picture' }).boundingBox();
  const corner = await page.getByRole('button', { name: 'Edge of the region: bottom right' }).boundingBox();
  await page.mouse.move(corner.x + corner.width / 2, corner.y + corner.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + 0.9 * box.width, box.y + 0.9 * box.height, { steps: 4 });
  await page.mouse.up();
  await untilHash(page, /region=0.26,0.25,0.6[345]/);
  await answered(page);
  await page.locator('[data-place="2"] .picture').click();
  await until(page, 'another picture has no region', () => !location.hash.includes('region'));
});

test('filters, by label, path, size; none fits', async () => {
  await page.goto(`${home}?ids=${cat}`);
  await answered(page);
  await page.locator('.filters').getByText('things', { exact: true }).click();
  await untilHash(page, /where=label \+?=|where=/);
  await until(page, 'only things are left', () => {
    const tiles = [...document.querySelectorAll('[aria-label="Results"] .tile .picture')];
    return tiles.length > 0 && tiles.every((tile) => tile.title.startsWith('things/'));
  });
  await page.getByLabel('Path contains').fill('p1');
  await until(page, 'and p1', () => {
    const tiles = [...document.querySelectorAll('[aria-label="Results"] .tile .picture')];
    return tiles.length > 0 && tiles.every((tile) => /p1\d?\.png$/.test(tile.title));
  });
  await page.getByLabel('At least wide, px').fill('5000');
  await untilText(page, 'No picture fits these filters');
  await page.getByRole('button', { name: 'No filters' }).click();
  await until(page, 'all is back', () => !location.hash.includes('where') && document.querySelectorAll('[aria-label="Results"] .tile').length > 3);
});

test('number of results, folding, order by label, space', async () => {
  await page.goto(`${home}?ids=${cat}`);
  await answered(page);
  await page.getByRole('slider').first().press('Home');
  await untilHash(page, /k=10/);
  await until(page, 'at most ten', () => document.querySelectorAll('[aria-label="Results"] .tile').length <= 10);
  const folded = page.locator('.folded').first();
  await folded.click();
  await until(page, 'near-duplicates are shown', () => document.querySelector('.tile.twin'));
  await page.getByLabel('Fold near-duplicates').uncheck();
  await untilHash(page, /fold=0/);
  await until(page, 'nothing is folded', () => !document.querySelector('.folded'));
  await page.getByRole('button', { name: 'By label' }).click();
  await until(page, 'labels are headings', () => document.querySelector('[role=grid] .heading'));
  await page.locator('[data-tour="space"]').selectOption({ index: 2 });
  await untilHash(page, /space=/);
  await answered(page);
});

test('random, and all labels with their pictures', async () => {
  await page.getByRole('button', { name: 'Random' }).click();
  await untilHash(page, /ids=\d+/);
  await answered(page);
  await page.getByRole('button', { name: 'Clear' }).click();
  await page.getByRole('button', { name: 'By label' }).click();
  await until(page, 'each label has a shelf', () => document.querySelectorAll('section[aria-label="animals/cats"] img').length > 3);
  await page.getByRole('button', { name: 'animals/dogs', exact: true }).click();
  await untilHash(page, /where=.*animals\/dogs/);
});

test('a link shows what it showed, and the detail says what is known', async () => {
  await page.goto(`${home}?ids=${cat}&k=25&fold=0`);
  await answered(page);
  const before = await titles(page);
  const other = await open(page.url());
  await answered(other);
  assert.deepEqual(await titles(other), before);
  await other.context().close();
  await page.getByRole('button', { name: 'Details' }).first().click();
  await page.waitForSelector('dialog[open] dl');
  const said = await page.locator('dialog dl').innerText();
  for (const part of ['animals/cats', '48 × 36 px', 'p0.png']) assert.ok(said.includes(part), said);
  assert.equal(await hash(page), `#/c/pets/search?ids=${cat}&k=25&fold=0`);
});
