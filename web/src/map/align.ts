// Ids and points: from one to the other, and from the points of one map to those of another.

/** Place of `id` in ascending `ids`, or −1. */
export function indexOf(ids: Float64Array, id: number): number {
  let low = 0;
  let high = ids.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ids[middle]! < id) low = middle + 1;
    else high = middle;
  }
  return ids[low] === id ? low : -1;
}

/** Places of those of `wanted` found in ascending `ids`, ascending. */
export function indicesOf(ids: Float64Array, wanted: Iterable<number>): number[] {
  return [...wanted]
    .map((id) => indexOf(ids, id))
    .filter((index) => index >= 0)
    .sort((a, b) => a - b);
}

export interface Placed {
  ids: Float64Array;
  xy: Uint16Array;
}

/**
 * Where the points of `to` start from: the same ids in `from`, or, when new, where they are to be.
 * Null if the maps share no id.
 */
export function startOf(to: Placed, from: Placed): Uint16Array | null {
  const start = to.xy.slice();
  let shared = 0;
  for (let i = 0, j = 0; i < to.ids.length; i++) {
    while (j < from.ids.length && from.ids[j]! < to.ids[i]!) j++;
    if (from.ids[j] !== to.ids[i]) continue;
    start[2 * i] = from.xy[2 * j]!;
    start[2 * i + 1] = from.xy[2 * j + 1]!;
    shared++;
  }
  return shared > 0 ? start : null;
}

/** Points a share `t` of the way. */
export function between(from: Uint16Array, to: Uint16Array, t: number): Uint16Array {
  return to.map((value, i) => Math.round(from[i]! + (value - from[i]!) * t));
}
