// The keys that work everywhere, as a table that the help page shows and the app obeys.
import type { Page } from './state/route';

export type Action = 'focus search' | 'show shortcuts' | Page;

/// The actions of the keys; the only list of them.
export const shortcuts: { keys: string[]; does: string; where: string }[] = [
  { keys: ['/'], does: 'Go to the search box', where: 'Everywhere' },
  { keys: ['?'], does: 'Show this list', where: 'Everywhere' },
  { keys: ['g s'], does: 'Search', where: 'Everywhere' },
  { keys: ['g m'], does: 'Map', where: 'Everywhere' },
  { keys: ['g c'], does: 'Compare', where: 'Everywhere' },
  { keys: ['g e'], does: 'Encoders', where: 'Everywhere' },
  { keys: ['g l'], does: 'Collections', where: 'Everywhere' },
  { keys: ['↓'], does: 'Go to the pictures', where: 'In the search box' },
  { keys: ['← ↑ ↓ →', 'h j k l'], does: 'Move from picture to picture', where: 'Among pictures' },
  { keys: ['Home', 'End'], does: 'First, last picture', where: 'Among pictures' },
  { keys: ['Enter'], does: 'Search by this picture', where: 'Among pictures' },
  { keys: ['Space'], does: 'Look at it closely', where: 'Among pictures' },
  { keys: ['+', '−'], does: 'More like this, less like this', where: 'Among pictures' },
  { keys: ['u'], does: 'Unfold near-duplicates', where: 'Among pictures' },
  { keys: ['Esc'], does: 'Close; back to the search box', where: 'Among pictures' },
  { keys: ['← →'], does: 'Previous, next picture', where: 'Looking closely' },
  { keys: ['y'], does: 'Copy the path', where: 'Looking closely' },
  { keys: ['← ↑ ↓ →'], does: 'Move the region or its edge by 1 %, with Shift by 10 %', where: 'Region' },
  { keys: ['Esc'], does: 'The whole picture again', where: 'Region' },
];

const pages: Record<string, Page> = { s: 'search', m: 'map', c: 'compare', e: 'encoders', l: 'collections' };
const patience_ms = 1500;

/// Turns keys into actions; remembers a 'g' for a moment.
export class Keys {
  #g = -Infinity;

  press(key: string, now: number): Action | undefined {
    const afterG = now - this.#g < patience_ms;
    this.#g = key === 'g' ? now : -Infinity;
    if (afterG && key !== 'g') return pages[key];
    if (key === '/') return 'focus search';
    return key === '?' ? 'show shortcuts' : undefined;
  }
}

/// Whether the key belongs to a field in which text is typed, or to the browser.
export function isTaken(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return true;
  const target = event.target instanceof HTMLElement ? event.target : null;
  return !!target?.closest('input:not([type="checkbox"], [type="radio"], [type="range"]), textarea, select, [contenteditable]');
}
