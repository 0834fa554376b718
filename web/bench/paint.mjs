// How long until the first result is painted, and where the time goes, with a slowed processor:
// node bench/paint.mjs ADDRESS [RUNS], where ADDRESS is that of `alike serve`, with or without a question.
import { chromium } from 'playwright-core';

const slowdown = 4;
const [address = 'http://127.0.0.1:7700/', runs = '5'] = process.argv.slice(2);

/** Without a question: what is like the first item of the first collection. */
async function questionAt(address) {
  if (address.includes('#')) return address;
  const { collections } = await (await fetch(new URL('v1/collections', address))).json();
  if (!collections.length) throw new Error(`${address} shows no collection; give one to alike serve.`);
  const { items } = await (await fetch(new URL(`v1/collections/${collections[0].id}/items?limit=1`, address))).json();
  return `${address}#/c/${collections[0].id}/search?ids=${items[0].id}`;
}

/** In the page: notes when the first result's picture is decoded and on the screen. */
function watch() {
  const isShown = (image) => image.complete && image.naturalWidth > 0;
  const look = () => {
    if ([...document.querySelectorAll('[role="grid"] img')].some(isShown)) requestAnimationFrame(() => console.log(performance.mark('painted').name));
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

/** In the page: milliseconds since the navigation began. */
function stages() {
  const all = performance.getEntriesByType('resource');
  const ended = (part) => all.find(({ name }) => part.test(name))?.responseEnd ?? 0;
  const search = all.find(({ name }) => name.endsWith('/search'));
  const picture = Math.min(...all.filter(({ name }) => name.includes('size=256')).map(({ responseEnd }) => responseEnd));
  const first = performance.getEntriesByName('first-contentful-paint')[0];
  return {
    'script there': ended(/app-[^/]*js$/), 'first paint': first?.startTime ?? 0, 'collections there': ended(/v1\/collections$/),
    'search asked': search.startTime, 'search answered': search.responseEnd, 'picture there': picture,
    'first result painted': performance.getEntriesByName('painted')[0].startTime,
  };
}

async function once(browser, url) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
  await page.addInitScript(watch);
  // Nothing is evaluated in the page meanwhile: that would take time of its own.
  const painted = page.waitForEvent('console', { predicate: (message) => message.text() === 'painted', timeout: 60_000 });
  await page.goto(url, { waitUntil: 'commit' });
  await painted;
  const result = await page.evaluate(stages);
  await context.close();
  return result;
}

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
try {
  const url = await questionAt(address);
  const all = [];
  for (let run = 0; run < Number(runs); run++) all.push(await once(browser, url));
  console.log(`${url}, processor slowed ${slowdown} times, median (least to most) of ${runs}, ms`);
  for (const name of Object.keys(all[0])) {
    const times = all.map((one) => Math.round(one[name])).sort((a, b) => a - b);
    console.log(`${name.padEnd(22)} ${times[times.length >> 1]} (${times[0]} to ${times.at(-1)})`);
  }
} finally {
  await browser.close();
}
