// The binary columns of a map (docs/openapi.yaml, getMapColumn): one value a point, little-endian,
// as is every machine that runs a browser with WebGL; so typed arrays read them in place.

/** The cluster of a point that is in none. */
export const NO_CLUSTER = 0xffff;

function refuse(column: string, why: string): never {
  throw new RangeError(`The column ${column} of this map is damaged: ${why}.`);
}

function requireLength(column: string, data: ArrayBuffer, expected: number): void {
  if (data.byteLength !== expected) refuse(column, `${data.byteLength} bytes, not ${expected}`);
}

/** Ascending ids: each as its difference to the one before (the first to −1), minus 1, in LEB128. */
export function decodeIds(data: ArrayBuffer, count: number): Float64Array {
  const bytes = new Uint8Array(data);
  const ids = new Float64Array(count);
  let at = 0;
  let id = -1;
  for (let i = 0; i < count; i++) {
    let step = 0;
    let place = 1;
    for (let more = true; more; place *= 128) {
      const byte = bytes[at++];
      if (byte === undefined) refuse('id', `it ends after ${i} of ${count} ids`);
      step += (byte & 0x7f) * place;
      more = byte >= 0x80;
      if (more && place >= 2 ** 49) refuse('id', `id number ${i} is too long`);
    }
    id += step + 1;
    if (!Number.isSafeInteger(id)) refuse('id', `id number ${i} is too large`);
    ids[i] = id;
  }
  if (at !== bytes.length) refuse('id', `${bytes.length - at} bytes too many`);
  return ids;
}

/** x and y of each point, 0 to 65,535 over the box of the map. */
export function decodeXy(data: ArrayBuffer, count: number): Uint16Array {
  requireLength('xy', data, 4 * count);
  return new Uint16Array(data);
}

/** Places in a list of `classes` labels or clusters; `none` stands for no place. */
export function decodeClasses(
  column: 'label' | 'cluster',
  data: ArrayBuffer,
  count: number,
  classes: number,
): Uint16Array {
  requireLength(column, data, 2 * count);
  const places = new Uint16Array(data);
  const stray = places.find(
    (place) => place >= classes && !(column === 'cluster' && place === NO_CLUSTER),
  );
  if (stray !== undefined) refuse(column, `place ${stray} in a list of ${classes}`);
  return places;
}

/** How far each point is to be trusted; 255 is full. */
export function decodeTrust(data: ArrayBuffer, count: number): Uint8Array {
  requireLength('trust', data, count);
  return new Uint8Array(data);
}

/** When each picture was added, in milliseconds since 1970. */
export function decodeAdded(data: ArrayBuffer, count: number): Float64Array {
  requireLength('added', data, 8 * count);
  const times = new Float64Array(data);
  if (!times.every(Number.isFinite)) refuse('added', 'a time is not a number');
  return times;
}
