// The start of every test of the page: the real program on a small collection that is made here,
// with tiny encoders, and Chromium. Needs neither network nor a real encoder.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after } from 'node:test';
import { pngOf } from './png.mjs';

const fromWeb = createRequire(new URL('../../web/package.json', import.meta.url));
const { chromium } = fromWeb('playwright-core');
const axe = readFileSync(fromWeb.resolve('axe-core/axe.min.js'), 'utf8');

const program = process.env.ALIKE_PROGRAM;
const samples = process.env.ALIKE_SAMPLES;
assert.ok(program && samples, 'set ALIKE_PROGRAM and ALIKE_SAMPLES to the built programs alike and write_samples');
// Patience, not a bound: jobs yield to all else, and take a third of it where the processors are full.
export const soon_ms = process.env.ALIKE_WATCHED ? 150_000 : 45_000;

// Pictures.

/// Numbers from 0 to 1 that `seed` decides.
export function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/// A PNG of patches around one colour, as `hue` and `seed` decide; `nudge` makes a near-duplicate.
export function png({ seed = 1, hue = 0, width = 48, height = 36, nudge = 0 } = {}) {
  const draw = random(seed);
  const middle = [0, 1, 2].map((channel) => 128 + 60 * Math.sin(hue + (2 * Math.PI * channel) / 3));
  const patch = Math.max(1, Math.ceil(width / 6));
  const columns = Math.ceil(width / patch);
  const rows = Array.from({ length: Math.ceil(height / patch) }, () => {
    const row = Buffer.alloc(1 + 3 * width);
    const colors = Array.from({ length: columns }, () => middle.map((value) => Math.min(255, Math.max(0, value + 300 * (draw() - 0.5) + nudge))));
    for (let x = 0; x < width; ++x) for (let c = 0; c < 3; ++c) row[1 + 3 * x + c] = colors[Math.floor(x / patch)][c];
    return row;
  });
  return pngOf(width, height, [8, 2], Buffer.concat(Array.from({ length: height }, (_, y) => rows[Math.floor(y / patch)])));
}

export const hostileNames = [
  '<img src=x onerror=alert(1)>.png', '"><svg onload=alert(1)>.png', "'quotes' and \"more\".png", 'line\nbreak.png',
  '\u202egnp.tset\u202c.png', '{{7*7}}${7*7}.png', 'a&amp;b%2e%2e.png', `${'long '.repeat(40)}.png`,
];

// The program.

const base = mkdtempSync(join(tmpdir(), 'alike-web-'));
const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(ALIKE_|XDG_)/.test(name)));
Object.assign(environment, { ALIKE_HOME: join(base, 'home'), ALIKE_CACHE: join(base, 'cache'), HOME: base, LC_ALL: 'C.UTF-8' });
const running = new Set();

export function alike(...words) {
  return execFileSync(program, words, { env: environment, cwd: base, stdio: ['ignore', 'pipe', 'pipe'] }).toString();
}

/// Writes a file, and the folders to it, below the folder of these tests; returns its path.
export function put(path, content) {
  const whole = join(base, path);
  mkdirSync(dirname(whole), { recursive: true });
  writeFileSync(whole, content);
  return whole;
}

export const folder = (path) => join(base, path);

function addEncoders() {
  const models = join(base, 'models');
  mkdirSync(models);
  execFileSync(samples, [models]);
  for (const [name, model] of [['tiny', 'tiny.onnx'], ['other', 'other.onnx']]) {
    alike('models', 'add', join(models, model), '--name', name, '--mean', '127', '--scale', '64', '--crop', '1');
  }
}
addEncoders();

const kinds = { 'animals/cats': 0, 'animals/dogs': 2, 'things/cups': 4 };

/// Sixty pictures in three folders, some near-duplicates, a broken file, hostile names; a space for
/// the last layer of the encoder and one for each of `layers`.
export function makePets(layers = ['stage2']) {
  const name = 'pets';
  for (const [label, hue] of Object.entries(kinds)) {
    for (let i = 0; i < 16; ++i) put(`${name}/${label}/p${i}.png`, png({ seed: 100 * hue + i + 1, hue }));
    for (let i = 0; i < 2; ++i) put(`${name}/${label}/twin${i}.png`, png({ seed: 100 * hue + 1, hue, nudge: 1 + i }));
  }
  hostileNames.forEach((file, i) => put(`${name}/odd/${file}`, png({ seed: 900 + i, hue: 1 })));
  put(`${name}/things/broken.png`, 'this is no picture');
  const whole = folder(name);
  alike('index', whole, '--encoder', 'tiny', '--quiet');
  for (const layer of layers) alike('index', whole, '--encoder', 'tiny', '--layer', layer, '--quiet');
  return whole;
}

/// Starts `alike serve` and returns its address and how to stop it.
export async function serve(words, port = 0) {
  const child = spawn(program, ['--json', 'serve', ...words, '--port', String(port)], { env: environment, cwd: base, stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  let said = '';
  child.stderr.on('data', (text) => (said += text));
  const ended = once(child, 'exit').then(() => { throw new Error(`the server ended: ${said}`); });
  ended.catch(() => undefined);
  const [line] = await Promise.race([once(child.stdout, 'data'), ended]);
  const { url } = JSON.parse(line);
  return {
    url: url.replace(/\/$/, ''),
    port: Number(new URL(url).port),
    async stop() {
      if (child.exitCode !== null) return;
      child.kill('SIGTERM');
      await ended.catch(() => undefined);
      running.delete(child);
      assert.equal(child.exitCode, 0, said);
    },
  };
}

// The browser.

let browser;

/// A page as a person has it, with lists of its errors and its requests. The tour is over unless `tour`.
export async function open(address, { tour = false, width = 1280, ...options } = {}) {
  browser ??= await chromium.launch({
    executablePath: process.env.ALIKE_CHROMIUM || '/usr/bin/chromium',
    args: ['--no-sandbox', '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'],
  });
  const context = await browser.newContext({ viewport: { width, height: width < 500 ? 844 : 800 }, hasTouch: width < 500, locale: 'en', reducedMotion: 'reduce', ...options });
  context.setDefaultTimeout(soon_ms);
  const page = await context.newPage();
  page.wrong = [];
  page.asked = [];
  page.on('request', (request) => page.asked.push(request.url()));
  page.on('pageerror', (error) => page.wrong.push(`exception: ${error.message}`));
  page.on('dialog', (dialog) => { page.wrong.push(`dialog: ${dialog.message()}`); void dialog.dismiss(); });
  page.on('console', (message) => {
    if (message.type() !== 'error' && !/Content Security/.test(message.text())) return;
    // Chromium reports every answer of 400 or more; that nothing was compared yet is such an answer.
    if (!/\/scores$/.test(message.location().url)) page.wrong.push(`${message.text()} ${message.location().url}`);
  });
  await page.addInitScript((seen) => {
    if (seen && location.protocol === 'http:') localStorage.setItem('alike-tour', 'seen');
    addEventListener('securitypolicyviolation', (event) => console.error(`Content Security: ${event.violatedDirective} ${event.blockedURI}`));
  }, !tour);
  await page.goto(address);
  return page;
}

/// The findings of axe, by all of its rules or by those named.
export async function violations(page, rules) {
  const options = { resultTypes: ['violations'], ...(rules && { runOnly: rules }) };
  const { violations: found } = await page.evaluate(`${axe}; axe.run(document, ${JSON.stringify(options)})`);
  return found.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => `${node.html.slice(0, 200)} ${node.any[0]?.message ?? ''}`).join(' | ')}`);
}

export const hash = (page) => page.evaluate(() => decodeURIComponent(location.hash));

/// Waits until it holds; fails with the text of the page.
export async function until(page, what, test, argument) {
  try {
    await page.waitForFunction(test, argument, { timeout: soon_ms });
  } catch {
    const { text, at } = await page.evaluate(() => ({ text: document.body.innerText.slice(0, 1500), at: location.hash }));
    assert.fail(`not so: ${what}\nat ${at}\n${text}`);
  }
}

/// Waits until results fill the screen, or all are drawn: their first two rows come before the others.
export const answered = (page) => until(page, 'results are drawn', () => {
  const grid = document.querySelector('[role=grid][aria-label="Results"]');
  const rows = [...(grid?.querySelectorAll('[role=row]') ?? [])];
  return rows.length > 0 && (rows.length === Number(grid.getAttribute('aria-rowcount')) ||
    Math.max(...rows.map((row) => row.getBoundingClientRect().bottom)) > innerHeight);
});
/// The paths of the results that are drawn.
export const titles = (page) => page.locator('[aria-label="Results"] .tile .picture').evaluateAll((tiles) => tiles.map((tile) => tile.title));

export const untilHash = (page, pattern) =>
  until(page, `the URL is like ${pattern}`, (source) => new RegExp(source).test(decodeURIComponent(location.hash)), pattern.source);
export const untilText = (page, text) =>
  until(page, `it says "${text}"`, (words) => document.body.innerText.toLowerCase().includes(words.toLowerCase()), text);

after(async () => {
  await browser?.close();
  for (const child of running) child.kill('SIGKILL');
  rmSync(base, { recursive: true, force: true });
});
