// The data that alike/draw/plot_html.cpp puts into the page of one map.
import type { ListedClass } from '../map/ClassList.svelte';
import { classColor, OTHER, SHAPES, type Theme } from '../map/palette';

export interface MapData {
  count: number;
  /** Base64 of x and y of each point, 16 bits each, low byte first: 0 to 65,535 of the unit square, y up. */
  points: string;
  /** Base64 of the place of each point in `groups`, a byte each; "" without groups. */
  group: string;
  groups: { name: string; count: number }[];
  /** Number of groups with a colour of their own; those after them are the rest, in grey. */
  own: number;
  /** Of the points, or none. */
  names: string[];
  /** Base64 of a JPEG of each point, "" where there is none; or none. */
  pictures: string[];
  /** Names on the map itself, in the unit square, the weightiest first. */
  labels: { text: string; x: number; y: number }[];
  /** Lines below the map. */
  remarks: string[];
}

export function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

/** Coordinates as the map takes them. */
export function placesOf({ points, count }: MapData): Uint16Array {
  const bytes = new DataView(bytesOf(points).buffer);
  return Uint16Array.from({ length: 2 * count }, (_, i) => bytes.getUint16(2 * i, true));
}

/** The group of each point; all of one where there are none. */
export function groupsOf({ group, count }: MapData): Uint8Array {
  return group === '' ? new Uint8Array(count) : bytesOf(group);
}

/** How each group is drawn: a shape of its own beside the colour, as far as there are shapes. */
export function looksOf({ groups, own }: MapData, theme: Theme): ListedClass[] {
  return groups.map(({ name, count }, place) => ({
    name,
    count,
    color: classColor(place < own ? place : OTHER, theme),
    shape: place < own ? place % SHAPES.length : 0,
  }));
}

/** Colours and shapes of the groups as the renderer takes them. */
export function paletteOf(looks: ListedClass[], theme: Theme): Uint8Array {
  const entries = new Uint8Array(4 * 256);
  entries.set([...classColor(0, theme), 0]);
  looks.forEach(({ color, shape }, place) => entries.set([...color, shape], 4 * place));
  return entries;
}

/** The places of the names that have `text` in them, in any case; none for no text. */
export function search(names: readonly string[], text: string): number[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return [];
  return names.flatMap((name, place) => (name.toLowerCase().includes(wanted) ? [place] : []));
}
