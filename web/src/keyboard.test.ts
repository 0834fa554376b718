import { describe, expect, it } from 'vitest';
import { Keys } from './keyboard';

describe('keys', () => {
  it('goes to a page after g, only for a moment and only once', () => {
    const keys = new Keys();
    expect(keys.press('m', 0)).toBeUndefined();
    keys.press('g', 100);
    expect(keys.press('m', 200)).toBe('map');
    expect(keys.press('m', 300)).toBeUndefined();
    keys.press('g', 400);
    expect(keys.press('m', 9000)).toBeUndefined();
  });
  it('takes a second g as the first', () => {
    const keys = new Keys();
    keys.press('g', 0);
    keys.press('g', 1);
    expect(keys.press('l', 2)).toBe('collections');
  });
  it('knows / and ?', () => {
    const keys = new Keys();
    expect([keys.press('/', 0), keys.press('?', 1), keys.press('x', 2)]).toEqual(['focus search', 'show shortcuts', undefined]);
  });
});
