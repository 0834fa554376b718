import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { queryOf, parseQuestion } from '../state/question';
import { askEarly, early } from './early';
import { collectionsUrl, searchUrl, thumbnailUrl } from './urls';

const asked = vi.fn<(url: string, how: RequestInit) => Promise<Response>>();
const loaded: string[] = [];
const found = { results: Array.from({ length: 30 }, (_, id) => ({ item: { id } })) };
const body = JSON.stringify(queryOf(parseQuestion(new URLSearchParams('ids=7'))).query);

beforeEach(() => {
  vi.stubGlobal('fetch', asked);
  vi.stubGlobal('Image', class { set src(url: string) { loaded.push(url); } });
  asked.mockImplementation(async (url) => new Response(JSON.stringify(url === collectionsUrl ? { collections: [] } : found)));
});
afterEach(async () => {
  await Promise.all([early(collectionsUrl), early(searchUrl('pets'), body)]);
  asked.mockReset();
  loaded.length = 0;
  vi.unstubAllGlobals();
});

describe('an early request', () => {
  it('is the question of the URL, and the pictures of the first results', async () => {
    askEarly('#/c/pets/search?ids=7');
    expect(asked.mock.calls.map(([url]) => url)).toEqual([collectionsUrl, searchUrl('pets')]);
    expect(asked.mock.calls[1]?.[1]).toMatchObject({ method: 'POST', body });
    expect(await early(searchUrl('pets'), body)).toEqual(found);
    await vi.waitFor(() => expect(loaded).toEqual(found.results.slice(0, 6).map(({ item }) => thumbnailUrl('pets', item.id))));
  });
  it('is answered once: later it may be otherwise', async () => {
    askEarly('#/c/pets/search?ids=7');
    expect(await early(collectionsUrl)).toEqual({ collections: [] });
    expect(await early(collectionsUrl)).toBeUndefined();
    expect(await early(searchUrl('pets'), body.replace('7', '8'))).toBeUndefined();
  });
  it('is only the collections where there is no question, or one about an own picture', () => {
    for (const hash of ['', '#/c/pets/search', '#/c/pets/map?ids=7', '#/c/pets/search?own=a1', '#/search?ids=7']) {
      askEarly(hash);
      expect(asked.mock.calls.map(([url]) => url)).toEqual([collectionsUrl]);
      asked.mockClear();
    }
  });
  it('has no answer where the server refuses or is not there', async () => {
    asked.mockResolvedValueOnce(new Response('{}', { status: 503 })).mockRejectedValueOnce(new TypeError('fetch failed'));
    askEarly('#/c/pets/search?ids=7');
    expect(await early(collectionsUrl)).toBeUndefined();
    expect(await early(searchUrl('pets'), body)).toBeUndefined();
  });
});
