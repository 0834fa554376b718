// Where each step of the history was scrolled to, and the picture at which the keyboard was there. The browser
// cannot restore that by itself: the page is as high as before only when its pictures have come.

interface Spot {
  y: number;
  place: number | undefined;
}

const store = 'alike-scroll';
const most = 100;
/// After so long without pictures that reach down there the page stays where it is.
const patience_ms = 10_000;
const moves = ['wheel', 'touchstart', 'pointerdown', 'keydown'] as const;

class Scroll {
  #spots = new Map<string, Spot>(read());
  #step = '';
  #end: (() => void) | undefined;
  /// The place in the grid of the step that is returned to, until it is reached.
  place: number | undefined;
  /// Settles when the page is where it was.
  reached: Promise<void> = Promise.resolve();

  /// Whether the page is on its way back to where it was.
  get returning(): boolean {
    return !!this.#end;
  }

  begin() {
    history.scrollRestoration = 'manual';
    addEventListener('pagehide', () => {
      this.leave();
      write([...this.#spots].slice(-most));
    });
    this.arrive();
  }

  /// Call before another step is shown.
  leave() {
    const held = document.activeElement?.closest<HTMLElement>('[data-place]')?.dataset['place'];
    this.#spots.delete(this.#step);
    this.#spots.set(this.#step, { y: scrollY, place: held === undefined ? undefined : Number(held) });
  }

  /// Call when another step is shown: a new one, or one that the person returns to.
  arrive() {
    this.#end?.();
    this.place = undefined;
    const state = history.state as { step?: string } | null;
    const known = state?.step;
    this.#step = known ?? newStep();
    if (!known) history.replaceState({ ...state, step: this.#step }, '');
    const spot = known ? this.#spots.get(known) : undefined;
    if (spot) this.#return(spot);
  }

  /// Goes there as soon as the page is high enough, unless the person moves it before.
  #return({ y, place }: Spot) {
    this.place = place;
    let done = () => {};
    this.reached = new Promise((resolve) => (done = resolve));
    const go = () => {
      scrollTo(0, y);
      if (Math.abs(scrollY - y) < 2) requestAnimationFrame(() => this.#end?.());
    };
    const growth = new ResizeObserver(go);
    const timer = setTimeout(() => this.#end?.(), patience_ms);
    this.#end = () => {
      this.#end = undefined;
      clearTimeout(timer);
      growth.disconnect();
      for (const move of moves) removeEventListener(move, end);
      done();
    };
    const end = this.#end;
    for (const move of moves) addEventListener(move, end, { passive: true });
    growth.observe(document.body);
  }
}

export const scroll = new Scroll();

export function newStep(): string {
  return `${Date.now().toString(36)}${Math.random().toString(36).slice(2, 8)}`;
}

// A browser may forbid storage; then a reload begins at the top.
function read(): [string, Spot][] {
  try {
    return JSON.parse(sessionStorage.getItem(store) ?? '[]') as [string, Spot][];
  } catch {
    return [];
  }
}

function write(spots: [string, Spot][]) {
  try {
    sessionStorage.setItem(store, JSON.stringify(spots));
  } catch {
    // see above
  }
}
