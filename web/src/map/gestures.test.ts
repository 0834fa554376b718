import { beforeEach, expect, it, vi } from 'vitest';
import { listen, type Handlers } from './gestures';

const element = document.createElement('div');
let lassoing = false;
let stop = (): void => undefined;
const handlers = {
  pan: vi.fn<Handlers['pan']>(),
  pinch: vi.fn<Handlers['pinch']>(),
  zoom: vi.fn<Handlers['zoom']>(),
  hover: vi.fn<Handlers['hover']>(),
  leave: vi.fn<Handlers['leave']>(),
  tap: vi.fn<Handlers['tap']>(),
  doubleTap: vi.fn<Handlers['doubleTap']>(),
  lasso: vi.fn<Handlers['lasso']>(),
};

function fire(type: string, x: number, y: number, more: PointerEventInit = {}): void {
  element.dispatchEvent(new PointerEvent(type, { clientX: x, clientY: y, pointerId: 1, ...more }));
}

beforeEach(() => {
  stop();
  vi.resetAllMocks();
  element.setPointerCapture = () => undefined;
  lassoing = false;
  stop = listen(element, handlers, () => lassoing);
});

it('takes a press that trembles for a tap', () => {
  fire('pointerdown', 10, 10);
  fire('pointermove', 12, 11);
  fire('pointerup', 12, 11, { shiftKey: true });
  expect(handlers.tap).toHaveBeenCalledWith({ x: 12, y: 11 }, true);
  expect(handlers.pan).not.toHaveBeenCalled();
});

it('pans by a drag, and ends it without a tap', () => {
  fire('pointerdown', 10, 10);
  fire('pointermove', 20, 10);
  fire('pointermove', 25, 12);
  fire('pointerup', 25, 12);
  expect(handlers.pan.mock.calls).toEqual([[10, 0], [5, 2]]);
  expect(handlers.tap).not.toHaveBeenCalled();
});

it('pinches with two fingers, and pans on with the one that stays', () => {
  fire('pointerdown', 0, 0);
  fire('pointerdown', 100, 0, { pointerId: 2 });
  fire('pointermove', 120, 0, { pointerId: 2 });
  expect(handlers.pinch.mock.calls[0]).toEqual([
    [{ x: 100, y: 0 }, { x: 0, y: 0 }],
    [{ x: 120, y: 0 }, { x: 0, y: 0 }],
  ]);
  fire('pointerup', 120, 0, { pointerId: 2 });
  fire('pointermove', 1, 1);
  expect(handlers.pan).toHaveBeenCalledWith(1, 1);
  fire('pointerup', 1, 1);
  expect(handlers.tap).not.toHaveBeenCalled();
});

it('draws a lasso in lasso mode or with Shift', () => {
  for (const shiftKey of [false, true]) {
    lassoing = !shiftKey;
    fire('pointerdown', 0, 0);
    fire('pointermove', 50, 0, { shiftKey });
    fire('pointerup', 50, 50);
  }
  const corner = [{ x: 50, y: 0 }, false];
  const end = [{ x: 50, y: 50 }, true];
  expect(handlers.lasso.mock.calls).toEqual([corner, end, corner, end]);
});

it('hovers only while nothing is pressed', () => {
  fire('pointermove', 5, 6);
  expect(handlers.hover).toHaveBeenLastCalledWith({ x: 5, y: 6 });
  fire('pointerdown', 5, 6);
  expect(handlers.hover).toHaveBeenLastCalledWith(null);
});

it('takes a move that is repeated under a resting pointer for none', () => {
  fire('pointermove', 5, 6);
  fire('pointermove', 5, 6);
  expect(handlers.hover).toHaveBeenCalledOnce();
});

it('points at nothing when a mouse leaves, but on at what a finger tapped', () => {
  fire('pointerdown', 10, 10, { pointerType: 'touch' });
  fire('pointerup', 10, 10, { pointerType: 'touch' });
  fire('pointerleave', 10, 10, { pointerType: 'touch' });
  expect(handlers.tap).toHaveBeenCalled();
  expect(handlers.hover.mock.calls).toEqual([[null]]); // by the press, before the tap
  expect(handlers.leave).not.toHaveBeenCalled();
  fire('pointerleave', 10, 10, { pointerType: 'mouse' });
  expect(handlers.leave).toHaveBeenCalledOnce();
});
