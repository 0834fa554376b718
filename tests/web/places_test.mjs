// Where one was: back, reload and links of the header lead there again; the address says it.
import assert from 'node:assert/strict';
import { before, beforeEach, test } from 'node:test';
import { alike, answered, folder, hash, makePets, open, png, put, serve, until, untilHash, untilText } from './support.mjs';

const pets = makePets();
alike('-C', pets, 'map', '--quiet');
alike('-C', pets, 'map', '--method', 'pca', '--quiet');
for (let i = 0; i < 450; ++i) put(`many/p${String(i).padStart(3, '0')}.png`, png({ seed: 2000 + i, hue: i / 9, width: 12, height: 12 }));
alike('index', folder('many'), '--encoder', 'tiny', '--quiet');
const server = await serve([pets, folder('many')]);
const home = `${server.url}/#/c/pets`;

let page;
before(async () => (page = await open(`${home}/search`)));
beforeEach(async () => {
  // A map by PCA places no question, and says so.
  assert.deepEqual(page.wrong.filter((text) => !/415 .*\/tiny\.pca\/place$/.test(text)), []);
  page.wrong = [];
  await page.goto('about:blank');
});

const scrolled = (to) => until(page, `the page is scrolled to ${to}`, (wanted) => Math.abs(scrollY - wanted) < 3, to);

/// Turns the wheel until this picture is drawn and stands still; returns where the page is then.
async function wheelTo(file) {
  await page.mouse.move(900, 500);
  for (let turns = 0; turns < 60 && (await page.locator(`[title="${file}"]`).count()) === 0; ++turns) {
    await page.mouse.wheel(0, 700);
    await page.waitForTimeout(60);
  }
  await page.waitForFunction(() => new Promise((resolve) => {
    const at = scrollY;
    setTimeout(() => resolve(scrollY === at), 200);
  }));
  return page.evaluate(() => scrollY);
}

test('back, forward and a reload return to where the page was scrolled to, below the first pages of pictures', async () => {
  await page.goto(`${server.url}/#/c/many/search`);
  await page.waitForSelector('[data-place="0"]');
  const at = await wheelTo('p399.png');
  assert.ok(at > 5000, String(at));
  const file = await page.evaluate(() => document.elementFromPoint(900, 400).closest('.tile').querySelector('.picture').title);
  await page.mouse.click(900, 400);
  await untilHash(page, /ids=\d+$/);
  await answered(page);
  await scrolled(0);
  await page.goBack();
  await scrolled(at);
  await until(page, 'the keyboard is at the picture that was clicked', (name) => document.activeElement.querySelector('.picture')?.title === name, file);
  await page.goForward();
  await answered(page);
  await scrolled(0);
  await page.goBack();
  await scrolled(at);
  await page.reload();
  await scrolled(at);
});

test('from results back to the result one came from, and to its page from another page', async () => {
  await page.goto(`${server.url}/#/c/many/search?ids=7&fold=0&k=250`);
  await answered(page);
  await page.mouse.move(900, 500);
  await page.mouse.wheel(0, 3000);
  await until(page, 'it is scrolled', () => scrollY > 2500);
  const at = await page.evaluate(() => scrollY);
  await page.mouse.click(900, 400);
  await untilHash(page, /ids=(?!7&)\d+&/);
  await answered(page);
  await page.goBack();
  await scrolled(at);
  await page.getByRole('link', { name: 'Help', exact: true }).click();
  await untilText(page, 'Questions');
  await scrolled(0);
  await page.goBack();
  await scrolled(at);
});

test('the order by label is in the address', async () => {
  await page.goto(`${home}/search`);
  await page.getByRole('button', { name: 'By label' }).click();
  await untilHash(page, /by=label/);
  await page.reload();
  await page.locator('section[aria-label="animals/cats"] button').nth(2).click();
  await untilHash(page, /ids=\d+&by=label/);
  await until(page, 'results by label', () => document.querySelector('[aria-label="Results"] .heading'));
  await page.goBack();
  await page.waitForSelector('section[aria-label="animals/cats"]');
});

test('map, colour, hidden classes, view and selection are in the address, and kept by back, reload and links', async () => {
  await page.goto(`${home}/map`);
  const status = () => page.locator('.map [role=status]').textContent();
  const said = (text) => until(page, `the map says ${text}`, (wanted) => document.querySelector('.map [role=status]')?.textContent.includes(wanted), text);
  await page.waitForSelector('.points[data-map$=".pca"]');
  await page.getByRole('combobox', { name: 'Method' }).selectOption('umap');
  await page.waitForSelector('.points[data-map$=".umap"]');
  await page.getByLabel('Colour by').selectOption('cluster');
  await untilHash(page, /color=cluster/);
  await page.getByLabel('Colour by').selectOption('label');
  await page.getByRole('complementary', { name: 'Legend' }).getByRole('button', { name: /^things\/cups/ }).click();
  await untilHash(page, /hide=things\/cups/);
  await page.getByRole('complementary', { name: 'Legend' }).getByRole('button', { name: /^odd/ }).click();
  await page.locator('.points').click({ position: { x: 5, y: 5 } });
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press(' ');
  await said('1 selected');
  for (let i = 0; i < 3; ++i) await page.keyboard.press('+');
  await untilHash(page, /map=.*umap.*view=/);
  await until(page, 'some are out of view', () => parseInt(document.querySelector('.map [role=status]').textContent) < 36);
  await page.waitForTimeout(300); // the view comes to rest
  const [address, before] = [await hash(page), (await status()).split('selected')[0]];
  const kept = async () => {
    await page.waitForSelector('.points[data-map$=".umap"]');
    await said(before);
    await until(page, 'the address is the same', (wanted) => decodeURIComponent(location.hash) === wanted, address);
    assert.equal(await page.locator('aside[aria-label=Legend] [aria-pressed=false]').count(), 2);
  };
  await page.reload();
  await kept();
  await page.getByRole('link', { name: 'Help', exact: true }).click();
  await untilText(page, 'Questions');
  await page.goBack();
  await kept();
  const other = await open(page.url());
  await until(other, 'a link shows the same', (wanted) => document.querySelector('.map [role=status]')?.textContent.includes(wanted), before);
  await other.context().close();
});

test('a method without a map is in the address too', async () => {
  await page.goto(`${home}/map`);
  await page.waitForSelector('.points[data-renderer]');
  await page.getByRole('combobox', { name: 'Method' }).selectOption('tsne');
  await untilHash(page, /method=tsne/);
  await page.reload();
  await untilText(page, 'There is no t-SNE map');
});

test('links of the header and keys keep the question', async () => {
  await page.goto(`${home}/search?ids=3&k=25&where=width+%3E+3`);
  await answered(page);
  const link = (name) => page.getByRole('navigation').getByRole('link', { name, exact: true });
  const asked = /ids=3&k=25&where=width\+>\+3/;
  await link('Map').click();
  await untilHash(page, new RegExp(`map\\?${asked.source}`));
  await link('Help').click();
  await untilHash(page, /help/);
  await link('Compare').click();
  await untilHash(page, new RegExp(`compare\\?${asked.source}`));
  await page.keyboard.press('g');
  await page.keyboard.press('s');
  await untilHash(page, new RegExp(`search\\?${asked.source}`));
  await answered(page);
  await page.getByRole('button', { name: 'Clear' }).click();
  await link('Map').click();
  await until(page, 'a question that was cleared is gone', () => /map(\?(?!ids)|$)/.test(location.hash) && !location.hash.includes('ids='));
});

test('the address of a page without its collection opens that page', async () => {
  for (const [name, shows] of [['map', '.points[data-renderer]'], ['compare', '[aria-label="Side by side"]'], ['encoders', 'tbody tr']]) {
    await page.goto('about:blank');
    await page.goto(`${server.url}/#/${name}`);
    await page.waitForSelector(shows);
    await untilHash(page, new RegExp(`#/c/pets/${name}`));
  }
  const empty = await serve([]);
  const fresh = await open(`${empty.url}/#/encoders`);
  await fresh.waitForSelector('tbody tr');
  await fresh.context().close();
  await empty.stop();
});

test('back closes a dialog, and a dialog that was closed otherwise is no step back', async () => {
  await page.goto(`${home}/search`);
  await page.waitForSelector('[data-place="0"]');
  await page.goto(`${home}/search?ids=3`);
  await answered(page);
  const steps = () => page.evaluate(() => history.length);
  const closed = () => until(page, 'no dialog, the same page', () => !document.querySelector('dialog[open]') && location.hash.endsWith('?ids=3'));
  for (const close of [() => page.goBack(), () => page.keyboard.press('Escape'), () => page.getByRole('button', { name: 'Close' }).click()]) {
    await page.keyboard.press('/');
    await page.keyboard.press('ArrowDown');
    await until(page, 'a picture has the focus', () => document.activeElement.dataset.place !== undefined);
    await page.keyboard.press(' ');
    await page.waitForSelector('dialog[open] dl');
    await close();
    await closed();
  }
  assert.ok((await steps()) > 1);
  await page.keyboard.press('?');
  await page.waitForSelector('dialog[open]');
  await page.goBack();
  await closed();
  await page.goBack();
  await until(page, 'one more step back leaves the question', () => /search$/.test(location.hash));
  await page.goForward();
  await answered(page);
  await page.getByRole('button', { name: 'Details' }).first().click();
  await page.waitForSelector('dialog[open] dl');
  await page.locator('dialog [aria-label="Similar pictures"] button').first().click();
  await page.getByRole('button', { name: 'Find similar' }).click();
  await untilHash(page, /ids=(?!3$)\d+$/);
  await page.goBack();
  await closed();
  assert.deepEqual(page.wrong, []);
});
