// How the map is looked at, as parameters of the URL: which map, its colours, classes, place and selection. Pure.
import { METHODS, type Method } from './layers';
import type { ColorBy } from './palette';
import type { Spot } from './view';

export interface Look {
  /** Empty: the map to begin with. */
  map: string;
  /** A method by which there is no map yet. */
  method: Method | null;
  by: ColorBy;
  /** Names of classes, ascending. */
  hidden: string[];
  /** Null shows all. */
  view: Spot | null;
  /** Ids, ascending. */
  selected: number[];
}

export const plainLook: Look = { map: '', method: null, by: 'label', hidden: [], view: null, selected: [] };
const COLORINGS: readonly string[] = ['label', 'cluster', 'trust', 'added'] satisfies ColorBy[];
/** Longer selections are not in a link, which would be too long to be sent. */
const LONGEST = 4000;
/** A link may name no more, so that none takes the memory of the page. */
const MOST_SELECTED = 100_000;

export function parseLook(params: URLSearchParams): Look {
  const by = params.get('color') ?? '';
  const method = METHODS.find((known) => known.method === params.get('method'))?.method ?? null;
  const [x, y, zoom, ...rest] = (params.get('view') ?? '').split(',').map(Number);
  const right = rest.length === 0 && [x, y, zoom].every((value) => Number.isFinite(value)) && zoom! > 0;
  return {
    map: params.get('map') ?? '',
    method,
    by: COLORINGS.includes(by) ? (by as ColorBy) : plainLook.by,
    hidden: params.getAll('hide'),
    view: right && params.has('view') ? { x: x!, y: y!, zoom: zoom! } : null,
    selected: idsOf(params.get('selected') ?? ''),
  };
}

/** Adds what differs from `plainLook`. */
export function addLook(params: URLSearchParams, look: Look): URLSearchParams {
  if (look.map) params.set('map', look.map);
  if (look.method) params.set('method', look.method);
  if (look.by !== plainLook.by) params.set('color', look.by);
  for (const name of look.hidden) params.append('hide', name);
  if (look.view) params.set('view', [look.view.x, look.view.y, look.view.zoom].map((value) => Number(value.toPrecision(5))).join(','));
  const selected = rangesOf(look.selected);
  if (selected && selected.length <= LONGEST) params.set('selected', selected);
  return params;
}

/** "3-5,9" of ascending ids. */
function rangesOf(ids: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const id of ids) {
    const last = ranges.at(-1);
    if (last && last[1] === id - 1) last[1] = id;
    else ranges.push([id, id]);
  }
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(',');
}

function idsOf(text: string): number[] {
  if (text.length > LONGEST || !/^\d{1,9}(-\d{1,9})?(,\d{1,9}(-\d{1,9})?)*$/.test(text)) return [];
  const ids = new Set<number>();
  for (const range of text.split(',')) {
    const [from = 0, to = from] = range.split('-').map(Number);
    for (let id = from; id <= to && ids.size < MOST_SELECTED; ++id) ids.add(id);
  }
  return [...ids];
}
