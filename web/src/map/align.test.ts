import { describe, expect, it } from 'vitest';
import { between, indexOf, indicesOf, startOf } from './align';
import { statesOf } from './states';

const ids = Float64Array.of(2, 3, 5, 8);

describe('ids', () => {
  it('are found where they are', () => {
    expect([1, 2, 3, 4, 5, 8, 9].map((id) => indexOf(ids, id))).toEqual([-1, 0, 1, -1, 2, 3, -1]);
    expect(indexOf(new Float64Array(0), 1)).toBe(-1);
    expect(indicesOf(ids, [8, 4, 2])).toEqual([0, 3]);
  });
});

describe('points of two maps', () => {
  const to = { ids, xy: Uint16Array.of(1, 2, 3, 4, 5, 6, 7, 8) };

  it('start where the same id was, new ones where they end', () => {
    const from = { ids: Float64Array.of(1, 3, 8), xy: Uint16Array.of(90, 90, 30, 40, 70, 80) };
    expect([...startOf(to, from)!]).toEqual([1, 2, 30, 40, 5, 6, 70, 80]);
  });

  it('do not start from a map of other pictures', () => {
    expect(startOf(to, { ids: Float64Array.of(1), xy: Uint16Array.of(0, 0) })).toBeNull();
  });

  it('are a share of the way', () => {
    expect([...between(Uint16Array.of(0, 65_535), Uint16Array.of(10, 0), 0.5)]).toEqual([5, 32_768]);
  });
});

it('states tell hidden, selected and dimmed points', () => {
  const classes = Uint16Array.of(0, 1, 1);
  expect([...statesOf(3, [], classes, new Set())]).toEqual([0, 0, 0]);
  expect([...statesOf(3, [1], classes, new Set([1]))]).toEqual([4, 3, 5]);
  expect([...statesOf(3, [], null, new Set([1]))]).toEqual([0, 0, 0]);
});
