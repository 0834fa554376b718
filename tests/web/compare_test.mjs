// Spaces side by side, every space by every measure, and the encoders with their layers.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { alike, folder, makePets, open, png, put, serve, until, untilHash, untilText } from './support.mjs';

for (let i = 0; i < 6; ++i) put(`flat/p${i}.png`, png({ seed: i + 1 }));
alike('index', folder('flat'), '--encoder', 'tiny', '--quiet');
const server = await serve([makePets(), folder('flat')]);
const home = `${server.url}/#/c/pets`;
const { id } = await (await fetch(`${server.url}/v1/collections/pets/random`)).json();
const spaces = async () => (await (await fetch(`${server.url}/v1/collections/pets`)).json()).spaces;

let page;
before(async () => (page = await open(`${home}/compare?ids=${id}`)));

test('one question in two spaces: equal pictures are joined, others marked', async () => {
  await until(page, 'two answers', () => document.querySelectorAll('[aria-label="Side by side"] ol').length === 2);
  await until(page, 'joined or alone', () => document.querySelectorAll('ol li').length === 30 &&
    [...document.querySelectorAll('ol li button')].every((button) => button.classList.contains('lone') !== !!button.querySelector('.tie')));
  await page.locator('[aria-label="Side by side"] ol button').nth(3).click();
  await untilHash(page, /compare\?ids=\d+/);
});

test('a layer is added as a space from the encoders', async () => {
  const count = (await spaces()).length;
  await page.goto(`${home}/encoders/tiny`);
  await page.getByRole('button', { name: 'Add stage1 as a space' }).click();
  await until(page, 'it is there', (wanted) => document.querySelectorAll('tbody a.button').length === wanted, count + 1);
  assert.equal((await spaces()).length, count + 1);
});

test('a comparison makes the matrix with intervals, and a bar for every query', async () => {
  await page.goto(`${home}/compare`);
  await page.getByRole('button', { name: 'Compare all spaces' }).click();
  await page.locator('td.best').first().waitFor({ timeout: 60_000 });
  const table = await page.getByRole('region', { name: 'Matrix of spaces and measures' }).innerText();
  for (const word of ['MAP@R', 'Recall@1', 'Search score', 'stage2', 'embedding', ' to ']) assert.ok(table.includes(word), `${word} in ${table}`);
  await until(page, 'bars for each space', () => document.querySelectorAll('figure svg').length >= 2 && document.querySelectorAll('figure')[0].querySelectorAll('rect').length >= 60);
  await untilText(page, 'mean ');
  await page.getByRole('slider', { name: /^Queries in/ }).first().press('ArrowRight');
  await until(page, 'the query of a bar is shown', () => document.querySelector('.pointed img'));
});

test('a collection without labels says so instead of offering a comparison', async () => {
  await page.goto(`${server.url}/#/c/flat/compare`);
  await untilText(page, 'These pictures have no labels');
  assert.equal(await page.getByRole('button', { name: 'Compare all spaces' }).count(), 0);
});

test('a cell adopts its space', async () => {
  await page.goto(`${home}/compare`);
  const before = (await spaces()).find((space) => space.is_default).name;
  await page.locator('button.value').first().click();
  await page.getByRole('button', { name: 'Make it the default' }).click();
  await until(page, 'the question is answered', () => !document.querySelector('dialog[open]'));
  await until(page, 'another space is the default', async (name) =>
    (await (await fetch('v1/collections/pets')).json()).spaces.find((space) => space.is_default).name !== name, before);
});

test('an encoder shows its layers with shape, cost and score; each has a link', async () => {
  await page.goto(`${home}/encoders/tiny`);
  await page.locator('tbody tr').first().waitFor();
  const text = await page.getByRole('region', { name: 'Table of layers' }).innerText();
  for (const word of ['stage1', 'stage2', 'embedding', '%', '×']) assert.ok(text.includes(word), `${word} in ${text}`);
  await until(page, 'scores stand at the layers that have a space', () => document.querySelectorAll('tbody td b').length >= 2);
  await page.getByRole('link', { name: 'stage2', exact: true }).click();
  await untilHash(page, /encoders\/tiny\/stage2$/);
  await page.waitForSelector('tr.linked');
  await page.reload();
  await page.waitForSelector('tr.linked');
});

test('an encoder that does not exist is told of', async () => {
  await page.goto(`${home}/encoders/nothing`);
  await page.waitForSelector('[role=alert]');
  page.wrong = page.wrong.filter((text) => !/encoders\/nothing/.test(text));
  assert.deepEqual(page.wrong, []);
});
