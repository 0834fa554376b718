import { expect, it } from 'vitest';
import { bySize, solo, toggle } from './legend';

it('hides and shows', () => {
  expect([...toggle(new Set(), 2)]).toEqual([2]);
  expect([...toggle(new Set([1, 2]), 2)]).toEqual([1]);
});

it('shows one alone, and all again', () => {
  const alone = solo(new Set([1]), 1, 4);
  expect([...alone]).toEqual([0, 2, 3]);
  expect(solo(alone, 1, 4).size).toBe(0);
  expect([...solo(alone, 2, 4)]).toEqual([0, 1, 3]);
});

it('lists the largest first', () => {
  expect(bySize([{ count: 2 }, { count: 9 }, { count: 2 }])).toEqual([1, 0, 2]);
});
