// Interaction with the map: from gestures and keys to the view, the pointed-at and the selected.
import type { Handlers } from './gestures';
import type { Command } from './keyboard';
import type { Direction, Picking } from './picking';
import type { Stage } from './stage';
import * as camera from './view';
import type { Point } from './view';

/** Pixels within which a point counts as meant. */
const REACH = 14;
/** Pixels that a key moves the map by, and its magnification. */
const STEP = 80;
const ZOOM = 1.5;
/** The least magnification for looking at one point. */
const NEAR = 2;

/** The effects of the interaction; points are given by index. */
export interface Outcome {
  /** Points at one or none; `dwell`: the pointer only passes, and its card may wait. */
  point(index: number | null, dwell: boolean): void;
  select(indices: number[], add: boolean): void;
  choose(index: number): void;
  /** The corners of the lasso so far, in the world. */
  lasso(corners: Point[]): void;
  lassoing(on: boolean): void;
  clear(): void;
}

export class Interaction implements Handlers {
  /** A drag draws a lasso. */
  lassoing = false;
  private picking: Picking | null = null;
  private pointed: number | null = null;
  /** A key went to the point: it stays until the pointer moves. */
  private steady = false;
  private corners: Point[] = [];

  constructor(
    private readonly stage: Pick<Stage, 'view' | 'goal' | 'setView' | 'flyTo' | 'flyHome' | 'accept'>,
    private readonly outcome: Outcome,
  ) {}

  /** Takes the points of another map; none of them is pointed at. */
  setPicking(picking: Picking): void {
    this.picking = picking;
    this.point(null, false);
  }

  pan(dx: number, dy: number): void {
    this.stage.setView(camera.pan(this.stage.view, dx, dy));
  }

  pinch(before: [Point, Point], after: [Point, Point]): void {
    this.stage.setView(camera.pinch(this.stage.view, before, after));
  }

  zoom(factor: number, anchor: Point): void {
    this.point(null, false);
    this.stage.setView(camera.zoom(this.stage.view, factor, anchor));
  }

  hover(at: Point | null): void {
    this.steady = false;
    this.point(at && this.indexAt(at), true);
  }

  leave(): void {
    // The card of a point that a key went to may come to lie under a resting pointer, and move on.
    if (!this.steady) this.hover(null);
  }

  tap(at: Point, add: boolean): void {
    const index = this.indexAt(at);
    this.point(index, false);
    if (index !== null || !add) this.outcome.select(index === null ? [] : [index], add);
  }

  doubleTap(at: Point): void {
    const index = this.indexAt(at);
    if (index !== null) this.outcome.choose(index);
  }

  lasso(at: Point, done: boolean): void {
    this.corners = [...this.corners, camera.toWorld(this.stage.view, at)];
    if (done) {
      this.outcome.select(this.picking?.inLasso(this.corners, this.stage.accept) ?? [], false);
      this.corners = [];
      this.setLassoing(false);
    }
    this.outcome.lasso(this.corners);
  }

  setLassoing(on: boolean): void {
    this.lassoing = on;
    this.outcome.lassoing(on);
  }

  run(command: Command): void {
    const middle = { x: this.stage.view.width / 2, y: this.stage.view.height / 2 };
    const fly = (factor: number): void =>
      this.stage.flyTo(camera.zoom(this.stage.goal, factor, middle));
    const { pointed } = this;
    if (command.kind === 'step') this.step(command.direction);
    else if (command.kind === 'pan') this.panBy(command.direction);
    else if (command.kind === 'in') fly(ZOOM);
    else if (command.kind === 'out') fly(1 / ZOOM);
    else if (command.kind === 'fit') this.stage.flyHome();
    else if (command.kind === 'lasso') this.setLassoing(!this.lassoing);
    else if (command.kind === 'clear') this.clear();
    else if (pointed !== null && command.kind === 'choose') this.outcome.choose(pointed);
    else if (pointed !== null) this.outcome.select([pointed], true);
  }

  /** Brings a point into the middle, near enough to be told from others, and points at it. */
  visit(index: number): void {
    const { stage, picking } = this;
    if (!picking) return;
    const { goal } = stage;
    const scale = Math.max(goal.scale, NEAR * camera.fitScale(goal));
    stage.setView({ ...goal, ...picking.at(index), scale });
    this.point(index, false);
    this.steady = true;
  }

  private clear(): void {
    this.corners = [];
    this.setLassoing(false);
    this.outcome.lasso([]);
    this.point(null, false);
    this.outcome.clear();
  }

  /** To the next point in a direction; at first to the one nearest to the middle. */
  private step(direction: Direction): void {
    const { picking, pointed, stage } = this;
    if (!picking) return;
    const next =
      pointed === null
        ? picking.nearest(stage.goal, 2, stage.accept)
        : picking.next(pointed, direction, stage.accept);
    if (next === null) return;
    this.reveal(picking.at(next));
    this.point(next, false);
    this.steady = true;
  }

  /** Leaves the view, and its way to where it flies, alone if the point is or will be on the screen. */
  private reveal(at: Point): void {
    const { goal } = this.stage;
    const view = camera.reveal(goal, at);
    const pixels = Math.hypot(view.x - goal.x, view.y - goal.y) * goal.scale;
    if (pixels > 1) this.stage.setView(view);
  }

  private panBy(direction: Direction): void {
    const by = { left: [STEP, 0], right: [-STEP, 0], up: [0, STEP], down: [0, -STEP] } as const;
    const [dx, dy] = by[direction];
    this.pan(dx, dy);
  }

  private point(index: number | null, dwell: boolean): void {
    this.pointed = index;
    this.outcome.point(index, dwell);
  }

  private indexAt(at: Point): number | null {
    const { view, accept } = this.stage;
    const radius = REACH / view.scale;
    return this.picking?.nearest(camera.toWorld(view, at), radius, accept) ?? null;
  }
}
