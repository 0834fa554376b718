import { describe, expect, it } from 'vitest';
import type { Item, Result, Results } from '../api/types';
import { labelRows, movedPlace, plainRows, rankedRows, rowOf, type Row } from './grid_rows';

const item = (id: number, label = 'a'): Item => ({ id, path: `${id}.png`, label, width: 1, height: 1, size: 1, modified: 0, added: 0 });
const result = (rank: number, relevant: boolean, label = 'a', folded: Item[] = []): Result =>
  ({ rank, item: item(rank, label), score: 1, distance: 0, relevant, folded });
const answer = (results: Result[], line: number | null = 0.5): Results => ({
  space: 's', metric: 'cosine', complete: true, results, relevant: 0, relevance_line: line, candidates: 9, index: 'flat', rows_read: 9,
  timings: { encode: 0, search: 0, total: 0 },
});
const shape = (rows: Row[]) => rows.map((row) => (row.kind === 'tiles' ? row.tiles.map((tile) => tile.item.id) : row.kind));

describe('rows of results', () => {
  const results = [result(1, true), result(2, true, 'b', [item(20, 'b'), item(21, 'b')]), result(3, true), result(4, false, 'b')];
  it('draws the line after the relevant ones', () => {
    expect(shape(rankedRows(answer(results), 2, new Set()))).toEqual([[1, 2], [3], 'line', [4]]);
  });
  it('draws no line where none is known, and one at the top where nothing is relevant', () => {
    expect(shape(rankedRows(answer(results, null), 4, new Set()))).toEqual([[1, 2, 3, 4]]);
    expect(shape(rankedRows(answer([result(1, false)]), 4, new Set()))).toEqual(['line', [1]]);
  });
  it('unfolds near-duplicates after their best', () => {
    const rows = rankedRows(answer(results), 3, new Set([2]));
    expect(shape(rows)).toEqual([[1, 2, 20], [21, 3], 'line', [4]]);
    expect(rows.flatMap((row) => (row.kind === 'tiles' ? row.tiles.map((tile) => tile.place) : []))).toEqual([0, 1, 2, 3, 4, 5]);
  });
  it('groups by label, the best first', () => {
    expect(shape(labelRows(answer(results), 2, new Set()))).toEqual(['label', [1, 3], 'label', [2, 4]]);
  });
});

describe('moving in rows', () => {
  const rows = plainRows([0, 1, 2, 3, 4, 5, 6, 7].map((id) => item(id)), 3);
  it('goes where arrows and letters point', () => {
    expect([movedPlace(rows, 4, 'ArrowLeft'), movedPlace(rows, 4, 'l'), movedPlace(rows, 4, 'k'), movedPlace(rows, 4, 'j')]).toEqual([3, 5, 1, 7]);
  });
  it('stays at the edges and takes the nearest of a short row', () => {
    expect([movedPlace(rows, 0, 'h'), movedPlace(rows, 0, 'k'), movedPlace(rows, 7, 'l'), movedPlace(rows, 5, 'j')]).toEqual([0, 0, 7, 7]);
    expect([movedPlace(rows, 4, 'Home'), movedPlace(rows, 4, 'End'), movedPlace(rows, 4, 'x')]).toEqual([0, 7, undefined]);
  });
  it('crosses the line', () => {
    const crossed = rankedRows(answer([result(1, true), result(2, false)]), 2, new Set());
    expect(movedPlace(crossed, 0, 'ArrowDown')).toBe(1);
    expect(rowOf(crossed, 1)).toBe(2);
  });
  it('has an answer without rows', () => expect(movedPlace([], 0, 'End')).toBe(0));
});
