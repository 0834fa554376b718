// Draws with a 2-D canvas, where there is no WebGL2: the same, slower, and points as squares.
import { CELLS, pointAt, type Frame, type Picture, type Renderer } from './renderer';
import { DIMMED, HIDDEN, SELECTED } from './states';
import { toScreen } from './view';

/** Groups of points that are drawn one after the other, with their opacity. */
const PASSES = [
  [DIMMED, 0.2],
  [0, 0.85],
  [SELECTED, 1],
] as const;

export class CanvasRenderer implements Renderer {
  readonly kind = 'canvas2d';
  private xy: Uint16Array = new Uint16Array(0);
  private start: Uint16Array = new Uint16Array(0);
  private entries: Uint8Array = new Uint8Array(0);
  private palette: Uint8Array = new Uint8Array(4 * 256);
  private states: Uint8Array = new Uint8Array(0);
  private readonly pictures = new Array<ImageBitmap | undefined>(CELLS);
  private readonly context: CanvasRenderingContext2D;

  /** Throws if there is no 2-D canvas either. */
  constructor(canvas: HTMLCanvasElement) {
    const context = canvas.getContext('2d');
    if (!context) throw new Error('This browser can draw neither with WebGL2 nor on a 2-D canvas.');
    this.context = context;
  }

  setPoints(xy: Uint16Array, start: Uint16Array): void {
    [this.xy, this.start] = [xy, start];
  }

  setColors(entries: Uint8Array, palette: Uint8Array): void {
    [this.entries, this.palette] = [entries, palette];
  }

  setStates(states: Uint8Array): void {
    this.states = states;
  }

  setPicture(cell: number, picture: ImageBitmap): void {
    this.pictures[cell] = picture;
  }

  draw(frame: Frame): void {
    const { context, states } = this;
    context.setTransform(frame.ratio, 0, 0, frame.ratio, 0, 0);
    context.clearRect(0, 0, frame.view.width, frame.view.height);
    for (const [group, opacity] of PASSES) {
      if (group !== 0 && !states.some((state) => (state & group) !== 0)) continue;
      context.globalAlpha = opacity;
      this.drawPoints(frame, group);
    }
    for (const picture of frame.pictures) this.drawPicture(frame, picture);
    context.globalAlpha = 1;
  }

  dispose(): void {
    this.context.clearRect(0, 0, this.context.canvas.width, this.context.canvas.height);
  }

  private drawPoints(frame: Frame, group: number): void {
    const { context, states, entries } = this;
    const side = frame.diameter * 0.9;
    let entry = -1;
    for (let i = 0; i < states.length; i += frame.every) {
      if ((states[i]! & HIDDEN) !== 0 || (states[i]! & (SELECTED | DIMMED)) !== group) continue;
      const { x, y } = toScreen(frame.view, pointAt(this.xy, this.start, frame.t, i));
      if (x < -side || y < -side || x > frame.view.width + side || y > frame.view.height + side) {
        continue;
      }
      // Setting a colour costs more than drawing a square.
      if (entry !== entries[i]) context.fillStyle = this.color((entry = entries[i]!));
      context.fillRect(x - side / 2, y - side / 2, side, side);
    }
  }

  private drawPicture(frame: Frame, { index, cell }: Picture): void {
    const { context } = this;
    const picture = this.pictures[cell];
    if (!picture) return;
    const { x, y } = toScreen(frame.view, pointAt(this.xy, this.start, frame.t, index));
    const share = frame.side / Math.max(picture.width, picture.height);
    const [width, height] = [picture.width * share, picture.height * share];
    const state = this.states[index]!;
    const rim = (state & SELECTED) !== 0 ? 3.5 : 1.5;
    context.globalAlpha = (state & DIMMED) !== 0 ? 0.3 : 1;
    context.fillStyle = this.color(this.entries[index]!);
    context.fillRect(x - width / 2, y - height / 2, width, height);
    const inner = [width - 2 * rim, height - 2 * rim] as const;
    context.drawImage(picture, x - inner[0] / 2, y - inner[1] / 2, ...inner);
  }

  private color(entry: number): string {
    const [r, g, b] = this.palette.subarray(4 * entry);
    return `rgb(${r} ${g} ${b})`;
  }
}
