// Drawing of the points. There are two: webgl.ts, and canvas2d.ts where no card does WebGL2.
import type { Point, View } from './view';

/** Pixels of the longer side of a picture. */
export const CELL = 64;
/** Pictures that a renderer keeps. */
export const CELLS = 1024;

/** A picture in place of a point. */
export interface Picture {
  index: number;
  /** Where `setPicture` put it. */
  cell: number;
}

export interface Frame {
  view: View;
  /** Device pixels in a CSS pixel. */
  ratio: number;
  /** How far the points are on their way: 0 at the start, 1 there. */
  t: number;
  /** Of a point, in CSS pixels. */
  diameter: number;
  /** Of the points that are drawn: 1 for all, less to keep up while things move. The selected are drawn always. */
  share: number;
  /** Drawn above the points. */
  pictures: Picture[];
  /** Of a picture, in CSS pixels. */
  side: number;
}

export interface Renderer {
  readonly kind: 'webgl2' | 'canvas2d';
  /** Points go from `start` to `xy`; coordinates are 0 to 65,535. All lists have one point each. */
  setPoints(xy: Uint16Array, start: Uint16Array): void;
  /** The entry of each point in a palette of 256 times red, green, blue and shape. */
  setColors(entries: Uint8Array, palette: Uint8Array): void;
  /** See states.ts. */
  setStates(states: Uint8Array): void;
  setPicture(cell: number, picture: ImageBitmap): void;
  draw(frame: Frame): void;
  dispose(): void;
}

/** Pixels of a point: fewer where there are many, more when one looks closely. */
export function diameterOf(count: number, magnification: number): number {
  const base = Math.max(1.5, 12 - 2 * Math.log10(Math.max(1, count)));
  return Math.min(18, Math.max(1, base * magnification ** 0.4));
}

/** Pixels of a picture: a part of the way between points that lie evenly. */
export function sideOf(count: number, view: View): number {
  return Math.min(88, Math.max(26, (0.4 * view.scale) / Math.sqrt(Math.max(1, count))));
}

/** Where a point is while it is on its way. */
export function pointAt(xy: Uint16Array, start: Uint16Array, t: number, index: number): Point {
  const at = (i: number): number => (start[i]! + (xy[i]! - start[i]!) * t) / 65_535;
  return { x: at(2 * index), y: at(2 * index + 1) };
}
