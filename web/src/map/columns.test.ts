import { describe, expect, it } from 'vitest';
import { decodeAdded, decodeClasses, decodeIds, decodeTrust, decodeXy, NO_CLUSTER } from './columns';

const bytes = (...values: number[]): ArrayBuffer => new Uint8Array(values).buffer;

function encodeIds(ids: number[]): ArrayBuffer {
  const out: number[] = [];
  let before = -1;
  for (const id of ids) {
    let step = id - before - 1;
    before = id;
    for (; step >= 128; step = Math.floor(step / 128)) out.push((step % 128) | 0x80);
    out.push(step);
  }
  return bytes(...out);
}

describe('ids', () => {
  it.each([[[]], [[0, 1, 2]], [[5]], [[0, 127, 128, 20_000, Number.MAX_SAFE_INTEGER]]])(
    'come back as they were: %j',
    (ids: number[]) => expect([...decodeIds(encodeIds(ids), ids.length)]).toEqual(ids),
  );

  it('are refused at every length but the right one', () => {
    const data = encodeIds([3, 1_000, 1_000_000]);
    for (let length = 0; length < data.byteLength; length++) {
      expect(() => decodeIds(data.slice(0, length), 3)).toThrow(RangeError);
    }
    expect(() => decodeIds(bytes(...new Uint8Array(data), 0), 3)).toThrow(/1 bytes too many/);
  });

  it('are refused beyond what a number holds', () => {
    expect(() => decodeIds(bytes(...Array<number>(7).fill(0xff), 0x7f), 1)).toThrow(/too large/);
    expect(() => decodeIds(bytes(...Array<number>(9).fill(0x80), 1), 1)).toThrow(/too long/);
  });
});

describe('columns of fixed width', () => {
  it('are little-endian', () => {
    expect([...decodeXy(bytes(1, 0, 0, 1), 1)]).toEqual([1, 256]);
    expect([...decodeClasses('label', bytes(2, 0), 1, 3)]).toEqual([2]);
    expect([...decodeTrust(bytes(0, 255), 2)]).toEqual([0, 255]);
    const time = new DataView(new ArrayBuffer(8));
    time.setFloat64(0, 1_700_000_000_000, true);
    expect([...decodeAdded(time.buffer, 1)]).toEqual([1_700_000_000_000]);
  });

  it('are refused when short or long', () => {
    for (const size of [0, 1, 3]) {
      expect(() => decodeTrust(new ArrayBuffer(size), 2)).toThrow(RangeError);
      expect(() => decodeXy(new ArrayBuffer(4 * size), 2)).toThrow(RangeError);
      expect(() => decodeClasses('label', new ArrayBuffer(2 * size), 2, 9)).toThrow(RangeError);
      expect(() => decodeAdded(new ArrayBuffer(8 * size), 2)).toThrow(RangeError);
    }
  });

  it('name only classes that are there, and a cluster may be none', () => {
    expect(() => decodeClasses('label', bytes(3, 0), 1, 3)).toThrow(/place 3 in a list of 3/);
    expect(() => decodeClasses('label', bytes(255, 255), 1, 3)).toThrow(RangeError);
    expect([...decodeClasses('cluster', bytes(255, 255), 1, 3)]).toEqual([NO_CLUSTER]);
  });

  it('hold times, not NaN', () => {
    const time = new DataView(new ArrayBuffer(8));
    time.setFloat64(0, NaN, true);
    expect(() => decodeAdded(time.buffer, 1)).toThrow(/not a number/);
  });
});
