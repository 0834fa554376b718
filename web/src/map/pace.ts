// How many points are drawn while things move, so that they move smoothly. At rest all are.

/** Milliseconds between frames: more often than this is smooth, and this is aimed at where it was not. */
const SMOOTH = 19;
const AIM = 16;
/** So many points are always drawn. */
const FEW = 5_000;
/** A frame may take long for reasons of its own: only the better of so many says how long they take. */
const WITNESSES = 2;
/** After so many smooth frames more points are tried. */
const PATIENCE = 8;
const GROWTH = 1.1;
/** No step leaves out more than this share of what was drawn. */
const STEEPEST = 0.9;

export class Pace {
  private kept = 1;
  private moving = false;
  private last: number | null = null;
  private took: number[] = [];
  private smooth = 0;

  /** Of the points, what is to be drawn now: 1 at rest. What was learned is kept for the next movement. */
  get share(): number {
    return this.moving ? this.kept : 1;
  }

  /** To be called at every frame while anything moves, and once when nothing does any more. */
  tick(now: number, moving: boolean, points: number): void {
    if (this.last !== null && moving) this.learn(now - this.last, Math.min(1, FEW / points));
    else this.took = [];
    this.last = moving ? now : null;
    this.moving = moving;
  }

  private learn(took: number, least: number): void {
    this.took = [...this.took, took].slice(-WITNESSES);
    const best = Math.min(...this.took);
    if (took < SMOOTH) {
      if (++this.smooth % PATIENCE === 0) this.kept = Math.min(1, this.kept * GROWTH);
    } else if (this.took.length === WITNESSES && best >= SMOOTH) {
      this.kept *= Math.max(1 - STEEPEST, AIM / best);
      this.took = [];
      this.smooth = 0;
    }
    this.kept = Math.max(least, this.kept);
  }
}
