// The keyboard among pictures: how to get there, and that it stays there when one grid makes way for another.

class GridFocus {
  #enter: (() => void) | undefined;
  #expected = false;

  /// Call with the way into the grid that is shown now; returns how to take it back.
  offer(enter: () => void): () => void {
    this.#enter = enter;
    return () => { if (this.#enter === enter) this.#enter = undefined; };
  }

  /// Goes to the picture at which the keyboard was last, at first to the first one; false where there is no grid.
  enter(): boolean {
    this.#enter?.();
    return !!this.#enter;
  }

  /// The page is about to change: where a picture has the focus, the grid that is drawn then takes it over.
  keep() {
    if (document.activeElement?.closest('[role=grid]')) this.expect();
  }

  /// The element with the focus goes: the next grid that is drawn takes it, unless it is somewhere else by then.
  expect() {
    this.#expected = true;
  }

  /// Whether a grid that was just drawn is to take the focus; true once.
  take(): boolean {
    const taken = this.#expected && isNowhere();
    this.#expected = false;
    return taken;
  }
}

/// Whether no element has the focus, since the one that had it is gone.
function isNowhere(): boolean {
  return !document.activeElement || document.activeElement === document.body;
}

export const gridFocus = new GridFocus();
