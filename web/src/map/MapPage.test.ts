import { flushSync, mount, unmount } from 'svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Collection } from './layers';
import type { MapInfo } from './load';
import MapPage from './MapPage.svelte';

const COUNT = 30;
const info: MapInfo = {
  name: 'net.umap',
  space: 'net',
  method: 'umap',
  count: COUNT,
  box: [0, 0, 1, 1],
  labels: [
    { label: 'cats', count: 20 },
    { label: '', count: 10 },
  ],
  clusters: [],
  figures: { trustworthiness: 0.912 },
  remark: '',
  made: 0,
  stale: 3,
};
const columns: Record<string, ArrayBuffer> = {
  id: new Uint8Array(COUNT).buffer,
  xy: new Uint16Array(2 * COUNT).buffer,
  label: Uint16Array.from({ length: COUNT }, (_, i) => (i < 20 ? 0 : 1)).buffer,
};
const collection = {
  id: 'pets',
  items: COUNT,
  spaces: [{ name: 'net', encoder: 'net', layer: 'pooled', is_default: true }],
  maps: [{ name: 'net.umap', space: 'net' }],
} as Collection;

let page: object;
let broken: boolean;
const asked: number[] = [];

function answer(path: string): Response {
  if (broken) return Response.json({ code: 'corrupt', detail: 'The map is damaged.' }, { status: 500 });
  const column = /columns\/(\w+)$/.exec(path)?.[1];
  if (column) return new Response(columns[column]);
  if (path.endsWith('/maps/net.umap')) return Response.json(info);
  return Response.json({ detail: 'There is none.' }, { status: 404 });
}

function show(shown: Collection): void {
  const props = { collection: shown, place: null, onask: (id: number) => void asked.push(id) };
  page = mount(MapPage, { target: document.body, props });
  flushSync();
}

function buttons(name: RegExp): HTMLButtonElement[] {
  const all = [...document.querySelectorAll('button')];
  return all.filter((button) => name.test(button.getAttribute('aria-label') ?? button.textContent));
}

beforeEach(() => {
  broken = false;
  asked.length = 0;
  vi.stubGlobal('fetch', (request: Request) => Promise.resolve(answer(new URL(request.url).pathname)));
});

afterEach(() => unmount(page));

it('offers to make a map where there is none', () => {
  show({ ...collection, maps: [] });
  expect(document.body.textContent).toContain('No map yet');
  expect(buttons(/^Make a map$/)).toHaveLength(1);
});

it('lists the pictures where nothing can be drawn, a page at a time', async () => {
  show(collection);
  await vi.waitFor(() => expect(buttons(/similar to picture/)).toHaveLength(24));
  expect(document.querySelector('[role=alert]')?.textContent).toContain('listed instead');
  buttons(/similar to picture 3,/)[0]?.click();
  expect(asked).toEqual([3]);
  buttons(/^Next$/)[0]?.click();
  flushSync();
  expect(buttons(/similar to picture/)).toHaveLength(6);
});

it('shows legend, figures and that the map is behind', async () => {
  show(collection);
  await vi.waitFor(() => expect(document.querySelector('dl')?.textContent).toContain('0.91'));
  const [cats, none] = [...document.querySelectorAll('[aria-pressed]')].map((b) => b.textContent);
  expect([cats, none].map((text) => text?.replace(/\s+/g, ' ').trim())).toEqual([
    'cats 20', 'No label 10',
  ]);
  buttons(/^Only cats$/)[0]?.click();
  flushSync();
  const classes = [...document.querySelectorAll('[aria-pressed]')];
  const pressed = classes.map((button) => button.getAttribute('aria-pressed'));
  expect(pressed).toEqual(['true', 'false']);
  expect(document.body.textContent).toContain('3 pictures came, changed or went');
});

it('says what is wrong, and tries again', async () => {
  broken = true;
  show(collection);
  await vi.waitFor(() => expect(document.body.textContent).toContain('The map is damaged.'));
  broken = false;
  buttons(/^Try again$/)[0]?.click();
  await vi.waitFor(() => expect(buttons(/similar to picture/)).toHaveLength(24));
});
