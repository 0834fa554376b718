// Takes the pictures of docs/images of a running server that shows the Tux Paint stamps:
//   node tests/web/pictures.mjs ADDRESS FOLDER
// script/pictures prepares the server. Each picture is a PNG of at most 150 kB.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pngOf } from './png.mjs';

const fromWeb = createRequire(new URL('../../web/package.json', import.meta.url));
const { chromium } = fromWeb('playwright-core');
const [address, out] = process.argv.slice(2);
assert.ok(address && out, 'usage: node tests/web/pictures.mjs ADDRESS FOLDER');
const largest = 150_000; // bytes

const [{ id: c }] = (await (await fetch(`${address}/v1/collections`)).json()).collections;
async function idOf(path) {
  const where = encodeURIComponent(`path = "${path}"`);
  const { items } = await (await fetch(`${address}/v1/collections/${c}/items?where=${where}`)).json();
  assert.equal(items.length, 1, path);
  return items[0].id;
}
const flower = await idOf('plants/flowers/flower8.png');
const desktop = { viewport: { width: 1280, height: 800 }, colorScheme: 'light' };
const phone = { viewport: { width: 390, height: 844 }, colorScheme: 'dark', hasTouch: true, isMobile: true };

const pictures = [
  { name: 'web-search', look: desktop, at: `#/c/${c}/search?ids=${flower}`, shows: '[aria-label="Results"] .tile img' },
  { name: 'web-region', look: desktop, at: `#/c/${c}/search?ids=${await idOf('animals/birds/cartoon/penguin_with_spider.png')}&region=0.55,0.1,0.45,0.85`, shows: '[aria-label="Results"] .tile img' },
  { name: 'web-map', look: desktop, at: `#/c/${c}/map?ids=${flower}`, shows: '.points[data-renderer]', wait_ms: 3000 },
  { name: 'web-compare', look: { ...desktop, viewport: { width: 1280, height: 1000 } }, at: `#/c/${c}/compare?ids=${flower}`, shows: 'figure svg', scroll: '[aria-label="Measures"]' },
  { name: 'web-side-by-side', look: desktop, at: `#/c/${c}/compare?ids=${flower}`, shows: 'ol li img' },
  { name: 'web-encoders', look: desktop, at: `#/c/${c}/encoders`, shows: 'tbody td b' },
  { name: 'web-phone-dark', look: phone, at: `#/c/${c}/search?ids=${flower}`, shows: '[aria-label="Results"] .tile img' },
];

const browser = await chromium.launch({ executablePath: process.env.ALIKE_CHROMIUM || '/usr/bin/chromium', args: ['--no-sandbox'] });
const workshop = await browser.newPage();

/// The colours of a picture, red to alpha.
async function pixelsOf(png) {
  const { width, height, data } = await workshop.evaluate(async (text) => {
    const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${text}`)).blob());
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    const context = canvas.getContext('2d');
    context.drawImage(bitmap, 0, 0);
    const bytes = context.getImageData(0, 0, bitmap.width, bitmap.height).data;
    let raw = '';
    for (let i = 0; i < bytes.length; i += 0x8000) raw += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
    return { width: bitmap.width, height: bitmap.height, data: btoa(raw) };
  }, png.toString('base64'));
  return { width, height, bytes: Buffer.from(data, 'base64') };
}

/// At most `count` colours by median cut: `palette` (red, green, blue) and, for each colour of 15 bits, its place.
function paletteOf(bytes, count) {
  const counts = new Uint32Array(1 << 15);
  for (let i = 0; i < bytes.length; i += 4) counts[(bytes[i] >> 3 << 10) | (bytes[i + 1] >> 3 << 5) | (bytes[i + 2] >> 3)] += 1;
  const channel = (color, which) => (color >> (10 - 5 * which)) & 31;
  const boxOf = (colors) => {
    const spans = [0, 1, 2].map((which) => {
      const values = colors.map((color) => channel(color, which));
      return Math.max(...values) - Math.min(...values);
    });
    const which = spans.indexOf(Math.max(...spans));
    return { colors, which, weight: spans[which] * Math.sqrt(colors.reduce((sum, color) => sum + counts[color], 0)) };
  };
  const boxes = [boxOf([...counts.keys()].filter((color) => counts[color] > 0))];
  while (boxes.length < count) {
    const place = boxes.reduce((best, box, i) => (box.weight > boxes[best].weight ? i : best), 0);
    const { colors, which, weight } = boxes[place];
    if (weight === 0) break;
    colors.sort((a, b) => channel(a, which) - channel(b, which));
    const half = colors.reduce((sum, color) => sum + counts[color], 0) / 2;
    let middle = 0;
    for (let sum = 0; sum < half; ++middle) sum += counts[colors[middle]];
    middle = Math.min(colors.length - 1, Math.max(1, middle));
    boxes.splice(place, 1, boxOf(colors.slice(0, middle)), boxOf(colors.slice(middle)));
  }
  const placeOf = new Uint8Array(1 << 15);
  boxes.forEach(({ colors }, i) => colors.forEach((color) => (placeOf[color] = i)));
  const sums = boxes.map(() => [0, 0, 0, 0]);
  for (let i = 0; i < bytes.length; i += 4) {
    const sum = sums[placeOf[(bytes[i] >> 3 << 10) | (bytes[i + 1] >> 3 << 5) | (bytes[i + 2] >> 3)]];
    for (let c = 0; c < 3; ++c) sum[c] += bytes[i + c];
    sum[3] += 1;
  }
  return { palette: Buffer.from(sums.flatMap(([r, g, b, n]) => [r / n, g / n, b / n].map(Math.round))), placeOf };
}

/// A PNG with a palette, of as many colours as its size allows.
function small({ width, height, bytes }) {
  for (const count of [256, 128, 64, 32]) {
    const { palette, placeOf } = paletteOf(bytes, count);
    const rows = Buffer.alloc(height * (width + 1));
    for (let y = 0; y < height; ++y) {
      for (let x = 0; x < width; ++x) {
        const i = 4 * (y * width + x);
        rows[y * (width + 1) + 1 + x] = placeOf[(bytes[i] >> 3 << 10) | (bytes[i + 1] >> 3 << 5) | (bytes[i + 2] >> 3)];
      }
    }
    const made = pngOf(width, height, [8, 3], rows, palette);
    if (made.length <= largest) return made;
  }
  throw new Error('no palette makes it small enough');
}

for (const { name, look, at, shows, scroll, wait_ms = 1000 } of pictures) {
  const context = await browser.newContext({ ...look, reducedMotion: 'reduce', locale: 'en' });
  const page = await context.newPage();
  await page.addInitScript(() => localStorage.setItem('alike-tour', 'seen'));
  await page.goto(`${address}/${at}`);
  await page.waitForSelector(shows);
  if (scroll) await page.locator(scroll).evaluate((element) => scrollTo(0, element.getBoundingClientRect().top + scrollY - 72));
  await page.waitForLoadState('networkidle').catch(() => undefined);
  await page.waitForTimeout(wait_ms);
  const bytes = small(await pixelsOf(await page.screenshot()));
  writeFileSync(join(out, `${name}.png`), bytes);
  console.log(`${name}.png ${bytes.length}`);
  await context.close();
}
await browser.close();
