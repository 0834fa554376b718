// Marks above the points: the pointed-at one, a lasso, and the place of a query.
import type { Colors } from './theme';
import { toScreen, type Point, type View } from './view';

/** Where a query lies, in the world. */
export interface PlaceMark {
  at: Point;
  /** Within which its neighbours lie: how unsure the place is. */
  spread: number;
  /** Like nothing on the map. */
  off: boolean;
  neighbors: Point[];
}

/** In the world, all of them. */
export interface Marks {
  hover: Point | null;
  lasso: Point[];
  place: PlaceMark | null;
  /** Of crowds, the largest first. */
  names: { text: string; at: Point }[];
}

type Context = CanvasRenderingContext2D;

export function drawOverlay(
  context: Context,
  view: View,
  ratio: number,
  marks: Marks,
  colors: Colors,
  radius: number,
): void {
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, view.width, view.height);
  drawNames(context, view, marks.names, colors);
  if (marks.place) drawPlace(context, view, marks.place, colors);
  if (marks.hover) {
    circle(context, toScreen(view, marks.hover), radius + 4);
    outlined(context, colors.text, colors.surface, 2);
  }
  if (marks.lasso.length > 1) drawLasso(context, view, marks.lasso, colors);
}

/** Writes the names that do not lie on one written before. */
function drawNames(context: Context, view: View, names: Marks['names'], colors: Colors): void {
  const height = 14;
  const taken: { x: number; y: number; half: number }[] = [];
  context.font = `600 ${height}px ${colors.font}`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.lineJoin = 'round';
  for (const { text, at } of names) {
    const { x, y } = toScreen(view, at);
    const half = context.measureText(text).width / 2 + 4;
    if (x < -half || x > view.width + half || y < -height || y > view.height + height) continue;
    const meets = taken.some(
      (other) =>
        Math.abs(other.x - x) < other.half + half && Math.abs(other.y - y) < 1.3 * height,
    );
    if (meets) continue;
    taken.push({ x, y, half });
    context.strokeStyle = colors.surface;
    context.lineWidth = 4;
    context.strokeText(text, x, y);
    context.fillStyle = colors.text;
    context.fillText(text, x, y);
  }
}

function drawPlace(context: Context, view: View, place: PlaceMark, colors: Colors): void {
  const at = toScreen(view, place.at);
  const color = place.off ? colors.warn : colors.accent;
  for (const neighbor of place.neighbors) {
    const end = toScreen(view, neighbor);
    context.beginPath();
    context.moveTo(at.x, at.y);
    context.lineTo(end.x, end.y);
    context.globalAlpha = 0.7;
    outlined(context, color, colors.surface, 1.25);
    context.globalAlpha = 1;
    circle(context, end, 3);
    context.fillStyle = color;
    context.fill();
  }
  circle(context, at, Math.max(12, place.spread * view.scale));
  context.fillStyle = color;
  context.globalAlpha = 0.1;
  context.fill();
  context.globalAlpha = 1;
  context.setLineDash(place.off ? [3, 5] : [7, 4]);
  outlined(context, color, colors.surface, 1.5);
  context.setLineDash([]);
  star(context, at, 9);
  context.fillStyle = color;
  outlined(context, colors.surface, colors.surface, 3);
  context.fill();
}

function drawLasso(context: Context, view: View, lasso: Point[], colors: Colors): void {
  context.beginPath();
  for (const corner of lasso) {
    const { x, y } = toScreen(view, corner);
    context.lineTo(x, y);
  }
  context.closePath();
  context.fillStyle = colors.accent;
  context.globalAlpha = 0.12;
  context.fill();
  context.globalAlpha = 1;
  context.setLineDash([5, 4]);
  outlined(context, colors.accent, colors.surface, 1.5);
  context.setLineDash([]);
}

function circle(context: Context, { x, y }: Point, radius: number): void {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
}

function star(context: Context, { x, y }: Point, radius: number): void {
  context.beginPath();
  for (let i = 0; i < 10; i++) {
    const reach = i % 2 === 0 ? radius : 0.45 * radius;
    const angle = (i * Math.PI) / 5;
    context.lineTo(x + reach * Math.sin(angle), y - reach * Math.cos(angle));
  }
  context.closePath();
}

/** Strokes the path, with a rim that keeps it visible on any point. */
function outlined(context: Context, color: string, rim: string, width: number): void {
  context.strokeStyle = rim;
  context.lineWidth = width + 2;
  context.stroke();
  context.strokeStyle = color;
  context.lineWidth = width;
  context.stroke();
}
