import { describe, expect, it } from 'vitest';
import { arrowStep, describeBox, dragged, handles, smallest, spanned, whole, type Box } from './crop';

const near = (box: Box, wanted: Box) => box.forEach((side, i) => expect(side).toBeCloseTo(wanted[i]!, 9));
const handle = (name: string) => handles.find((one) => one.name === name)!;
const middle: Box = [0.25, 0.25, 0.5, 0.5];

describe('the crop box', () => {
  it('moves without changing its size and stops at the edge', () => {
    near(dragged(middle, whole, 0.1, -0.1), [0.35, 0.15, 0.5, 0.5]);
    near(dragged(middle, whole, 9, -9), [0.5, 0, 0.5, 0.5]);
  });
  it('moves only the sides its handle holds', () => {
    near(dragged(middle, handle('left'), 0.1, 0.3), [0.35, 0.25, 0.4, 0.5]);
    near(dragged(middle, handle('bottom right'), 0.1, 0.2), [0.25, 0.25, 0.6, 0.7]);
    near(dragged(middle, handle('top'), 0.3, -1), [0.25, 0, 0.5, 0.75]);
  });
  it('never leaves the picture nor gets too small, whatever is done', () => {
    for (const one of [...handles, whole]) {
      for (const [dx, dy] of [[5, 5], [-5, -5], [5, -5], [0.3, -0.2]] as const) {
        const [x, y, width, height] = dragged(middle, one, dx, dy);
        expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
        expect(Math.max(x + width, y + height)).toBeLessThanOrEqual(1 + 1e-9);
        expect(Math.min(width, height)).toBeGreaterThanOrEqual(smallest - 1e-9);
      }
    }
  });
  it('spans corners in any order, on the picture', () => {
    near(spanned(0.8, 0.9, 0.2, 0.1), [0.2, 0.1, 0.6, 0.8]);
    near(spanned(-1, -1, 2, 2), [0, 0, 1, 1]);
    const [x, , width] = spanned(1, 1, 1, 1);
    expect(x + width).toBeLessThanOrEqual(1 + 1e-9);
  });
  it('goes by 1 % with arrows, by 10 % with Shift', () => {
    expect(arrowStep('ArrowLeft', false)).toEqual([-0.01, 0]);
    expect(arrowStep('ArrowDown', true)).toEqual([0, 0.1]);
    expect(arrowStep('a', false)).toBeUndefined();
  });
  it('can be told', () => expect(describeBox(middle)).toBe('50 % wide, 50 % high, 25 % from the left, 25 % from the top'));
});
