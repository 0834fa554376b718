// Brings points, pictures and marks onto the screen, and only when something changed.
import { between } from './align';
import { CanvasRenderer } from './canvas2d';
import { hasCard } from './gl';
import { Motion } from './motion';
import { drawOverlay, type Marks } from './overlay';
import { Pace } from './pace';
import type { Picking } from './picking';
import { CELLS, diameterOf, sideOf, type Picture, type Renderer } from './renderer';
import { HIDDEN, SELECTED } from './states';
import type { Colors } from './theme';
import { Thumbnails } from './thumbnails';
import { along, fit, fitBox, fitScale, resize, shown, type Box, type Size, type Spot, type View } from './view';
import { WebglRenderer } from './webgl';

/** Fewer visible points than this are shown as pictures. */
const PICTURES = 600;
/** Milliseconds after the last move until the view counts as at rest. */
const REST = 150;

export class Stage {
  view: View = fit({ width: 1, height: 1 });
  private ratio = 1;
  private extent: Box = { x0: 0, y0: 0, x1: 1, y1: 1 };
  /** All is shown, since the view was never moved. */
  private atHome = true;
  private readonly renderer: Renderer;
  private readonly overlay: CanvasRenderingContext2D | null;
  private readonly thumbnails: Thumbnails<ImageBitmap>;
  private ids: Float64Array = new Float64Array(0);
  private picking: Picking | null = null;
  private start: Uint16Array = new Uint16Array(0);
  private states: Uint8Array = new Uint8Array(0);
  private marks: Marks = { hover: null, lasso: [], place: null, names: [] };
  private colors: Colors | null = null;
  private readonly morph = new Motion(700);
  private readonly flight = new Motion(350);
  private course: [View, View] | null = null;
  private readonly pace = new Pace();
  /** When the view moved, and when anything changed that may change the drawing. */
  private moved = -Infinity;
  private changed = -Infinity;
  /** Whether pictures are drawn in place of points. */
  private pictured = false;
  /** The changes not on the screen yet. */
  private stale: 'nothing' | 'marks' | 'all' = 'nothing';
  private request = 0;

  /**
   * `load` gets the picture of an id; `onrest` is called when the view came to rest. Throws where
   * nothing can be drawn.
   */
  constructor(
    private readonly canvas: HTMLCanvasElement,
    overlay: HTMLCanvasElement,
    load: (id: number) => Promise<ImageBitmap>,
    private readonly onrest: () => void,
  ) {
    this.thumbnails = new Thumbnails(CELLS, load, (cell, picture) => {
      this.renderer.setPicture(cell, picture);
      this.invalidate();
    });
    this.renderer = makeRenderer(canvas, () => {
      this.thumbnails.clear();
      this.invalidate();
    });
    this.overlay = overlay.getContext('2d');
  }

  get kind(): Renderer['kind'] {
    return this.renderer.kind;
  }

  /** Points of a map; with `start` they move there from these places. */
  show(ids: Float64Array, picking: Picking, start: Uint16Array | null): void {
    [this.ids, this.picking, this.start] = [ids, picking, start ?? picking.xy];
    this.extent = picking.extent();
    this.renderer.setPoints(picking.xy, this.start);
    if (start) this.morph.start(performance.now());
    if (!this.atHome) this.touch();
    else if (start) this.flyHome();
    else this.change(this.home);
  }

  /** Where the points are at this moment. */
  places(): Uint16Array {
    const xy = this.picking?.xy ?? this.start;
    return this.morph.active ? between(this.start, xy, this.morph.at(performance.now())) : xy;
  }

  setColors(entries: Uint8Array, palette: Uint8Array, colors: Colors): void {
    this.colors = colors;
    this.renderer.setColors(entries, palette);
    this.invalidate();
  }

  setStates(states: Uint8Array): void {
    this.states = states;
    this.renderer.setStates(states);
    this.touch();
  }

  setMarks(marks: Marks): void {
    this.marks = marks;
    this.invalidate('marks');
  }

  setSize(size: Size, ratio: number): void {
    this.ratio = ratio;
    this.change(this.atHome ? fitBox(size, this.extent) : resize(this.view, size));
  }

  setView(view: View): void {
    this.atHome = false;
    this.change(view);
  }

  private change(view: View): void {
    this.view = view;
    this.course = null;
    this.moved = performance.now();
    this.touch();
  }

  /** The middle of the view and its magnification; null where all is shown. */
  get spot(): Spot | null {
    const { x, y, scale } = this.view;
    return this.atHome ? null : { x, y, zoom: scale / fitScale(this.view) };
  }

  lookAt({ x, y, zoom }: Spot): void {
    this.setView({ ...this.view, x, y, scale: zoom * fitScale(this.view) });
  }

  /** The view that shows all points. */
  get home(): View {
    return fitBox(this.view, this.extent);
  }

  flyHome(): void {
    this.flyTo(this.home);
    this.atHome = true;
  }

  /** Where the view is, or is flying to. */
  get goal(): View {
    return this.course?.[1] ?? this.view;
  }

  flyTo(view: View): void {
    this.atHome = false;
    this.course = [this.view, view];
    this.flight.start(performance.now());
    this.touch();
  }

  /** Whether a point is shown at all. */
  readonly accept = (index: number): boolean => (this.states[index]! & HIDDEN) === 0;

  get diameter(): number {
    return diameterOf(this.ids.length, this.view.scale / fitScale(this.view));
  }

  dispose(): void {
    cancelAnimationFrame(this.request);
    this.request = -1;
    this.renderer.dispose();
  }

  /** Something changed that may change the drawing. */
  private touch(): void {
    this.changed = performance.now();
    this.invalidate();
  }

  private invalidate(what: 'marks' | 'all' = 'all'): void {
    if (this.stale !== 'all') this.stale = what;
    if (this.request === 0) this.request = requestAnimationFrame(this.frame);
  }

  private readonly frame = (now: number): void => {
    this.request = 0;
    if (this.course) this.view = along(...this.course, this.flight.at(now));
    const active = this.flight.active || this.morph.active;
    if (!active) this.course = null;
    const moving = active || now - this.moved < REST;
    const waiting = active || now - this.changed < REST;
    const rest = !waiting && this.changed > -Infinity;
    this.pace.tick(now, moving, this.ids.length);
    if (moving || rest) this.stale = 'all';
    if (this.stale !== 'nothing') this.draw(now);
    this.stale = 'nothing';
    if (waiting) this.request = requestAnimationFrame(this.frame);
    if (!rest) return;
    this.changed = -Infinity;
    this.onrest();
  };

  private draw(now: number): void {
    const { view, ratio, overlay, colors } = this;
    if (!colors || this.states.length !== this.ids.length) return;
    for (const canvas of [this.canvas, overlay?.canvas]) if (canvas) fitCanvas(canvas, view, ratio);
    if (this.stale === 'all') this.drawPoints(now);
    const across = this.pictured ? sideOf(this.ids.length, view) : this.diameter;
    if (overlay) drawOverlay(overlay, view, ratio, this.marks, colors, across / 2);
  }

  private drawPoints(now: number): void {
    const { view, ratio, diameter, pace } = this;
    const [pictures, side] = [this.pictures(), sideOf(this.ids.length, view)];
    this.pictured = pictures.length > 0;
    this.canvas.dataset['share'] = pace.share.toFixed(3);
    this.renderer.draw({ view, ratio, t: this.morph.at(now), diameter, share: pace.share, pictures, side });
  }

  /** The pictures to be seen now, as far as they are here; asks for the others. */
  private pictures(): Picture[] {
    const { ids, states, thumbnails } = this;
    const margin = sideOf(ids.length, this.view) / 2;
    const few = this.picking?.fewInBox(shown(this.view, margin), PICTURES, this.accept) ?? [];
    thumbnails.want(few.map((index) => ids[index]!));
    const rank = (index: number): number => states[index]! & SELECTED;
    return few
      .sort((a, b) => rank(a) - rank(b) || a - b)
      .map((index) => ({ index, cell: thumbnails.cellOf(ids[index]!) }))
      .filter((picture): picture is Picture => picture.cell !== undefined);
  }
}

/** WebGL2 without a card counts as none: a 2-D canvas is many times as fast (bench/map.mjs). */
function makeRenderer(canvas: HTMLCanvasElement, onrestore: () => void): Renderer {
  const gl = hasCard() ? canvas.getContext('webgl2', { antialias: false }) : null;
  return gl ? new WebglRenderer(gl, onrestore) : new CanvasRenderer(canvas);
}

function fitCanvas(canvas: HTMLCanvasElement, size: Size, ratio: number): void {
  const [width, height] = [Math.round(size.width * ratio), Math.round(size.height * ratio)];
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
}
