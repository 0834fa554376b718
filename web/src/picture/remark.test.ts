import { describe, expect, it } from 'vitest';
import { remarkOf } from './remark';

describe('files that are not used', () => {
  const broken = { name: 'b.png', why: 'It is empty.' };
  it('says nothing where all are', () => expect(remarkOf(['a', 'b'], [], [])).toBe(''));
  it('says why one alone is not', () => expect(remarkOf([], [broken], [])).toBe('It is empty.'));
  it('names those used, refused and left out', () => {
    expect(remarkOf(['a', 'c'], [broken], ['d'])).toBe('2 of 4 files are used: a, c. b.png: It is empty. One question takes 2 pictures; left out: d.');
    expect(remarkOf([], [broken, broken], [])).toMatch(/^None of the 2 files is used/);
  });
});
