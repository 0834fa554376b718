// When the card of a point is shown: after a while over it, and for a while after leaving it.

const DWELL = 125;
const GRACE = 260;

export class Hover {
  private over: number | null = null;
  private shown: number | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** `show`: the card is to be that of this point, or none. */
  constructor(private readonly show: (index: number | null) => void) {}

  /** The pointer is over this point, or none. */
  move(index: number | null): void {
    if (index === this.over) return;
    this.over = index;
    clearTimeout(this.timer);
    if (index === this.shown) return;
    this.timer = setTimeout(() => this.set(index), index === null ? GRACE : DWELL);
  }

  /** The pointer is on the card itself: it stays. */
  keep(): void {
    clearTimeout(this.timer);
    this.over = this.shown;
  }

  /** Shows the card of a point at once, or takes it away at once. */
  set(index: number | null): void {
    clearTimeout(this.timer);
    this.over = index;
    if (index === this.shown) return;
    this.shown = index;
    this.show(index);
  }
}
