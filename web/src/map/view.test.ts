import { describe, expect, it } from 'vitest';
import * as camera from './view';

const size = { width: 800, height: 600 };
const start = camera.zoom(camera.fit(size), 3, { x: 200, y: 500 });

function expectNear(actual: camera.Point, expected: camera.Point): void {
  expect(actual.x).toBeCloseTo(expected.x, 6);
  expect(actual.y).toBeCloseTo(expected.y, 6);
}

describe('view', () => {
  it('fits the unit square, y up', () => {
    const view = camera.fit(size);
    expectNear(camera.toScreen(view, { x: 0.5, y: 0.5 }), { x: 400, y: 300 });
    const { y: top } = camera.toScreen(view, { x: 0, y: 1 });
    const { y: bottom } = camera.toScreen(view, { x: 0, y: 0 });
    expect([top, bottom]).toEqual([24, 576]);
  });

  it('goes from world to screen and back', () => {
    const world = { x: 0.31, y: 0.77 };
    expectNear(camera.toWorld(start, camera.toScreen(start, world)), world);
  });

  it('pans by pixels', () => {
    const before = camera.toScreen(start, { x: 0.4, y: 0.4 });
    const after = camera.toScreen(camera.pan(start, 7, -11), { x: 0.4, y: 0.4 });
    expectNear(after, { x: before.x + 7, y: before.y - 11 });
  });

  it('zooms about the pointer', () => {
    const anchor = { x: 321, y: 123 };
    const under = camera.toWorld(start, anchor);
    expectNear(camera.toScreen(camera.zoom(start, 1.7, anchor), under), anchor);
  });

  it('keeps what is under two fingers there', () => {
    const before: [camera.Point, camera.Point] = [{ x: 300, y: 300 }, { x: 400, y: 300 }];
    const after: [camera.Point, camera.Point] = [{ x: 280, y: 310 }, { x: 480, y: 310 }];
    const view = camera.pinch(start, before, after);
    for (const i of [0, 1] as const) {
      expectNear(camera.toScreen(view, camera.toWorld(start, before[i])), after[i]);
    }
  });

  it('never leaves the map, however hard one tries', () => {
    let view = start;
    for (let i = 0; i < 200; i++) view = camera.zoom(camera.pan(view, 900, 900), 4, { x: 0, y: 0 });
    expect(view.scale).toBeLessThan(1e8);
    for (let i = 0; i < 200; i++) view = camera.zoom(view, 0.1, { x: 0, y: 0 });
    expect(view.scale).toBeCloseTo(camera.fitScale(size) / 2);
    expect(view.x).toBeGreaterThanOrEqual(0);
    expect(view.y).toBeLessThanOrEqual(1);
  });

  it('shows a box as a whole, and one of no size at a sane scale', () => {
    const box = { x0: 0.2, y0: 0.3, x1: 0.4, y1: 0.5 };
    const seen = camera.shown(camera.fitBox(size, box));
    expect(seen.x0).toBeLessThan(box.x0);
    expect(seen.y1).toBeGreaterThan(box.y1);
    expect(camera.fitBox(size, { x0: 0.1, y0: 0.1, x1: 0.1, y1: 0.1 }).scale).toBe(20 * 552);
  });

  it('keeps place and magnification when the screen changes', () => {
    const view = camera.resize(start, { width: 400, height: 300 });
    expectNear(view, start);
    expect(view.scale / camera.fitScale(view)).toBeCloseTo(start.scale / camera.fitScale(start));
  });

  it('flies from one view to another', () => {
    const end = camera.fit(size);
    expect(camera.along(start, end, 0)).toEqual(start);
    expect(camera.along(start, end, 1)).toEqual(end);
    expect(camera.along(start, end, 0.5).scale).toBeCloseTo(Math.sqrt(start.scale * end.scale));
  });

  it('reveals a point by the least pan', () => {
    const inside = camera.toWorld(start, { x: 100, y: 100 });
    expectNear(camera.reveal(start, inside), start);
    const outside = camera.toWorld(start, { x: -50, y: 100 });
    expectNear(camera.toScreen(camera.reveal(start, outside), outside), { x: 48, y: 100 });
  });

  it('zooms in on a wheel turned up, in any unit', () => {
    expect(camera.wheelFactor(-100, 0, false)).toBeGreaterThan(1);
    expect(camera.wheelFactor(3, 1, false)).toBeLessThan(1);
    expect(camera.wheelFactor(1e9, 2, true)).toBeGreaterThan(0.05);
  });
});
