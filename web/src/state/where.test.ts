import { describe, expect, it } from 'vitest';
import { countFilters, noFilters, quoted, readWhere, writeWhere, type Filters } from './where';

const some = (filters: Partial<Filters>): Filters => ({ ...noFilters, ...filters });

describe('the expression of the filters', () => {
  it('is empty without filters', () => expect(writeWhere(noFilters)).toBe(''));
  it('doubles quotation marks', () => {
    expect(quoted('a "b"')).toBe('"a ""b"""');
    expect(writeWhere(some({ labels: ['x" or id > 0 or label = "'] }))).toBe('label = "x"" or id > 0 or label = """');
  });
  it('joins labels with or, everything else with and', () => {
    expect(writeWhere(some({ labels: ['a', 'b'], minWidth: 800, maxSize: 2000 })))
      .toBe('(label = "a" or label = "b") and width >= 800 and size <= 2000');
  });
  it('takes the last day whole', () => {
    expect(writeWhere(some({ from: '2026-01-01', to: '2026-01-31' })))
      .toBe('modified >= "2026-01-01" and modified < "2026-02-01"');
  });
  it('leaves out numbers that are none', () => expect(writeWhere(some({ minWidth: NaN }))).toBe(''));
});

describe('reading an expression', () => {
  it('gives back the expression written', () => {
    for (const filters of [
      noFilters,
      some({ labels: ['a "quoted" one', 'and width >= 3'] }),
      some({ path: '100%', minHeight: 3, minSize: 1, maxSize: 2, from: '2024-02-29', to: '2024-02-29' }),
      some({ labels: [''], path: 'a"b' }),
    ]) {
      const read = readWhere(writeWhere(filters));
      expect(read && writeWhere(read)).toBe(writeWhere(filters));
    }
  });
  it('admits words that it does not understand', () => {
    for (const where of ['id < 3', 'not label = "a"', 'label in ("a")', 'label = "a" or width >= 3']) {
      expect(readWhere(where)).toBeUndefined();
    }
  });
  it('counts kinds of filters', () => {
    expect(countFilters(noFilters)).toBe(0);
    expect(countFilters(some({ labels: ['a', 'b'], minWidth: 1, minHeight: 2, to: '2026-01-01' }))).toBe(3);
  });
});
