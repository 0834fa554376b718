// Draws on a 2-D canvas, where no graphics card does WebGL2. Pixels are written one by one: a call
// of the canvas for each point takes a hundred times as long, and WebGL2 by software ten times.
import { maskOf, type Mask } from './masks';
import { SHAPES } from './palette';
import { CELLS, pointAt, type Frame, type Picture, type Renderer } from './renderer';
import { sampleSize, shuffled } from './sample';
import { DIMMED, HIDDEN, placesOf, SELECTED } from './states';
import { toScreen } from './view';

/** Groups of points that are drawn one after the other, with their opacity of 255. */
const PASSES = [
  [DIMMED, 50],
  [0, 255],
  [SELECTED, 255],
] as const;

export class CanvasRenderer implements Renderer {
  readonly kind = 'canvas2d';
  private xy: Uint16Array = new Uint16Array(0);
  private start: Uint16Array = new Uint16Array(0);
  private entries: Uint8Array = new Uint8Array(0);
  private palette: Uint8Array = new Uint8Array(4 * 256);
  private states: Uint8Array = new Uint8Array(0);
  private groups: (typeof PASSES)[number][] = [];
  private order: Uint32Array = new Uint32Array(0);
  private selected: Uint32Array = new Uint32Array(0);
  private readonly pictures = new Array<ImageBitmap | undefined>(CELLS);
  private readonly context: CanvasRenderingContext2D;
  private image: ImageData | null = null;

  /** Throws if there is no 2-D canvas either. */
  constructor(canvas: HTMLCanvasElement) {
    const context = canvas.getContext('2d');
    if (!context) throw new Error('This browser can draw neither with WebGL2 nor on a 2-D canvas.');
    this.context = context;
  }

  setPoints(xy: Uint16Array, start: Uint16Array): void {
    [this.xy, this.start] = [xy, start];
    if (this.order.length !== xy.length / 2) this.order = shuffled(xy.length / 2);
  }

  setColors(entries: Uint8Array, palette: Uint8Array): void {
    [this.entries, this.palette] = [entries, palette];
  }

  setStates(states: Uint8Array): void {
    this.states = states;
    this.selected = placesOf(states, SELECTED);
    const selection = states.some((state) => state > HIDDEN);
    this.groups = PASSES.filter(([group]) => (group !== 0) === selection);
  }

  setPicture(cell: number, picture: ImageBitmap): void {
    this.pictures[cell] = picture;
  }

  draw(frame: Frame): void {
    const { context } = this;
    const image = this.blank();
    const pixels = new Uint32Array(image.data.buffer);
    for (const [group, opacity] of this.groups) this.drawPoints(frame, pixels, group, opacity);
    context.putImageData(image, 0, 0);
    context.setTransform(frame.ratio, 0, 0, frame.ratio, 0, 0);
    for (const picture of frame.pictures) this.drawPicture(frame, picture);
    context.globalAlpha = 1;
  }

  dispose(): void {
    this.image = null;
  }

  /** An image as large as the canvas, with nothing in it. */
  private blank(): ImageData {
    const { width, height } = this.context.canvas;
    if (this.image?.width === width && this.image.height === height) this.image.data.fill(0);
    else this.image = this.context.createImageData(width, height);
    return this.image;
  }

  private drawPoints(frame: Frame, pixels: Uint32Array, group: number, opacity: number): void {
    const { xy, start, states, entries } = this;
    const { view, t, ratio } = frame;
    const list = this.listOf(group, frame.share);
    const count = list?.length ?? states.length;
    const { width, height } = this.context.canvas;
    const colors = this.colors(opacity);
    const side = Math.max(1, Math.round(frame.diameter * ratio * (group === SELECTED ? 1.4 : 1)));
    const masks = SHAPES.map((_, shape) => maskOf(shape, side));
    const zoom = (view.scale * ratio) / 65_535;
    const left = width / 2 - view.x * view.scale * ratio - side / 2;
    const top = height / 2 + view.y * view.scale * ratio - side / 2;
    for (let place = 0; place < count; place++) {
      const i = list ? list[place]! : place;
      if ((states[i]! & (HIDDEN | SELECTED | DIMMED)) !== group) continue;
      const x = Math.round(left + zoom * (start[2 * i]! + (xy[2 * i]! - start[2 * i]!) * t));
      const up = start[2 * i + 1]! + (xy[2 * i + 1]! - start[2 * i + 1]!) * t;
      const y = Math.round(top - zoom * up);
      if (x < 0 || y < 0 || x + side > width || y + side > height) continue;
      const entry = entries[i]!;
      stamp(pixels, y * width + x, width, masks[this.palette[4 * entry + 3]!]!, colors[entry]!);
    }
  }

  /** The points to look at for a group; null: all of them. */
  private listOf(group: number, share: number): Uint32Array | null {
    if (group === SELECTED) return this.selected;
    return share < 1 ? this.order.subarray(0, sampleSize(this.order.length, share)) : null;
  }

  /** The palette as the numbers that pixels are. */
  private colors(opacity: number): Uint32Array {
    const bytes = this.palette.slice();
    for (let i = 3; i < bytes.length; i += 4) bytes[i] = opacity;
    return new Uint32Array(bytes.buffer);
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
    const [r, g, b] = this.palette.subarray(4 * this.entries[index]!);
    context.globalAlpha = (state & DIMMED) !== 0 ? 0.3 : 1;
    context.fillStyle = `rgb(${r} ${g} ${b})`;
    context.fillRect(x - width / 2, y - height / 2, width, height);
    const inner = [width - 2 * rim, height - 2 * rim] as const;
    context.drawImage(picture, x - inner[0] / 2, y - inner[1] / 2, ...inner);
  }
}

/** Colours the pixels of the mask; `corner` is the pixel at its top left. */
function stamp(
  pixels: Uint32Array,
  corner: number,
  width: number,
  mask: Mask,
  color: number,
): void {
  for (let run = 0; run < mask.length; run += 3) {
    const row = corner + mask[run]! * width;
    const end = row + mask[run + 2]!;
    for (let pixel = row + mask[run + 1]!; pixel < end; pixel++) pixels[pixel] = color;
  }
}
