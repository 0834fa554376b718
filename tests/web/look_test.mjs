// Every page at two widths, light and dark: nothing for axe to say, no sideways scroll, no errors.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alike, makePets, open, serve, until, violations } from './support.mjs';

const pets = makePets();
alike('-C', pets, 'map', '--quiet');
const server = await serve([pets]);
const empty = await serve([]);
const id = (await (await fetch(`${server.url}/v1/collections/pets/random`)).json()).id;

const answer = '[aria-label="Results"] .tile';
const pages = {
  browse: { at: '#/c/pets/search', shows: '[data-place="0"]' },
  'browse by label': { at: '#/c/pets/search', shows: '[data-place="0"]', then: (page) => page.getByRole('button', { name: 'By label' }).click() },
  search: { at: `#/c/pets/search?ids=${id}`, shows: answer },
  'region, examples, filter': { at: `#/c/pets/search?ids=${id},1&not=2&region=0.2,0.2,0.5,0.5&where=label+%3D+%22things%2Fcups%22`, shows: '[aria-label="Results"], .answer .card' },
  detail: { at: `#/c/pets/search?ids=${id}`, shows: answer, then: (page) => page.locator('[data-place="1"]').press('Space').then(() => page.waitForSelector('dialog[open] dl')) },
  shortcuts: { at: '#/c/pets/search', shows: '[data-place="0"]', then: (page) => page.keyboard.press('?') },
  tour: { at: `#/c/pets/search?ids=${id}`, shows: '[role=dialog]', tour: true },
  'own picture gone': { at: '#/c/pets/search?own=gone', shows: '[role=alert]' },
  'unknown collection': { at: '#/c/nothing/search', shows: '[role=alert]' },
  map: { at: `#/c/pets/map?ids=${id}`, shows: '.points[data-renderer]' },
  compare: { at: `#/c/pets/compare?ids=${id}`, shows: 'ol li' },
  encoders: { at: '#/c/pets/encoders', shows: 'tbody tr' },
  collections: { at: '#/collections', shows: 'article table' },
  help: { at: '#/help', shows: 'h1' },
  'first run': { at: '', shows: 'form', server: empty },
};

for (const [name, { at, shows, then, tour = false, server: other = server }] of Object.entries(pages)) {
  test(name, async () => {
    for (const width of [1280, 390]) {
      const page = await open(`${other.url}/${at}`, { width, tour, colorScheme: 'light' });
      await page.waitForSelector(shows, { state: 'attached' });
      await then?.(page);
      for (const colorScheme of ['light', 'dark']) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await until(page, 'it rests', () => document.getAnimations().every((animation) => animation.playState !== 'running'));
        // The other theme differs by its colours only.
        assert.deepEqual(await violations(page, colorScheme === 'dark' ? ['color-contrast', 'link-in-text-block'] : undefined), [], `${name}, ${width} px, ${colorScheme}`);
      }
      assert.equal(await page.evaluate(() => { scrollBy(1000, 0); return scrollX; }), 0, `${name} scrolls sideways at ${width} px`);
      assert.deepEqual(page.wrong, []);
      if (process.env.ALIKE_LOOK) {
        for (const colorScheme of ['light', 'dark']) {
          await page.emulateMedia({ colorScheme });
          await page.waitForTimeout(500);
          await page.screenshot({ path: `${process.env.ALIKE_LOOK}/${name.replaceAll(/\W+/g, '-')}-${width}-${colorScheme}.png` });
        }
      }
      await page.context().close();
    }
  });
}
