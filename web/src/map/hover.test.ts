import { beforeEach, expect, it, vi } from 'vitest';
import { Hover } from './hover';

let shown: (number | null)[];
let hover: Hover;

beforeEach(() => {
  vi.useFakeTimers();
  shown = [];
  hover = new Hover((index) => shown.push(index));
});

it('shows a card after a while, not for a point that is only passed', () => {
  hover.move(1);
  vi.advanceTimersByTime(100);
  hover.move(2);
  vi.advanceTimersByTime(124);
  expect(shown).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(shown).toEqual([2]);
});

it('keeps the card for a while after leaving, and while the pointer is on it', () => {
  hover.set(3);
  hover.move(null);
  vi.advanceTimersByTime(259);
  hover.keep();
  vi.advanceTimersByTime(1000);
  expect(shown).toEqual([3]);
  hover.move(null);
  vi.advanceTimersByTime(260);
  expect(shown).toEqual([3, null]);
});

it('keeps the card when the pointer comes back in time', () => {
  hover.set(3);
  hover.move(null);
  vi.advanceTimersByTime(200);
  hover.move(3);
  vi.advanceTimersByTime(1000);
  expect(shown).toEqual([3]);
});

it('takes the card away at once when told', () => {
  hover.move(1);
  hover.set(null);
  vi.advanceTimersByTime(1000);
  expect(shown).toEqual([]);
});
