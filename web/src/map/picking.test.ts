import { describe, expect, it } from 'vitest';
import { buildTree, inside, Picking, SPAN, type Direction } from './picking';
import type { Box, Point } from './view';

const COUNT = 3_000;
const all = (): boolean => true;
const sorted = (found: number[]): number[] => found.sort((a, b) => a - b);
const even = (index: number): boolean => index % 2 === 0;

/** Points anywhere, the same in every run. */
function scatter(count: number): Uint16Array {
  let state = 7;
  return Uint16Array.from({ length: 2 * count }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 16;
  });
}

const xy = scatter(COUNT);
const picking = new Picking(xy, buildTree(xy));
const indices = Array.from({ length: COUNT }, (_, i) => i);
const apart = (index: number, { x, y }: Point): number =>
  Math.hypot(picking.at(index).x - x, picking.at(index).y - y);
const within = (index: number, box: Box): boolean => {
  const { x, y } = picking.at(index);
  return x >= box.x0 && x <= box.x1 && y >= box.y0 && y <= box.y1;
};

describe('picking', () => {
  it.each([0.1, 0.33, 0.5, 0.9])('finds the nearest as a look at all does, at %d', (x) => {
    const world = { x, y: 1 - x };
    for (const accept of [all, even]) {
      const nearest = indices
        .filter(accept)
        .reduce((a, b) => (apart(b, world) < apart(a, world) ? b : a));
      expect(picking.nearest(world, 0.2, accept)).toBe(nearest);
    }
    expect(picking.nearest({ x: 3, y: 3 }, 0.2, all)).toBeNull();
  });

  it('finds what is in a box, and says null for too many', () => {
    for (const box of [
      { x0: 0.2, y0: 0.3, x1: 0.4, y1: 0.5 },
      { x0: -1, y0: -1, x1: 2, y1: 2 },
      { x0: 0.5, y0: 0.5, x1: 0.5, y1: 0.5 },
    ]) {
      const truth = indices.filter((index) => even(index) && within(index, box));
      expect(sorted(picking.inBox(box, even))).toEqual(truth);
      expect(sorted(picking.fewInBox(box, truth.length + 1, even)!)).toEqual(truth);
      expect(picking.fewInBox(box, truth.length, even)).toBeNull();
    }
  });

  it('finds what a lasso holds, also one that is not convex', () => {
    const arrow = [
      { x: 0.1, y: 0.1 },
      { x: 0.9, y: 0.5 },
      { x: 0.1, y: 0.9 },
      { x: 0.4, y: 0.5 },
    ];
    const found = sorted(picking.inLasso(arrow, all));
    expect(found).toEqual(indices.filter((index) => inside(arrow, picking.at(index))));
    expect(inside(arrow, { x: 0.2, y: 0.5 })).toBe(false);
    expect(inside(arrow, { x: 0.6, y: 0.5 })).toBe(true);
    expect(picking.inLasso(arrow.slice(0, 2), all)).toEqual([]);
  });

  it.each(['left', 'right', 'up', 'down'] as Direction[])('steps to the next one %s', (to) => {
    const from = picking.nearest({ x: 0.5, y: 0.5 }, 0.2, all)!;
    const origin = picking.at(from);
    const next = picking.next(from, to, all)!;
    const { x, y } = picking.at(next);
    const [dx, dy] = [x - origin.x, y - origin.y];
    const ahead = { left: -dx, right: dx, up: dy, down: -dy }[to];
    expect(ahead).toBeGreaterThan(0);
    expect(ahead).toBeGreaterThanOrEqual(Math.hypot(dx, dy) / Math.SQRT2 - 1e-9);
    expect(apart(next, origin)).toBeLessThan(0.2);
  });

  it('knows the box around all points', () => {
    const three = Uint16Array.from([100, 900, 500, 300, 200, 65_535]);
    const { x0, y0, x1, y1 } = new Picking(three, buildTree(three)).extent();
    expect([x0, y0, x1, y1].map((side) => Math.round(side * SPAN))).toEqual([100, 300, 500, 65_535]);
  });

  it('stops at the edge, and takes an empty map', () => {
    const corner = new Uint16Array([0, 0, SPAN, SPAN]);
    const two = new Picking(corner, buildTree(corner));
    expect(two.next(0, 'right', all)).toBe(1);
    expect(two.next(0, 'left', all)).toBeNull();
    const none = new Picking(new Uint16Array(0), buildTree(new Uint16Array(0)));
    expect(none.nearest({ x: 0.5, y: 0.5 }, 1, all)).toBeNull();
    expect(none.fewInBox({ x0: 0, y0: 0, x1: 1, y1: 1 }, 5, all)).toEqual([]);
  });
});
