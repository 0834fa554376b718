// The state of each point, as bits of one byte.

export const HIDDEN = 1;
export const SELECTED = 2;
/** Not selected while others are. */
export const DIMMED = 4;

/** States of points, of which the classes in `hidden` are not shown. `classes` null: none has one. */
export function statesOf(
  count: number,
  selected: Iterable<number>,
  classes: Uint16Array | null,
  hidden: ReadonlySet<number>,
): Uint8Array {
  const states = new Uint8Array(count);
  const chosen = [...selected];
  if (chosen.length > 0) states.fill(DIMMED);
  for (const index of chosen) states[index] = SELECTED;
  if (classes !== null && hidden.size > 0) {
    for (let i = 0; i < count; i++) if (hidden.has(classes[i]!)) states[i]! |= HIDDEN;
  }
  return states;
}

/** Which points have any of the bits of `state`, ascending. */
export function placesOf(states: Uint8Array, state: number): Uint32Array {
  const places: number[] = [];
  for (let i = 0; i < states.length; i++) if ((states[i]! & state) !== 0) places.push(i);
  return Uint32Array.from(places);
}
