import { expect, it } from 'vitest';
import { CanvasRenderer } from './canvas2d';
import type { Frame } from './renderer';
import { shuffled } from './sample';
import { statesOf } from './states';

const SIDE = 100;
const ROW = 30;
const COUNT = ROW * ROW;
const view = { x: 0.5, y: 0.5, scale: SIDE, width: SIDE, height: SIDE };
const frame: Frame = { view, ratio: 1, t: 1, diameter: 1, share: 1, pictures: [], side: 0 };
/** A grid of points, each on a pixel of its own. */
const xy = Uint16Array.from({ length: 2 * COUNT }, (_, i) => {
  const step = i % 2 === 0 ? (i >> 1) % ROW : Math.floor((i >> 1) / ROW);
  return ((step + 0.5) / ROW) * 65_535;
});

/** How many pixels have each opacity after `share` of the points were drawn, some of them selected. */
function drawn(share: number, selected: number[]): Map<number, number> {
  let shown = new Uint8ClampedArray(0);
  const context = {
    canvas: { width: SIDE, height: SIDE },
    createImageData: (width: number, height: number) => ({ width, height, data: new Uint8ClampedArray(4 * width * height) }),
    putImageData: (image: ImageData) => (shown = image.data.slice()),
    setTransform: () => undefined,
  };
  const renderer = new CanvasRenderer({ getContext: () => context } as unknown as HTMLCanvasElement);
  renderer.setPoints(xy, xy);
  renderer.setColors(new Uint8Array(COUNT), new Uint8Array(4 * 256));
  renderer.setStates(statesOf(COUNT, selected, null, new Set()));
  renderer.draw({ ...frame, share });
  const counts = new Map<number, number>();
  for (let i = 3; i < shown.length; i += 4) if (shown[i]! > 0) counts.set(shown[i]!, (counts.get(shown[i]!) ?? 0) + 1);
  return counts;
}

it('draws all points, or so many of them', () => {
  expect(drawn(1, [])).toEqual(new Map([[255, COUNT]]));
  expect(drawn(0.1, [])).toEqual(new Map([[255, COUNT / 10]]));
});

it('draws every selected point, whatever is left out', () => {
  const selected = Array.from({ length: 50 }, (_, i) => 7 * i);
  const sample = [...shuffled(COUNT).subarray(0, COUNT / 10)];
  const others = sample.filter((point) => !selected.includes(point)).length;
  expect(drawn(0.1, selected)).toEqual(new Map([[50, others], [255, selected.length]]));
  expect(drawn(1, selected)).toEqual(new Map([[50, COUNT - selected.length], [255, selected.length]]));
});
