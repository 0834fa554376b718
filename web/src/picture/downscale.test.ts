import { describe, expect, it } from 'vitest';
import { fitted } from './downscale';

describe('fitting a picture', () => {
  it('keeps small pictures', () => expect(fitted(640, 480)).toEqual({ width: 640, height: 480 }));
  it('bounds the longer side and keeps the shape', () => {
    expect(fitted(4000, 3000)).toEqual({ width: 1024, height: 768 });
    expect(fitted(3000, 4000)).toEqual({ width: 768, height: 1024 });
  });
  it('never makes a side 0', () => {
    expect(fitted(100_000, 1)).toEqual({ width: 1024, height: 1 });
    expect(fitted(0, 0)).toEqual({ width: 1, height: 1 });
  });
});
