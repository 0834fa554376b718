import { expect, it } from 'vitest';
import { maskOf } from './masks';
import { SHAPES } from './palette';

function picture(shape: number, side: number): string[] {
  const rows = Array.from({ length: side }, () => '.'.repeat(side));
  const mask = maskOf(shape, side);
  for (let i = 0; i < mask.length; i += 3) {
    const [row, from, to] = [mask[i]!, mask[i + 1]!, mask[i + 2]!];
    rows[row] = rows[row]!.slice(0, from) + '#'.repeat(to - from) + rows[row]!.slice(to);
  }
  return rows;
}

it('draws a circle, a plus and a ring', () => {
  expect(picture(0, 5)).toEqual(['.###.', '#####', '#####', '#####', '.###.']);
  expect(picture(4, 7)).toEqual([
    '..###..', '..###..', '#######', '#######', '#######', '..###..', '..###..',
  ]);
  expect(picture(5, 7)[3]).toBe('##...##');
});

it('draws no two shapes alike, and none that leans to a side', () => {
  const all = SHAPES.map((_, shape) => picture(shape, 11));
  expect(new Set(all.map((rows) => rows.join())).size).toBe(SHAPES.length);
  for (const row of all.flat()) expect(row).toBe([...row].reverse().join(''));
});

it('fills what is too small for a shape', () => {
  expect(picture(5, 2)).toEqual(['##', '##']);
  expect(picture(5, 4)).toEqual(['.##.', '####', '####', '.##.']);
});
