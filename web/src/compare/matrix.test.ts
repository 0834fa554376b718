import { describe, expect, it } from 'vitest';
import { bestOf, isAsGood, meanOf, measured, sortedRows, type ScoreRow } from './matrix';

const row = (space: string, value: number | null, more: Partial<ScoreRow> = {}, high?: number): ScoreRow =>
  ({ space, bytes: 1, values: { map: { value, ...(high !== undefined && { high }) } }, ...more });

describe('the matrix', () => {
  const rows = [row('a', 0.2, {}, 0.35), row('b', null), row('c', 0.3), row('pixels', 0.9, { baseline: true })];
  it('sorts the largest first and the unknown last', () => {
    expect(sortedRows(rows, 'map').map((one) => one.space)).toEqual(['pixels', 'c', 'a', 'b']);
  });
  it('takes the best among spaces that can be adopted', () => {
    expect(bestOf(rows, 'map')).toBe(0.3);
    expect(bestOf(rows, 'none')).toBeUndefined();
    expect([isAsGood(rows[0]!, 'map', 0.3), isAsGood(rows[1]!, 'map', 0.3), isAsGood(rows[2]!, 'map', 0.31)]).toEqual([true, false, false]);
  });
  it('shows numbers', () => expect([0.3129, 63.21, null, undefined].map(measured)).toEqual(['0.313', '63.2', '–', '–']));
  it('has a mean', () => expect([meanOf([1, 2]), meanOf([])]).toEqual([1.5, 0]));
});
