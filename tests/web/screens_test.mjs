// Screens of other kinds: forced colours, and twice the density.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alike, answered, makePets, open, serve, until } from './support.mjs';

const pets = makePets();
alike('-C', pets, 'map', '--quiet');
const server = await serve([pets]);
const home = `${server.url}/#/c/pets`;
const colorOf = (page, selector, property = 'background-color') => page.locator(selector).first().evaluate((element, name) => getComputedStyle(element).getPropertyValue(name), property);

// The first class of each palette (web/src/map/palette.ts), and the surface of the system that it is made for.
for (const [colorScheme, first] of [['light', 'rgb(0, 114, 178)'], ['dark', 'rgb(86, 180, 233)']]) {
  test(`forced colours, ${colorScheme}: the palette fits the surface, states and bars are seen`, async () => {
    const page = await open(`${home}/map`, { forcedColors: 'active', colorScheme });
    await page.waitForSelector('.points[data-renderer]');
    const surface = await colorOf(page, 'body');
    const light = await page.evaluate((color) => color.match(/\d+/g).slice(0, 3).every((value) => value > 128), await colorOf(page, 'html'));
    assert.equal(light, colorScheme === 'light', surface);
    const colors = await page.locator('aside[aria-label=Legend] svg').evaluateAll((swatches) => swatches.map((swatch) => getComputedStyle(swatch).fill));
    assert.ok(colors.includes(first), `${first} is not among ${colors}`);
    await page.getByRole('button', { name: 'Lasso (l)' }).click();
    assert.notEqual(await colorOf(page, '.tools [aria-pressed=true]'), await colorOf(page, '.tools [aria-label^="Zoom in"]'));
    assert.notEqual(await colorOf(page, 'nav [aria-current=page]'), await colorOf(page, 'nav a:not([aria-current])'));
    await page.goto(`${home}/search?ids=3&fold=0`);
    await answered(page);
    assert.notEqual(await colorOf(page, '.score .filled'), await colorOf(page, '.score .bar'));
    assert.notEqual(await colorOf(page, '.options [aria-pressed=true]'), await colorOf(page, '.options [aria-pressed=false]'));
    assert.deepEqual(page.wrong, []);
    if (process.env.ALIKE_LOOK) await page.screenshot({ path: `${process.env.ALIKE_LOOK}/forced-${colorScheme}.png` });
    await page.context().close();
  });
}

test('on a screen of twice the density a tile has as many pixels as it shows', async () => {
  for (const [deviceScaleFactor, size] of [[1, 256], [2, 512]]) {
    const page = await open(`${home}/search?ids=3`, { deviceScaleFactor });
    await answered(page);
    await until(page, `tiles of ${size}`, (wanted) => {
      const shown = [...document.querySelectorAll('[aria-label="Results"] .tile img')];
      return shown.length > 0 && shown.every((image) => image.complete && new URL(image.currentSrc).searchParams.get('size') === String(wanted));
    }, size);
    assert.ok(page.asked.every((url) => !url.includes('thumbnail?') || new URL(url).searchParams.get('size') === String(size) || /size=(64|1024)/.test(url)), 'nothing is loaded twice');
    assert.deepEqual(page.wrong, []);
    await page.context().close();
  }
});
