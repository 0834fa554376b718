// The map page: made by its button, seen, walked by keys, selected, narrowed, taken from layer to layer.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { makePets, open, serve, until, untilHash, untilText } from './support.mjs';

const server = await serve([makePets()]);
const home = `${server.url}/#/c/pets/map`;
const all = (await (await fetch(`${server.url}/v1/collections/pets/items?limit=1000`)).json()).items;

let page;
before(async () => (page = await open(home)));

/// How many pixels of a canvas are painted.
const painted = (selector) => page.locator(selector).evaluate((canvas) => {
  const copy = document.createElement('canvas');
  [copy.width, copy.height] = [canvas.width, canvas.height];
  const context = copy.getContext('2d');
  context.drawImage(canvas, 0, 0);
  const { data } = context.getImageData(0, 0, copy.width, copy.height);
  let count = 0;
  for (let i = 3; i < data.length; i += 4) if (data[i] > 0) count += 1;
  return count;
});
const inView = (count) => until(page, `${count} pictures are in view`, (wanted) =>
  document.querySelector('.map [role=status]')?.textContent.includes(`${wanted} of `), String(count));
/// Waits for the points of a map, not only for its name in the menu.
const shown = (end) => page.waitForSelector(`.points[data-map$="${end}"]`);
const said = () => page.locator('.map [role=status]').textContent();

test('without a map one is made by a button', async () => {
  await untilText(page, 'No map yet');
  await page.getByRole('button', { name: 'Make a map' }).click();
  await page.waitForSelector('.points[data-renderer]');
  await inView(all.length);
});

test('its points are drawn, and its figures told', async () => {
  assert.ok((await painted('.points')) > 200);
  await untilText(page, 'Trustworthiness');
  await untilText(page, 'Neighbours kept');
});

test('another method is chosen, and its map made where there is none', async () => {
  const method = page.getByRole('combobox', { name: 'Method' });
  assert.equal(await method.inputValue(), 'umap');
  for (const kind of ['pca', 'tsne']) {
    await method.selectOption(kind);
    await page.getByRole('button', { name: 'Make the map' }).click();
    await shown(`.${kind}`);
    await inView(all.length);
  }
  await method.selectOption('umap');
  await shown('.umap');
  await inView(all.length);
});

test('keys: arrows to a picture, Space selects, + and 0 zoom, Esc clears', async () => {
  await page.locator('.points').focus();
  await page.keyboard.press('ArrowRight');
  await until(page, 'a picture is named', () => /picture \d+/.test(document.querySelector('.map [role=status]').textContent));
  const named = new Set([await said()]);
  for (const key of ['ArrowLeft', 'ArrowUp', 'ArrowDown', 'ArrowRight']) {
    await page.keyboard.press(key);
    named.add(await said());
  }
  assert.ok(named.size > 1, [...named].join('\n'));
  await page.waitForSelector('.map .card img');
  await page.keyboard.press(' ');
  await until(page, 'one is selected', () => document.querySelector('.map [role=status]').textContent.includes('1 selected'));
  await untilText(page, 'Selected (1)');
  await page.keyboard.press('Escape');
  await until(page, 'none is selected', () => document.querySelector('.map [role=status]').textContent.includes('0 selected'));
  for (let i = 0; i < 6; ++i) await page.keyboard.press('+');
  await until(page, 'fewer are in view', (count) => parseInt(document.querySelector('.map [role=status]').textContent) < count, all.length);
  await page.keyboard.press('0');
  await inView(all.length);
});

test('a lasso selects what is inside', async () => {
  const box = await page.locator('.points').boundingBox();
  await page.locator('.points').focus();
  await page.keyboard.press('l');
  await page.mouse.move(box.x + 4, box.y + 4);
  await page.mouse.down();
  for (const [x, y] of [[0.99, 0.01], [0.99, 0.99], [0.01, 0.99], [0.01, 0.02]]) await page.mouse.move(box.x + x * box.width, box.y + y * box.height, { steps: 3 });
  await page.mouse.up();
  await untilText(page, `Selected (${all.length})`);
  await page.keyboard.press('Escape');
  await untilText(page, `In view (${all.length})`);
});

test('the legend hides a label, shows one alone, and all again', async () => {
  const cups = all.filter((item) => item.label === 'things/cups').length;
  const legend = page.getByRole('complementary', { name: 'Legend' });
  await until(page, 'names and counts can be read', () => [...document.querySelectorAll('aside[aria-label=Legend] .count')].every((count) =>
    count.getBoundingClientRect().right <= count.closest('aside').getBoundingClientRect().right));
  await legend.getByRole('button', { name: /^things\/cups/ }).click();
  await inView(all.length - cups);
  await legend.getByRole('button', { name: 'Show all' }).click();
  await legend.getByRole('button', { name: 'Only things/cups' }).click();
  await inView(cups);
  await legend.getByRole('button', { name: 'Show all' }).click();
  await inView(all.length);
});

test('colours by cluster, trust and date', async () => {
  for (const by of ['cluster', 'trust', 'added', 'label']) {
    await page.getByLabel('Colour by').selectOption(by);
    await inView(all.length);
    assert.ok((await painted('.points')) > 200, by);
  }
});

test('the layers have aligned maps and a slider that goes through them', async () => {
  await page.getByRole('button', { name: 'Map the other layers too' }).click();
  const offer = page.getByRole('button', { name: 'Go from layer to layer' });
  const slider = page.getByRole('slider', { name: 'Layer, from input to output' });
  await slider.or(offer).first().waitFor();
  if (await offer.isVisible()) await offer.click();
  await slider.waitFor();
  const chosen = async () => page.getByRole('combobox', { name: 'Map' }).inputValue();
  await slider.press('Home');
  await until(page, 'the first layer is shown', () => /^tiny.*stage2.*\.layers\.umap$/.test(document.querySelector('.explorer select').value));
  const first = await chosen();
  await slider.press('End');
  await until(page, 'the last layer is shown', (name) => document.querySelector('.explorer select').value !== name, first);
  await inView(all.length);
  assert.match(await slider.getAttribute('aria-valuetext'), /embedding, label accuracy/);
});

test('a question is placed, with lines to its neighbours', async () => {
  await page.goto('about:blank');
  await page.goto(home);
  await page.waitForSelector('.points[data-renderer]');
  await inView(all.length);
  assert.equal(await painted('.marks'), 0);
  const placed = page.waitForResponse((response) => response.url().endsWith('/place'));
  await page.goto(`${home}?ids=${all[0].id}`);
  assert.equal((await placed).status(), 200);
  await until(page, 'its mark is drawn', () => {
    const canvas = document.querySelector('.marks');
    return canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some((value) => value > 0);
  });
});

test('Enter on a picture, or the list, searches for what is like it', async () => {
  await page.locator('.points').focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await untilHash(page, /search\?ids=\d+/);
  await page.goBack();
  await untilHash(page, /map/);
  await page.getByRole('button', { name: /^Find pictures similar to picture/ }).first().click();
  await untilHash(page, /search\?ids=\d+/);
  assert.deepEqual(page.wrong, []);
});
