import { expect, it } from 'vitest';
import { inOrder, sampleSize, shuffled } from './sample';

it('has every point once, in the same order every time', () => {
  const order = shuffled(1000);
  expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, place) => place));
  expect(shuffled(1000)).toEqual(order);
  expect([...shuffled(0), ...shuffled(1)]).toEqual([0]);
});

it('has a fair share of every class in front, however the points lie', () => {
  const [count, classes, share] = [100_000, 10, 0.1];
  const found = new Array<number>(classes).fill(0);
  for (const point of shuffled(count).subarray(0, count * share)) found[Math.floor((point / count) * classes)]!++;
  // 1,000 of each are expected, with a standard deviation of 30.
  for (const number of found) expect(Math.abs(number - 1000)).toBeLessThan(120);
});

it('takes the values of a point along', () => {
  const order = Uint32Array.of(2, 0, 1);
  expect([...inOrder(Uint8Array.of(7, 8, 9), order)]).toEqual([9, 7, 8]);
  expect([...inOrder(Uint16Array.of(1, 2, 3, 4, 5, 6), order, 2)]).toEqual([5, 6, 1, 2, 3, 4]);
});

it('draws all of a whole and at least one of a part', () => {
  expect([sampleSize(10, 1), sampleSize(10, 0.31), sampleSize(10, 0.001), sampleSize(0, 0.5)]).toEqual([10, 4, 1, 0]);
});
