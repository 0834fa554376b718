import { expect, it } from 'vitest';
import { select } from './selection';

it('is what was chosen', () => expect(select([1, 2], [3], false)).toEqual([3]));

it('grows, and shrinks by what it holds already', () => {
  expect(select([1, 2], [3], true)).toEqual([1, 2, 3]);
  expect(select([1, 2, 3], [2], true)).toEqual([1, 3]);
  expect(select([1, 2], [2, 3], true)).toEqual([1, 2, 3]);
});
