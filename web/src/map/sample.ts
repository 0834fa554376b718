// A fixed random order of points: those at its front are a fair sample of all.

type Numbers = Uint8Array | Uint16Array;

/** 0 to `count` − 1 in an order that only `count` decides (Fisher and Yates). */
export function shuffled(count: number): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, place) => place);
  const next = random(count);
  for (let last = count - 1; last > 0; last--) {
    const other = Math.floor(next() * (last + 1));
    [order[last], order[other]] = [order[other]!, order[last]!];
  }
  return order;
}

/** The values of the points, `width` of each, in that order. */
export function inOrder<T extends Numbers>(values: T, order: Uint32Array, width = 1): T {
  const result = values.slice() as T;
  for (let place = 0; place < order.length; place++) {
    for (let i = 0; i < width; i++) result[width * place + i] = values[width * order[place]! + i]!;
  }
  return result;
}

/** How many of `count` points a share of them is; a map that is not empty never looks so. */
export function sampleSize(count: number, share: number): number {
  return Math.min(count, Math.ceil(count * share));
}

/** Numbers from 0 to below 1 (mulberry32). */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
