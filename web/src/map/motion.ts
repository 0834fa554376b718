// Movement over time, for those who want to see any.

/** Something that goes from 0 to 1, slowly at both ends. */
export class Motion {
  private began: number | null = null;

  constructor(private readonly duration: number) {}

  /** Starts at 0, or, for those who want less motion, is at 1 already. */
  start(now: number): void {
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    this.began = still ? null : now;
  }

  get active(): boolean {
    return this.began !== null;
  }

  /** Where it is; at 1 it is over. */
  at(now: number): number {
    if (this.began === null) return 1;
    const share = Math.min(1, Math.max(0, (now - this.began) / this.duration));
    if (share === 1) this.began = null;
    return share * share * (3 - 2 * share);
  }
}

/** A frame longer than this, in milliseconds, is too long to draw so many points while they move. */
const SLOW = 70;
const FEW = 50_000;

/** How many points are left out so that what moves moves smoothly. */
export class Pace {
  /** Draw every so manyth point. */
  every = 1;
  private last: number | null = null;

  /** To be called at every frame while anything moves, and once when nothing does any more. */
  tick(now: number, moving: boolean, points: number): void {
    const took = this.last === null ? 0 : now - this.last;
    this.last = moving ? now : null;
    if (!moving) this.every = 1;
    else if (took > SLOW && points / this.every > FEW) this.every = Math.min(16, 2 * this.every);
  }
}
