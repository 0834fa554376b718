// A map of more points than a slow machine draws smoothly: some of them while it moves, all at rest.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { makePets, open, png, random, serve, until } from './support.mjs';

const count = 60_000;
const server = await serve([makePets()]);
const next = random(1);
const place = Uint16Array.from({ length: 2 * count }, () => (65_535 * (next() + next() + next())) / 3);
const columns = {
  id: Buffer.from(new Uint8Array(count)), // differences less one: 0, 1, 2, …
  xy: Buffer.from(place.buffer),
  label: Buffer.from(Uint16Array.from({ length: count }, (_, i) => i % 4).buffer),
};
const map = {
  name: 'tiny.umap', space: 'tiny', method: 'umap', count, box: [0, 0, 1, 1], clusters: [], figures: {}, remark: '', placed: 0,
  labels: ['a', 'b', 'c', 'd'].map((label) => ({ label, count: count / 4 })), made: 0, stale: 0,
};

let page;
before(async () => {
  page = await open(`${server.url}/#/help`);
  await page.route('**/v1/collections', async (route) => {
    const all = await (await route.fetch()).json();
    all.collections[0].maps = [{ name: map.name, space: all.collections[0].spaces[0].name }];
    await route.fulfill({ json: all });
  });
  await page.route('**/thumbnail?*', (route) => route.fulfill({ contentType: 'image/png', body: png() }));
  await page.route('**/maps/tiny.umap', (route) => route.fulfill({ json: map }));
  await page.route('**/maps/tiny.umap/columns/*', (route) =>
    route.fulfill({ contentType: 'application/octet-stream', body: columns[route.request().url().split('/').at(-1)] }));
  await page.goto('about:blank');
  await page.goto(`${server.url}/#/c/pets/map`);
  await atRest();
});

const atRest = () => until(page, 'all are in view, and drawn', (all) =>
  document.querySelector('.map [role=status]')?.textContent.startsWith(all) && document.querySelector('.points')?.dataset.share === '1.000',
count.toLocaleString('en'));
/// A sum of all pixels and where they are.
const drawn = () => page.locator('.points').evaluate((canvas) => {
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  return new Uint32Array(data.buffer).reduce((sum, pixel) => (Math.imul(sum, 31) + pixel) | 0, 7);
});

test('on a slow machine a part of the points is drawn while it moves, and all of them at rest', async () => {
  const picture = await drawn();
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: 10 });
  const box = await page.locator('.points').boundingBox();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  let least = 1;
  for (let i = 0; i < 400 && least === 1; ++i) {
    await page.mouse.move(x + 60 * Math.sin(i / 5), y);
    least = Math.min(least, Number(await page.locator('.points').getAttribute('data-share')));
  }
  await page.mouse.up();
  await session.send('Emulation.setCPUThrottlingRate', { rate: 1 });
  assert.ok(least < 1 && least > 0, `${least} of the points are drawn`);
  await page.locator('.points').focus();
  await page.keyboard.press('0');
  await atRest();
  await page.mouse.move(2, 2);
  assert.equal(await drawn(), picture);
  assert.deepEqual(page.wrong, []);
});
