// Gestures of pointers and the wheel on the map: mouse, pen and fingers alike.
import { wheelFactor, type Point } from './view';

/** Pixels that a pointer may tremble without its press becoming a drag. */
const TREMBLE = 4;

/** Points are in pixels from the top left of the element. */
export interface Handlers {
  pan(dx: number, dy: number): void;
  pinch(before: [Point, Point], after: [Point, Point]): void;
  zoom(factor: number, anchor: Point): void;
  /** The pointer moved here and is pressed on nothing; null: it was pressed. */
  hover(at: Point | null): void;
  /** The pointer, not a finger, is on the element no more. */
  leave(): void;
  /** Pressed and let go; `add`: with Shift, Ctrl or Cmd. */
  tap(at: Point, add: boolean): void;
  doubleTap(at: Point): void;
  /** The next corner of a lasso; `done` with the last. */
  lasso(at: Point, done: boolean): void;
}

/** Listens on `element`; `lassoing` says whether a drag draws a lasso. Returns how to stop. */
export function listen(
  element: HTMLElement,
  handlers: Handlers,
  lassoing: () => boolean,
): () => void {
  const pressed = new Map<number, Point>();
  let began: Point | null = null;
  let rested: Point | null = null;
  let drag: 'none' | 'pan' | 'lasso' = 'none';
  const stopping = new AbortController();
  const on = <K extends keyof HTMLElementEventMap>(
    type: K,
    handle: (event: HTMLElementEventMap[K]) => void,
  ): void =>
    element.addEventListener(type, handle, { signal: stopping.signal, passive: false });
  const where = (event: MouseEvent): Point => {
    const { left, top } = element.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };

  on('pointerdown', (event) => {
    if (event.button !== 0) return;
    element.setPointerCapture(event.pointerId);
    pressed.set(event.pointerId, where(event));
    began = pressed.size === 1 ? where(event) : null;
    drag = pressed.size === 1 ? 'none' : 'pan';
    handlers.hover(null);
  });

  on('pointermove', (event) => {
    const at = where(event);
    const before = pressed.get(event.pointerId);
    if (!before) {
      // Browsers repeat the last move when something comes to lie under a pointer that rests.
      if (at.x !== rested?.x || at.y !== rested?.y) handlers.hover(at);
      rested = at;
      return;
    }
    pressed.set(event.pointerId, at);
    const other = [...pressed].find(([id]) => id !== event.pointerId)?.[1];
    if (other) return handlers.pinch([before, other], [at, other]);
    if (drag === 'none' && began && Math.hypot(at.x - began.x, at.y - began.y) > TREMBLE) {
      drag = lassoing() || event.shiftKey ? 'lasso' : 'pan';
    }
    if (drag === 'pan') handlers.pan(at.x - before.x, at.y - before.y);
    if (drag === 'lasso') handlers.lasso(at, false);
  });

  const release = (event: PointerEvent): void => {
    if (!pressed.delete(event.pointerId)) return;
    const at = where(event);
    if (drag === 'lasso') handlers.lasso(at, true);
    else if (drag === 'none' && began && event.type === 'pointerup') {
      handlers.tap(at, event.shiftKey || event.ctrlKey || event.metaKey);
    }
    began = null;
    drag = pressed.size > 0 ? 'pan' : 'none';
  };
  on('pointerup', release);
  on('pointercancel', release);
  // A finger leaves when it lifts: the tapped point stays pointed at.
  on('pointerleave', (event) => {
    if (event.pointerType !== 'touch') handlers.leave();
  });
  on('dblclick', (event) => handlers.doubleTap(where(event)));
  on('wheel', (event) => {
    event.preventDefault();
    handlers.zoom(wheelFactor(event.deltaY, event.deltaMode, event.ctrlKey), where(event));
  });
  return () => stopping.abort();
}
