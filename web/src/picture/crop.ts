// A box on a picture, in shares of its sides, and how handles and keys change it. Pure.

/// x, y, width, height; each 0 to 1.
export type Box = [x: number, y: number, width: number, height: number];

/// Which sides of the box a handle holds: −1 left or top, 1 right or bottom, 0 neither. Both 0: all of it.
export interface Handle {
  name: string;
  h: -1 | 0 | 1;
  v: -1 | 0 | 1;
}

export const handles: Handle[] = [
  { name: 'top left', h: -1, v: -1 }, { name: 'top', h: 0, v: -1 }, { name: 'top right', h: 1, v: -1 },
  { name: 'right', h: 1, v: 0 }, { name: 'bottom right', h: 1, v: 1 }, { name: 'bottom', h: 0, v: 1 },
  { name: 'bottom left', h: -1, v: 1 }, { name: 'left', h: -1, v: 0 },
];

export const whole: Handle = { name: 'region', h: 0, v: 0 };
export const smallest = 0.05;
export const everything: Box = [0, 0, 1, 1];

/// The box after `handle` was drawn by (dx, dy): it stays on the picture and no smaller than `smallest`.
export function dragged(box: Box, handle: Handle, dx: number, dy: number): Box {
  const moves = handle.h === 0 && handle.v === 0;
  const [x, width] = moves ? shifted(box[0], box[2], dx) : stretched(box[0], box[2], handle.h, dx);
  const [y, height] = moves ? shifted(box[1], box[3], dy) : stretched(box[1], box[3], handle.v, dy);
  return [x, y, width, height];
}

/// The box with two opposite corners, in any order.
export function spanned(x0: number, y0: number, x1: number, y1: number): Box {
  const [left, right] = [clamp(Math.min(x0, x1), 0, 1 - smallest), clamp(Math.max(x0, x1), smallest, 1)];
  const [top, bottom] = [clamp(Math.min(y0, y1), 0, 1 - smallest), clamp(Math.max(y0, y1), smallest, 1)];
  return [left, top, Math.max(smallest, right - left), Math.max(smallest, bottom - top)];
}

/// How far an arrow key moves: a hundredth of the side, a tenth with Shift. Nothing for other keys.
export function arrowStep(key: string, wide: boolean): [dx: number, dy: number] | undefined {
  const step = wide ? 0.1 : 0.01;
  const steps: Record<string, [number, number]> = {
    ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step],
  };
  return steps[key];
}

/// A sentence about the box for screen readers.
export function describeBox([x, y, width, height]: Box): string {
  const percent = (share: number) => `${Math.round(share * 100)} %`;
  return `${percent(width)} wide, ${percent(height)} high, ${percent(x)} from the left, ${percent(y)} from the top`;
}

function shifted(start: number, length: number, by: number): [number, number] {
  return [clamp(start + by, 0, 1 - length), length];
}

function stretched(start: number, length: number, side: -1 | 0 | 1, by: number): [number, number] {
  const end = start + length;
  if (side < 0) {
    const moved = clamp(start + by, 0, end - smallest);
    return [moved, end - moved];
  }
  return side > 0 ? [start, clamp(end + by, start + smallest, 1) - start] : [start, length];
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
