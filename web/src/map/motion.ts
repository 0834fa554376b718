// Movement over time, unless the user prefers less.

/** Something that goes from 0 to 1, slowly at both ends. */
export class Motion {
  private began: number | null = null;

  constructor(private readonly duration: number) {}

  /** Starts at 0, or, for users who prefer less motion, is at 1 already. */
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
