// Which points are where: nearest to the pointer, in a box, inside a lasso, next in a direction.
import KDBush from 'kdbush';
import type { Box, Point } from './view';

/** Span of a coordinate: the unit square of the world is 0 to 65,535 in the columns. */
export const SPAN = 65_535;

/** Whether a point takes part. */
export type Accept = (index: number) => boolean;
export type Direction = 'left' | 'right' | 'up' | 'down';

export function buildTree(xy: Uint16Array): KDBush {
  const tree = new KDBush(xy.length / 2, 64, Uint16Array);
  for (let i = 0; i < xy.length; i += 2) tree.add(xy[i]!, xy[i + 1]!);
  return tree.finish();
}

export class Picking {
  constructor(
    readonly xy: Uint16Array,
    private readonly tree: KDBush,
  ) {}

  /** Where a point is in the world. */
  at(index: number): Point {
    return { x: this.xy[2 * index]! / SPAN, y: this.xy[2 * index + 1]! / SPAN };
  }

  /** The smallest box around all points; the whole world where there are none. */
  extent(): Box {
    const { xy } = this;
    if (xy.length === 0) return { x0: 0, y0: 0, x1: 1, y1: 1 };
    let [x0, y0, x1, y1] = [SPAN, SPAN, 0, 0];
    for (let i = 0; i < xy.length; i += 2) {
      [x0, x1] = [Math.min(x0, xy[i]!), Math.max(x1, xy[i]!)];
      [y0, y1] = [Math.min(y0, xy[i + 1]!), Math.max(y1, xy[i + 1]!)];
    }
    return { x0: x0 / SPAN, y0: y0 / SPAN, x1: x1 / SPAN, y1: y1 / SPAN };
  }

  /** The nearest point within `radius` (of the world), or null. */
  nearest(world: Point, radius: number, accept: Accept): number | null {
    const found = this.tree.within(world.x * SPAN, world.y * SPAN, radius * SPAN);
    return this.least(found.filter(accept), (dx, dy) => Math.hypot(dx, dy), world);
  }

  /** All points in a box; those near each other come one after the other, roughly. */
  inBox(box: Box, accept: Accept): number[] {
    const { x0, y0, x1, y1 } = box;
    return this.tree.range(x0 * SPAN, y0 * SPAN, x1 * SPAN, y1 * SPAN).filter(accept);
  }

  /** The points in a box if they are fewer than `limit`, else null as soon as that is known. */
  fewInBox(box: Box, limit: number, accept: Accept): number[] | null {
    const low = [box.x0 * SPAN, box.y0 * SPAN] as const;
    const high = [box.x1 * SPAN, box.y1 * SPAN] as const;
    const { ids, coords, nodeSize } = this.tree;
    const found: number[] = [];
    const take = (at: number): void => {
      const [x, y] = [coords[2 * at]!, coords[2 * at + 1]!];
      const inside = x >= low[0] && x <= high[0] && y >= low[1] && y <= high[1];
      if (inside && accept(ids[at]!)) found.push(ids[at]!);
    };
    const walk = (left: number, right: number, axis: 0 | 1): void => {
      if (found.length >= limit) return;
      if (right - left <= nodeSize) {
        for (let at = left; at <= right && found.length < limit; at++) take(at);
        return;
      }
      const middle = (left + right) >> 1;
      const value = coords[2 * middle + axis]!;
      take(middle);
      if (low[axis] <= value) walk(left, middle - 1, axis === 0 ? 1 : 0);
      if (high[axis] >= value) walk(middle + 1, right, axis === 0 ? 1 : 0);
    };
    walk(0, ids.length - 1, 0);
    return found.length < limit ? found : null;
  }

  /** The points inside a polygon of the world. */
  inLasso(polygon: Point[], accept: Accept): number[] {
    if (polygon.length < 3) return [];
    const xs = polygon.map(({ x }) => x);
    const ys = polygon.map(({ y }) => y);
    const box = {
      x0: Math.min(...xs),
      y0: Math.min(...ys),
      x1: Math.max(...xs),
      y1: Math.max(...ys),
    };
    return this.inBox(box, (index) => accept(index) && inside(polygon, this.at(index)));
  }

  /** The nearest point that lies in `direction` of another, at most 45° off; null if none does. */
  next(from: number, direction: Direction, accept: Accept): number | null {
    const origin = this.at(from);
    const along = { left: [-1, 0], right: [1, 0], up: [0, 1], down: [0, -1] } as const;
    const [ax, ay] = along[direction];
    for (let radius = 1 / 128; ; radius *= 2) {
      const reach = this.tree.within(origin.x * SPAN, origin.y * SPAN, radius * SPAN);
      const cost = (dx: number, dy: number): number => {
        const ahead = dx * ax + dy * ay;
        const aside = Math.abs(dx * ay) + Math.abs(dy * ax);
        return ahead > 0 && aside <= ahead ? Math.hypot(dx, dy) : Infinity;
      };
      const found = this.least(reach.filter(accept), cost, origin);
      if (found !== null || radius > 2) return found;
    }
  }

  /** The one of least finite cost, by its way from `origin`. */
  private least(
    indices: number[],
    cost: (dx: number, dy: number) => number,
    origin: Point,
  ): number | null {
    let best: number | null = null;
    let least = Infinity;
    for (const index of indices) {
      const { x, y } = this.at(index);
      const value = cost(x - origin.x, y - origin.y);
      if (value < least) [best, least] = [index, value];
    }
    return best;
  }
}

/** Whether a point is inside a polygon, by counting the edges to its right. */
export function inside(polygon: Point[], { x, y }: Point): boolean {
  let odd = false;
  let before = polygon[polygon.length - 1]!;
  for (const corner of polygon) {
    const crosses = corner.y > y !== before.y > y;
    const where = corner.x + ((y - corner.y) / (before.y - corner.y)) * (before.x - corner.x);
    if (crosses && x < where) odd = !odd;
    before = corner;
  }
  return odd;
}
