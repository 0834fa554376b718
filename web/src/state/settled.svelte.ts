// Whether the first results are on the screen. All that can wait is made after that.

/// After so long the rest is made even if results are missing.
const patience_ms = 2000;

class Settled {
  now = $state(false);
  #waiting = false;

  constructor() {
    setTimeout(() => (this.now = true), patience_ms);
  }

  /// Call when the first picture has come: it is painted before the rest is made.
  soon() {
    if (this.#waiting) return;
    this.#waiting = true;
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => (this.now = true))));
  }
}

export const settled = new Settled();
