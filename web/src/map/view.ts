// The camera over a map. World: the unit square, y up. Screen: CSS pixels from the top left, y down.

export interface Point {
  x: number;
  y: number;
}

export interface Size {
  width: number;
  height: number;
}

/** A rectangle of the world. */
export interface Box {
  x0: number;
  y0: number;
  x1: number;
  y1: number;
}

/** The world point (x, y) is in the middle of the screen; `scale` pixels show one unit. */
export interface View extends Size {
  x: number;
  y: number;
  scale: number;
}

/** The place in the middle of a screen of any size, and its magnification of the whole map. */
export interface Spot extends Point {
  zoom: number;
}

/** Pixels kept free around a fitted map. */
const MARGIN = 24;
const FARTHEST = 0.5;
const NEAREST = 1_000;

/** The scale that shows the whole unit square. */
export function fitScale({ width, height }: Size): number {
  return Math.max(1, Math.min(width, height) - 2 * MARGIN);
}

export function fit(size: Size): View {
  return { x: 0.5, y: 0.5, scale: fitScale(size), width: size.width, height: size.height };
}

/** The view that shows `box`, and some of its surroundings. */
export function fitBox(size: Size, box: Box): View {
  const width = Math.max(1, size.width - 4 * MARGIN);
  const height = Math.max(1, size.height - 4 * MARGIN);
  const scale = Math.min(width / (box.x1 - box.x0), height / (box.y1 - box.y0));
  const middle = { x: (box.x0 + box.x1) / 2, y: (box.y0 + box.y1) / 2 };
  return bounded({ ...size, ...middle, scale: Math.min(scale, 20 * fitScale(size)) });
}

/** Keeps the middle on the map and the scale within reason. */
function bounded(view: View): View {
  const whole = fitScale(view);
  return {
    ...view,
    x: Math.min(1, Math.max(0, view.x)),
    y: Math.min(1, Math.max(0, view.y)),
    scale: Math.min(NEAREST * whole, Math.max(FARTHEST * whole, view.scale)),
  };
}

export function toScreen(view: View, world: Point): Point {
  return {
    x: view.width / 2 + (world.x - view.x) * view.scale,
    y: view.height / 2 - (world.y - view.y) * view.scale,
  };
}

export function toWorld(view: View, screen: Point): Point {
  return {
    x: view.x + (screen.x - view.width / 2) / view.scale,
    y: view.y - (screen.y - view.height / 2) / view.scale,
  };
}

/** Moves the view by so many pixels. */
export function pan(view: View, dx: number, dy: number): View {
  return bounded({ ...view, x: view.x - dx / view.scale, y: view.y + dy / view.scale });
}

/** Magnifies by `factor`; the place under `anchor` stays there, unless a bound is met. */
export function zoom(view: View, factor: number, anchor: Point): View {
  const { scale } = bounded({ ...view, scale: view.scale * factor });
  const under = toWorld(view, anchor);
  return bounded({
    ...view,
    scale,
    x: under.x - (anchor.x - view.width / 2) / scale,
    y: under.y + (anchor.y - view.height / 2) / scale,
  });
}

/** Magnification of a turn of the wheel; `mode` is `WheelEvent.deltaMode`. */
export function wheelFactor(delta: number, mode: number, pinching: boolean): number {
  const pixels = delta * (mode === 0 ? 1 : mode === 1 ? 16 : 400);
  return Math.exp(-Math.max(-240, Math.min(240, pixels)) * (pinching ? 0.01 : 0.002));
}

/** Two fingers were at `before` and are at `after`: the places under them stay under them. */
export function pinch(view: View, before: [Point, Point], after: [Point, Point]): View {
  const middle = ([a, b]: [Point, Point]): Point => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
  const gap = ([a, b]: [Point, Point]): number => Math.max(1, Math.hypot(a.x - b.x, a.y - b.y));
  const from = middle(before);
  const to = middle(after);
  return pan(zoom(view, gap(after) / gap(before), from), to.x - from.x, to.y - from.y);
}

/** The same place at the same magnification on a screen of another size. */
export function resize(view: View, size: Size): View {
  const scale = (view.scale / fitScale(view)) * fitScale(size);
  return bounded({ ...view, ...size, scale });
}

/** The view a share `t` of the way from one to another. */
export function along(from: View, to: View, t: number): View {
  return {
    ...to,
    x: from.x + (to.x - from.x) * t,
    y: from.y + (to.y - from.y) * t,
    scale: from.scale * (to.scale / from.scale) ** t,
  };
}

/** The part of the world that is on the screen, and `margin` pixels around it. */
export function shown(view: View, margin = 0): Box {
  const low = toWorld(view, { x: -margin, y: view.height + margin });
  const high = toWorld(view, { x: view.width + margin, y: -margin });
  return { x0: low.x, y0: low.y, x1: high.x, y1: high.y };
}

/** The least pan that brings `world` on the screen, `margin` pixels from its edge. */
export function reveal(view: View, world: Point, margin = 48): View {
  const { x, y } = toScreen(view, world);
  const within = (value: number, length: number): number =>
    Math.min(Math.max(value, Math.min(margin, length / 2)), Math.max(length - margin, length / 2));
  return pan(view, within(x, view.width) - x, within(y, view.height) - y);
}
