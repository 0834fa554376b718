// The page that `alike map --out map.html` writes, opened from the disk: seen, searched, walked by keys, narrowed.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { alike, folder, makePets, open, png, put, until, untilText, violations } from './support.mjs';

const pets = makePets([]);
const hostile = 'x</script><img src=x onerror=alert(1)>.png'; // a folder and a file
[hostile, '<svg onload=alert(2)>/\u2028\u2029.png', '<!--<script>alert(3)/\u202ecod.exe\u2066\u200f.png'].forEach((path, i) =>
  put(`pets/${path}`, png({ seed: 700 + i, hue: i })));
alike('index', pets, '--encoder', 'tiny', '--quiet');
alike('-C', pets, 'map', '--out', folder('map.html'), '--quiet');
const home = pathToFileURL(folder('map.html')).href;
const written = readFileSync(folder('map.html'), 'utf8');
const [, before_data, text, after_data] = /^([^]*<script id="data"[^>]*>)([^]*?)(<\/script>[^]*)$/.exec(written);
const data = JSON.parse(text);

/// A page with other data, opened.
async function other(name, changes, options) {
  put(name, before_data + JSON.stringify({ ...data, ...changes }).replaceAll('<', '\\u003c') + after_data);
  return open(pathToFileURL(folder(name)).href, options);
}

const drawn = (page) => page.waitForSelector('.points[data-renderer][data-share]');
const pixels = () => page.locator('.points').evaluate((canvas) => canvas.toDataURL());
/// Waits until the points look so, or no longer so.
const look = (what, like, wanted = true) => until(page, what, ([before, same]) =>
  (document.querySelector('.points').toDataURL() === before) === same, [like, wanted]);
/// How many pixels of the points are painted.
const painted = () => page.locator('.points').evaluate((canvas) => {
  const context = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d');
  context.drawImage(canvas, 0, 0);
  const { data: bytes } = context.getImageData(0, 0, canvas.width, canvas.height);
  let count = 0;
  for (let i = 3; i < bytes.length; i += 4) if (bytes[i] > 0) count += 1;
  return count;
});
/// How the points look once they move no more.
async function settled() {
  for (let before = ''; ;) {
    const now = await page.evaluate(() => new Promise((resolve) => setTimeout(() => resolve(document.querySelector('.points').toDataURL()), 300)));
    if (now === before) return now;
    before = now;
  }
}
const search = () => page.getByRole('searchbox', { name: 'Search names' });
const card = () => page.locator('.map .card');

let page;
before(async () => {
  page = await open(home);
  await drawn(page);
});

for (const width of [1280, 390]) {
  test(`it is whole by itself at ${width} px, light and dark`, async () => {
    const own = await open(home, { width, colorScheme: 'light' });
    await drawn(own);
    const grounds = new Set();
    for (const colorScheme of ['light', 'dark']) {
      await own.emulateMedia({ colorScheme });
      await until(own, 'the colours follow', (wanted) => !!document.querySelector('.points') && matchMedia(`(prefers-color-scheme: ${wanted})`).matches, colorScheme);
      assert.deepEqual(await violations(own), [], `${width} px, ${colorScheme}`);
      grounds.add(await own.evaluate(() => getComputedStyle(document.documentElement).backgroundColor));
    }
    assert.equal(grounds.size, 2);
    assert.equal(await own.evaluate(() => { scrollBy(1000, 1000); return scrollX + scrollY; }), 0, 'it scrolls');
    assert.deepEqual(own.asked.filter((url) => !url.startsWith('data:')), [home]);
    assert.deepEqual(own.wrong, []);
    await own.context().close();
  });
}

test('its title and remarks are told', async () => {
  assert.equal(await page.title(), await page.getByRole('heading', { level: 1 }).textContent());
  assert.match(await page.title(), /by umap, \d+ pictures/);
  assert.match(await page.locator('footer').textContent(), /near means alike.*trustworthiness 0\./s);
});

test('a search finds names, lists them and lets them stand out', async () => {
  const plain = await pixels();
  await search().fill(' CATS/p1');
  const cats = data.names.filter((name) => name.toLowerCase().includes('cats/p1'));
  await untilText(page, `${cats.length} found`);
  const list = page.getByRole('complementary').getByRole('button', { name: 'cats/p1' });
  assert.deepEqual((await list.allTextContents()).map((name) => name.trim()), cats);
  await look('the others are dimmed', plain, false);
  await list.nth(1).click();
  await card().getByText(cats[1]).waitFor();
  await card().locator('img').waitFor();
  assert.match(await card().textContent(), /animals\/cats$/);
  await search().fill('no such name');
  await untilText(page, 'nothing found');
  assert.equal(await list.count(), 0);
  await search().fill('');
});

test('Enter goes from one found picture to the next, and round', async () => {
  await search().fill('twin');
  const twins = data.names.filter((name) => name.includes('twin'));
  for (const name of [...twins, twins[0]]) {
    await search().press('Enter');
    await card().getByText(name).waitFor();
  }
  await page.locator('.points').focus();
  await page.keyboard.press('Enter');
  await card().getByText(twins[1]).waitFor();
  await search().fill('');
  await page.locator('.points').press('Escape');
  await card().waitFor({ state: 'detached' });
});

test('keys: arrows go from picture to picture, with Shift they move the map, + − 0 zoom', async () => {
  const map = page.locator('.points');
  await map.press('0');
  await map.press('ArrowRight');
  await card().waitFor();
  const said = () => page.locator('.map [role=status]').textContent();
  const told = new Set();
  for (const key of ['ArrowLeft', 'ArrowUp', 'ArrowDown', 'ArrowRight']) {
    await map.press(key);
    told.add(await said());
    assert.ok(data.names.some((name) => [...told].at(-1).startsWith(name)), [...told].at(-1));
  }
  assert.ok(told.size > 1, [...told].join('\n'));
  await map.press('Escape');
  await card().waitFor({ state: 'detached' });
  const whole = await settled();
  for (const keys of [['+'], ['-'], ['Shift+ArrowLeft']]) {
    for (const key of keys) await map.press(key);
    await look(`${keys} moves the map`, whole, false);
    await map.press('0');
    await look('0 shows all', whole);
  }
});

test('buttons zoom and show all', async () => {
  const whole = await settled();
  for (const name of ['Zoom in (+)', 'Zoom out (−)']) {
    await page.getByRole('button', { name }).click();
    await look(name, whole, false);
    await page.getByRole('button', { name: 'Show all (0)' }).click();
    await look('all is shown', whole);
  }
});

test('the legend hides a group, shows one alone, and all again', async () => {
  const legend = page.getByRole('complementary');
  const whole = await settled();
  const all = await painted();
  await legend.getByRole('button', { name: /^things\/cups/ }).click();
  await look('cups are hidden', whole, false);
  assert.equal(await legend.getByRole('button', { name: /^things\/cups/ }).getAttribute('aria-pressed'), 'false');
  const [without, hidden] = [await painted(), await pixels()];
  assert.ok(without < all, `${without} of ${all} pixels`);
  await legend.getByRole('button', { name: 'Only things/cups' }).click();
  assert.equal(await legend.locator('[aria-pressed=true]').count(), 1);
  await until(page, 'fewer are drawn', (before) => document.querySelector('.points').toDataURL() !== before, hidden);
  assert.ok((await painted()) < without);
  await legend.getByRole('button', { name: 'Show all' }).click();
  await look('all are shown', whole);
});

test('the pointer and a finger show the card of a picture', async () => {
  for (const width of [1280, 390]) {
    const own = await open(home, { width });
    await drawn(own);
    await own.getByRole('searchbox').fill('dogs/p3.png');
    await own.getByRole('searchbox').press('Enter');
    await own.locator('.card').waitFor();
    await own.getByRole('searchbox').fill('');
    await own.locator('.points').press('Escape');
    await own.locator('.card').waitFor({ state: 'detached' });
    const { x, y, width: wide, height } = await own.locator('.points').boundingBox();
    if (width < 500) await own.touchscreen.tap(x + wide / 2, y + height / 2);
    else await own.mouse.move(x + wide / 2, y + height / 2);
    await own.locator('.card').getByText('animals/dogs/p3.png').waitFor();
    await own.locator('.card img').waitFor();
    assert.deepEqual(own.wrong, []);
    await own.context().close();
  }
});

test('light and dark are changed by a button', async () => {
  const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const [light, whole] = [await ground(), await settled()];
  const button = page.getByRole('button', { name: 'Change between light and dark' });
  await button.click();
  assert.notEqual(await ground(), light);
  await look('the points have other colours', whole, false);
  await button.click();
  assert.equal(await ground(), light);
  await look('the points have the first colours', whole);
});

test('names from outside are text and nothing else', async () => {
  assert.ok(data.names.includes(hostile));
  for (const part of ['<img', '<svg onload', '<!--<script>']) {
    await search().fill(part);
    const count = data.names.filter((name) => name.includes(part)).length;
    assert.ok(count > 0, part);
    await untilText(page, `${count} found`);
    await search().press('Enter');
    await card().getByText(data.names.find((name) => name.includes(part))).waitFor();
  }
  await search().fill('');
  assert.equal(await page.locator('img[src="x"], svg[onload], script:not([id=data], [type=module])').count(), 0);
  assert.doesNotMatch(written, /[\u202a-\u202e\u2066-\u2069\u2028\u2029]/u);
  const evil = '</script><script>alert(4)</script><img src=x onerror=alert(5)>\u2028\u202eexe';
  const own = await other('evil.html', {
    groups: data.groups.map((group) => ({ ...group, name: evil })), names: data.names.map(() => evil), remarks: [evil],
    labels: [{ text: evil, x: 0.5, y: 0.5 }],
  });
  await drawn(own);
  await own.getByRole('searchbox').fill('alert');
  await untilText(own, `${data.count} found`);
  assert.deepEqual(own.wrong, []);
  await own.context().close();
});

test('what its policy does not name neither runs nor loads', async () => {
  const more = '<script>alert(6)</script><p onclick="alert(7)" style="color: red">x</p><img src="https://alike.test/x.png">';
  put('more.html', written.replace('</body>', () => `${more}</body>`));
  const own = await open(pathToFileURL(folder('more.html')).href);
  await drawn(own);
  await own.locator('body > p').click();
  for (const what of ['script-src', 'style-src', 'img-src']) {
    assert.ok(own.wrong.some((line) => line.includes('Content Security') && line.includes(what)), `${what}: ${own.wrong}`);
  }
  assert.ok(!own.wrong.some((line) => line.includes('dialog')), own.wrong.join('\n'));
  await own.context().close();
});

test('a map of no pictures says so', async () => {
  const own = await other('empty.html', { count: 0, points: '', group: '', groups: [], names: [], pictures: [], labels: [] });
  await untilText(own, 'No pictures on this map');
  assert.equal(await own.getByRole('searchbox').count(), 0);
  assert.deepEqual(await violations(own), []);
  assert.deepEqual(own.wrong, []);
  await own.context().close();
});

test('nothing went wrong meanwhile', () => assert.deepEqual(page.wrong, []));
