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
/** No step leaves out more than this share of the points drawn. */
const STEEPEST = 0.9;
/** A step that wins less than this share of the expected time was for nothing: something else takes the time. */
const HELPS = 0.5;
/** Then frames must become so many times as slow before points are left out again. */
const WORSE = 1.25;

export class Pace {
  private kept = 1;
  private moving = false;
  private last: number | null = null;
  private took: number[] = [];
  private smooth = 0;
  /** The share drawn before points were left out last, and the time of a frame then. */
  private before: { share: number; took: number } | null = null;
  /** Frames that take no longer than this are put up with. */
  private bearable = 0;

  /** The share of the points to draw now: 1 at rest. The learned share is kept for the next movement. */
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
      this.before = null;
      if (++this.smooth % PATIENCE === 0) this.grow();
    } else if (this.took.length === WITNESSES && best >= SMOOTH) {
      this.leaveOut(best, least);
      this.took = [];
      this.smooth = 0;
    }
  }

  private grow(): void {
    this.kept = Math.min(1, this.kept * GROWTH);
    this.bearable = 0;
  }

  private leaveOut(took: number, least: number): void {
    const hoped = this.before ? this.before.took * (1 - this.kept / this.before.share) : 0;
    if (this.before && this.before.took - took < HELPS * hoped) {
      this.kept = this.before.share;
      this.bearable = WORSE * took;
      this.before = null;
    } else if (took > this.bearable && this.kept > least) {
      this.before = { share: this.kept, took };
      this.kept = Math.max(least, this.kept * Math.max(1 - STEEPEST, AIM / took));
    }
  }
}
