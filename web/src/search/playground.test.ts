import { describe, expect, it } from 'vitest';
import { playgroundScore } from './playground';

const labels = (same: number[]) => Array.from({ length: 15 }, (_, rank) => (same.includes(rank) ? 'a' : 'b'));

describe('the search score', () => {
  it('is 100 for all and 0 for none', () => {
    expect(playgroundScore('a', labels([...Array(15).keys()]))).toBeCloseTo(100);
    expect(playgroundScore('a', labels([]))).toBe(0);
  });
  it('weighs the first result 15 and the last 1, of 120', () => {
    expect(playgroundScore('a', labels([0]))).toBeCloseTo(12.5);
    expect(playgroundScore('a', labels([14]))).toBeCloseTo(100 / 120);
    expect(playgroundScore('a', labels([0, 1, 2]))).toBeCloseTo((100 * 42) / 120);
  });
  it('leaves out results after the first 15', () => {
    expect(playgroundScore('a', [...labels([]), 'a', 'a'])).toBe(0);
  });
  it('says nothing without results', () => expect(playgroundScore('a', [])).toBeUndefined());
});
