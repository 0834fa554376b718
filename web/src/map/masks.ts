// Which pixels of a small square a shape covers, for drawing without a graphics card.

/** From so many pixels on shapes can be told; from so many on a circle is not a square. */
const SHAPED = 5;
const ROUND = 4;

/** Row, first column and one past the last column of each run of covered pixels, one after another. */
export type Mask = Int16Array;

/** The distance of a place to the edge of a shape of radius 1; shaders.ts has the same. */
function edge(shape: number, x: number, y: number): number {
  const [ax, ay] = [Math.abs(x), Math.abs(y)];
  if (shape === 1) return Math.max(ax, ay) - 0.84;
  if (shape === 2) return Math.max(0.87 * ax - 0.5 * y, y) - 0.6;
  if (shape === 3) return 0.71 * (ax + ay - 1.05);
  if (shape === 4) return Math.max(Math.max(ax, ay) - 1, Math.min(ax, ay) - 0.36);
  if (shape === 5) return Math.abs(Math.hypot(x, y) - 0.75) - 0.25;
  return Math.hypot(x, y) - 1;
}

export function maskOf(shape: number, side: number): Mask {
  const runs: number[] = [];
  const covers = (row: number, column: number): boolean => {
    if (side < ROUND) return true;
    const at = (pixel: number): number => (2 * pixel + 1) / side - 1;
    return edge(side < SHAPED ? 0 : shape, at(column), at(row)) <= 0;
  };
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      if (!covers(row, column)) continue;
      const first = column;
      while (column < side && covers(row, column)) column++;
      runs.push(row, first, column);
    }
  }
  return Int16Array.from(runs);
}
