// Pictures in rows of a grid: tiles, the relevance line and headings of labels. Pure.
import type { Item, Result, Results } from '../api/types';

export interface Tile {
  item: Item;
  /// Nothing where no question was asked, and for a near-duplicate that was unfolded.
  result: Result | undefined;
  /// Rank of the result that it was folded into.
  twinOf: number | undefined;
  /// From 0, in reading order.
  place: number;
}

export type Row =
  | { kind: 'tiles'; tiles: Tile[] }
  | { kind: 'line'; relevant: number }
  | { kind: 'label'; label: string; count: number };

export const heights = { tiles: 236, line: 44, label: 44 } as const;

/// One result after the other, unfolded ones followed by their near-duplicates; the line where it belongs.
export function rankedRows(results: Results, columns: number, unfolded: ReadonlySet<number>): Row[] {
  const known = results.relevance_line !== null;
  const relevant = known ? results.results.filter((result) => result.relevant) : results.results;
  const rest = known ? results.results.filter((result) => !result.relevant) : [];
  const above = withTwins(relevant, unfolded);
  const below = withTwins(rest, unfolded);
  const line: Row[] = known ? [{ kind: 'line', relevant: relevant.length }] : [];
  return placed([...inRows(above, columns), ...line, ...inRows(below, columns)]);
}

/// By label, the label of the best result first.
export function labelRows(results: Results, columns: number, unfolded: ReadonlySet<number>): Row[] {
  const groups = new Map<string, Result[]>();
  for (const result of results.results) {
    const { label } = result.item;
    groups.set(label, [...(groups.get(label) ?? []), result]);
  }
  return placed([...groups].flatMap(([label, group]): Row[] => [
    { kind: 'label', label, count: group.length }, ...inRows(withTwins(group, unfolded), columns)]));
}

/// Pictures as they come.
export function plainRows(items: Item[], columns: number): Row[] {
  return placed(inRows(items.map((item) => tile(item)), columns));
}

/// Where a key leads from `place`: another place, or the same at the edge.
export function movedPlace(rows: Row[], place: number, key: string): number | undefined {
  const lines = rows.flatMap((row) => (row.kind === 'tiles' ? [row.tiles] : []));
  const last = (lines.at(-1)?.at(-1)?.place ?? 0);
  const at = lines.findIndex((tiles) => tiles.some((one) => one.place === place));
  const column = lines[at]?.findIndex((one) => one.place === place) ?? 0;
  const beside = (line: Tile[] | undefined) => line?.[Math.min(column, line.length - 1)]?.place ?? place;
  switch (key) {
    case 'ArrowLeft': case 'h': return Math.max(0, place - 1);
    case 'ArrowRight': case 'l': return Math.min(last, place + 1);
    case 'ArrowUp': case 'k': return beside(lines[at - 1]);
    case 'ArrowDown': case 'j': return beside(lines[at + 1]);
    case 'Home': return 0;
    case 'End': return last;
    default: return undefined;
  }
}

export function rowOf(rows: Row[], place: number): number {
  return rows.findIndex((row) => row.kind === 'tiles' && row.tiles.some((one) => one.place === place));
}

function tile(item: Item, result?: Result, twinOf?: number): Tile {
  return { item, result, twinOf, place: 0 };
}

function withTwins(results: Result[], unfolded: ReadonlySet<number>): Tile[] {
  return results.flatMap((result) => [
    tile(result.item, result),
    ...(unfolded.has(result.rank) ? result.folded.map((item) => tile(item, undefined, result.rank)) : []),
  ]);
}

function inRows(tiles: Tile[], columns: number): Row[] {
  const rows: Row[] = [];
  for (let start = 0; start < tiles.length; start += columns) {
    rows.push({ kind: 'tiles', tiles: tiles.slice(start, start + columns) });
  }
  return rows;
}

function placed(rows: Row[]): Row[] {
  let place = 0;
  for (const row of rows) if (row.kind === 'tiles') for (const one of row.tiles) one.place = place++;
  return rows;
}
