// The keys of the map.
import type { Direction } from './picking';

export type Command =
  | { kind: 'step' | 'pan'; direction: Direction }
  | { kind: 'choose' | 'toggle' | 'lasso' | 'clear' | 'in' | 'out' | 'fit' };

const KEYS: Record<string, Exclude<Command['kind'], 'step' | 'pan'>> = {
  Enter: 'choose',
  ' ': 'toggle',
  l: 'lasso',
  Escape: 'clear',
  '+': 'in',
  '=': 'in',
  '-': 'out',
  '−': 'out',
  '0': 'fit',
};
const ARROWS: Record<string, Direction> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};

/** For people. */
export const HELP =
  'Arrow keys go from picture to picture, with Shift they move the map. Enter searches for ' +
  'similar pictures, Space selects the picture, l draws a lasso, Escape clears, + − 0 zoom and fit.';

type Key = Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey'>;

/** Null for a key without a meaning on the map. */
export function commandOf({ key, shiftKey, ctrlKey, metaKey, altKey }: Key): Command | null {
  if (ctrlKey || metaKey || altKey) return null;
  const direction = ARROWS[key];
  if (direction) return { kind: shiftKey ? 'pan' : 'step', direction };
  const kind = KEYS[key.length === 1 ? key.toLowerCase() : key];
  return kind ? { kind } : null;
}
