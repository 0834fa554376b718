import { describe, expect, it } from 'vitest';
import type { Results } from '../api/types';
import { agreementOf } from './agreement';

const answer = (ids: number[]) => ({ results: ids.map((id, index) => ({ item: { id }, rank: index + 1 })) }) as unknown as Results;

describe('agreement of answers', () => {
  const { ranks, ties, inAll } = agreementOf([answer([7, 3, 5]), answer([3, 7, 9]), answer([3, 8, 5])]);
  it('knows every rank', () => {
    expect(ranks.get(7)).toEqual([1, 2, undefined]);
    expect(ranks.get(9)).toEqual([undefined, 3, undefined]);
  });
  it('numbers results that several have, by the best rank', () => expect([...ties]).toEqual([[3, 1], [7, 2], [5, 3]]));
  it('counts results that all have', () => expect(inAll).toBe(1));
  it('has nothing to say of answers that are not there yet', () => {
    expect(agreementOf([undefined, answer([1])]).ties.size).toBe(0);
  });
});
