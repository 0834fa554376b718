import { describe, expect, it } from 'vitest';
import { formatRoute, parseRoute } from './route';

describe('routes', () => {
  it('reads page, collection, rest and parameters', () => {
    const route = parseRoute('#/c/stamps/encoders/lite0/block6?by=map%40r');
    expect(route).toMatchObject({ page: 'encoders', collection: 'stamps', rest: ['lite0', 'block6'] });
    expect(route.params.get('by')).toBe('map@r');
  });
  it('takes the search page for everything unknown', () => {
    for (const hash of ['', '#', '#/', '#/nonsense', '#/c/x/nonsense', '#/c/', '#%%%']) {
      expect(parseRoute(hash).page).toBe('search');
    }
  });
  it('reads a page without its collection', () => {
    for (const page of ['search', 'map', 'compare', 'encoders']) expect(parseRoute(`#/${page}`)).toMatchObject({ page, collection: '', rest: [] });
    expect(parseRoute('#/encoders/lite0')).toMatchObject({ page: 'encoders', rest: ['lite0'] });
  });
  it('survives broken escapes', () => {
    expect(parseRoute('#/c/x/encoders/%E0%A4').rest).toEqual(['%E0%A4']);
  });
  it('writes the route it reads', () => {
    for (const hash of ['#/c/a/search?ids=7,9', '#/c/a/map', '#/collections', '#/help', '#/map', '#/encoders/b/c', '#/c/a/encoders/b%2Fc/d']) {
      const route = parseRoute(hash);
      expect(formatRoute(route.page, route.collection, route.rest, route.params)).toBe(hash);
    }
  });
});
