// Frames a second that the map draws, and pictures of its page: node bench/map.mjs [FOLDER]
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { chromium } from 'playwright-core';
import { createServer } from 'vite';
import { madeServer } from './made.mjs';

const folder = process.argv[2];
const options = { count: 30_000, maps: true, stale: 12 };
const server = await createServer({
  configFile: false,
  root: new URL('..', import.meta.url).pathname,
  plugins: [madeServer(options), svelte()],
  optimizeDeps: { include: ['kdbush', 'd3-scale-chromatic'] },
  server: { port: 0 },
});
await server.listen();
const { port } = server.httpServer.address();
const address = `http://localhost:${port}/src/map/bench.html`;
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--no-sandbox'],
});

async function count(kind, points, magnification) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(address);
  await page.waitForFunction(() => 'countFrames' in window);
  for (const paced of [false, true]) {
    const { a_second, share } = await page.evaluate((all) => window.countFrames(...all), [kind, points, magnification, 4, paced]);
    console.log(`${kind} ${points} points, magnified ${magnification}, ${told(share)} drawn: ${a_second.toFixed(1)} frames/s`);
  }
  await page.close();
}

const told = (share) => (share === 1 ? 'all' : `${(100 * share).toFixed(0)} %`);

/** How long the page takes to show so many points, and how smoothly they follow the pointer. */
async function use(points, gl) {
  options.count = points;
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  if (gl) await page.addInitScript(pretendCard);
  const began = Date.now();
  await page.goto(`${address}?page`);
  await page.getByText(' in view, ').waitFor({ state: 'attached' });
  const took = (Date.now() - began) / 1000;
  await page.mouse.move(500, 400);
  await page.mouse.down();
  for (let i = 0; i < 60; i++) await page.mouse.move(500 + 60 * Math.sin(i / 9), 400);
  await page.evaluate(countRequests);
  const start = Date.now();
  for (let i = 0; Date.now() - start < 4000; i++) await page.mouse.move(500 + 60 * Math.sin(i / 9), 400);
  const { drawn, shares } = await page.evaluate(() => window.counted);
  const [frames, share] = [drawn / ((Date.now() - start) / 1000), shares / drawn];
  const kind = gl ? 'webgl2' : 'canvas2d';
  console.log(`${kind} page of ${points} points: there after ${took.toFixed(1)} s, dragged at ${frames.toFixed(1)} frames/s with ${told(share)} drawn`);
  await page.close();
}

function countRequests() {
  window.counted = { drawn: 0, shares: 0 };
  const count = () => {
    window.counted.drawn++;
    window.counted.shares += Number(document.querySelector('canvas.points').dataset.share);
    requestAnimationFrame(count);
  };
  count();
}

/** `gl`: with WebGL2, although it is by software here. */
async function picture(name, { width, height = 900, colorScheme, gl = false, act = async () => {} }) {
  const page = await browser.newPage({ viewport: { width, height }, colorScheme });
  if (gl) await page.addInitScript(pretendCard);
  page.on('console', (message) => console.log(`${name}: ${message.text()}`));
  page.on('pageerror', (error) => console.log(`${name}: ${error}`));
  await page.goto(`${address}?page`);
  await page.waitForTimeout(1500);
  await act(page);
  const kinds = await page.locator('canvas.points').evaluateAll((all) => all.map((canvas) => canvas.dataset.renderer));
  console.log(`${name}: drawn with ${kinds.join() || 'nothing'}`);
  await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
  await page.close();
}

function pretendCard() {
  const get = WebGL2RenderingContext.prototype.getParameter;
  const UNMASKED_RENDERER_WEBGL = 0x9246;
  WebGL2RenderingContext.prototype.getParameter = function (name) {
    return name === UNMASKED_RENDERER_WEBGL ? 'a card' : get.call(this, name);
  };
}

async function zoomIn(page) {
  await page.mouse.move(336, 319);
  for (let i = 0; i < 12; i++) {
    await page.mouse.wheel(0, -150);
    await page.waitForTimeout(60);
  }
  await page.waitForTimeout(2500);
}

async function useKeys(page) {
  await page.locator('canvas.points').focus();
  for (const key of ['ArrowRight', 'ArrowUp', 'ArrowUp', 'ArrowUp']) await page.keyboard.press(key);
  await page.waitForTimeout(800);
}

async function drawLasso(page) {
  await page.getByRole('button', { name: /^Lasso/ }).click();
  await page.mouse.move(300, 260);
  await page.mouse.down();
  for (const [x, y] of [[420, 260], [420, 360], [300, 360]]) await page.mouse.move(x, y, { steps: 4 });
  await page.mouse.up();
  await page.getByRole('slider').focus();
  await page.keyboard.press('ArrowLeft');
  await page.waitForTimeout(1800);
}

try {
  if (folder) {
    await picture('light', { width: 1280, colorScheme: 'light' });
    await picture('dark', { width: 1280, colorScheme: 'dark', gl: true });
    await picture('phone', { width: 390, colorScheme: 'light' });
    for (const gl of [false, true]) {
      await picture(`near-${gl}`, { width: 1280, colorScheme: 'dark', gl, act: zoomIn });
      await picture(`lasso-${gl}`, { width: 1280, colorScheme: 'light', gl, act: drawLasso });
    }
    await picture('keys', { width: 1280, colorScheme: 'light', act: useKeys });
    options.maps = false;
    await picture('none', { width: 390, colorScheme: 'dark' });
  } else {
    for (const points of [100_000, 1_000_000]) {
      for (const magnification of [1, 8]) await count('webgl2', points, magnification);
      await count('canvas2d', points, 1);
      for (const gl of [false, true]) await use(points, gl);
    }
  }
} finally {
  await browser.close();
  await server.close();
}
