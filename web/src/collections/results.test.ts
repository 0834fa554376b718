import { describe, expect, it } from 'vitest';
import { benchOf, chosenLine, fastestLine, figuresOf } from './bench';
import { damageOf } from './damage';

const line = (index: string, aim: number | null) =>
  ({ index, aim, recall: 1, p50_ms: 1, p99_ms: 2, queries_per_second: 900, memory_bytes: 5, build_seconds: 0 });
const result = { space: 'net', k: 10, auto: 'graph', recall_wanted: 0.99, fastest_one: { index: 'graph', aim: 0.99 }, lines: [line('flat', null), line('graph', 0.9), line('graph', 0.99)] };

describe('the result of a bench job', () => {
  it('is read, and the line in use is the first of its kind', () => {
    const bench = benchOf(result);
    expect(bench?.lines).toHaveLength(3);
    expect(bench && chosenLine(bench)).toMatchObject({ index: 'graph', aim: 0.9 });
    expect(bench && fastestLine(bench)).toMatchObject({ index: 'graph', aim: 0.99 });
  });
  it('is told of each kind of index in a few words', () => {
    const bench = benchOf({ ...result, lines: [line('flat', null), { ...line('graph', 0.9), recall: 0.9819, p50_ms: 0.25 }] });
    expect(figuresOf(bench, 'flat')).toBe('finds 100 %, 1.0 ms');
    expect(figuresOf(bench, 'graph')).toBe('finds 98.2 %, 0.3 ms');
    expect([figuresOf(bench, 'coded'), figuresOf(undefined, 'flat')]).toEqual(['', '']);
  });
  it('is nothing where it is something else', () => {
    expect(benchOf(undefined)).toBeUndefined();
    expect(benchOf({ ...result, lines: [{ index: 'flat' }] })).toBeUndefined();
    expect(benchOf({ ...result, k: 'ten' })).toBeUndefined();
  });
});

describe('the result of a verify job', () => {
  it('lists damage, and none where there is none', () => {
    expect(damageOf({ damage: [{ file: 'catalog.db', what: 'a bit' }] })).toEqual([{ file: 'catalog.db', what: 'a bit' }]);
    expect(damageOf({ damage: [] })).toEqual([]);
    expect(damageOf(undefined)).toEqual([]);
  });
});
