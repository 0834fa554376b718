import { describe, expect, it } from 'vitest';
import { keptOf } from './kept';

describe('keptOf', () => {
  it('tells pictures that are missing and those of disks that are away', () => {
    const told = keptOf({ added: 3, missing: 12, away: 1 });
    expect(told).toHaveLength(2);
    expect(told[0]).toMatch(/^12 pictures not in the folder .* once more/);
    expect(told[1]).toMatch(/^1 picture of disks/);
  });
  it('says nothing of a run that kept none, nor of what is no result', () => {
    for (const result of [{ added: 3, missing: 0, away: 0 }, { added: 3 }, null, undefined, 'x', { missing: '9' }]) {
      expect(keptOf(result)).toEqual([]);
    }
  });
});
