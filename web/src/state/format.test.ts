import { describe, expect, it } from 'vitest';
import { bytes, count, duration, fileName, milliseconds } from './format';

describe('numbers', () => {
  it('shows bytes', () => expect([0, 999, 1000, 15_300, 5.1e6, 2e15].map(bytes)).toEqual(['0 B', '999 B', '1.0 kB', '15 kB', '5.1 MB', '2000 TB']));
  it('shows counts', () => expect([count(1, 'picture'), count(1234, 'picture')]).toEqual(['1 picture', '1,234 pictures']));
  it('shows durations', () => expect([-1, 59.4, 125, 11_400].map(duration)).toEqual(['0 s', '59 s', '2 min 5 s', '3 h 10 min']));
  it('shows milliseconds', () => expect([0, 0.0017, 1.44, 44.4, 2300].map(milliseconds)).toEqual(['0.0 ms', '1.7 µs', '1.4 ms', '44 ms', '2.3 s']));
  it('names files', () => expect(['a/b.png', 'b.png'].map(fileName)).toEqual(['b.png', 'b.png']));
});
