// A map that is ready to be drawn: its points, the tree to find them by, the column that colours them.
import type { components } from '../api/schema';
import { indexOf, indicesOf } from './align';
import { buildPicking } from './build_picking';
import { NO_CLUSTER } from './columns';
import { bySize } from './legend';
import { loadColors, loadPoints, type Column, type Points } from './load';
import type { Marks, PlaceMark } from './overlay';
import { isContinuous, type ColorBy } from './palette';
import type { Picking } from './picking';

export type Place = components['schemas']['Place'];

/** Which map; another `version` of it is loaded anew. */
export interface Wanted {
  collection: string;
  map: string;
  version: number;
  by: ColorBy;
}

export interface Scene {
  wanted: Wanted;
  points: Points;
  picking: Picking;
  column: Column;
}

/** Loads the parts that `before` lacks. */
export async function loadScene(
  wanted: Wanted,
  before: Scene | null,
  signal: AbortSignal,
): Promise<Scene> {
  const { collection, map, version, by } = wanted;
  const known = before?.wanted;
  const same = known?.collection === collection && known.map === map && known.version === version;
  const points = same && before ? before.points : await loadPoints(collection, map, signal);
  const [picking, column] = await Promise.all([
    same && before ? before.picking : buildPicking(points.xy),
    loadColors(collection, points, by, signal),
  ]);
  signal.throwIfAborted();
  return { wanted, points, picking, column };
}

/** The class of each point, where classes have colours. */
export function classesOf({ wanted, column }: Scene): Uint16Array | null {
  return isContinuous(wanted.by) ? null : (column as Uint16Array);
}

/** How many classes have colours. */
export function classCount({ wanted, points: { info } }: Scene): number {
  return wanted.by === 'cluster' ? info.clusters.length : info.labels.length;
}

/** A place in the units of the map's box, as a mark in the world. */
export function markOf({ points, picking }: Scene, place: Place): PlaceMark {
  const [x0 = 0, y0 = 0, x1 = 1, y1 = 1] = points.info.box;
  return {
    at: { x: (place.x - x0) / (x1 - x0), y: (place.y - y0) / (y1 - y0) },
    spread: place.spread / (x1 - x0),
    off: place.off,
    neighbors: indicesOf(points.ids, place.neighbors).map((index) => picking.at(index)),
  };
}

/** The names of clusters where their middles are, where clusters have the colours. */
export function namesOf({ wanted, points, picking }: Scene): Marks['names'] {
  const { clusters } = points.info;
  if (wanted.by !== 'cluster') return [];
  return bySize(clusters).flatMap((place) => {
    const { name, medoid } = clusters[place]!;
    const index = indexOf(points.ids, medoid);
    return index < 0 ? [] : { text: name, at: picking.at(index) };
  });
}

/** The remark about a point besides its label. */
export function noteOf({ points, column, wanted }: Scene, index: number): string {
  const value = column[index]!;
  if (wanted.by === 'trust') return `Trust ${Math.round((100 * value) / 255)} %`;
  if (wanted.by === 'added') return `Added ${new Date(value).toLocaleDateString()}`;
  if (wanted.by === 'label' || value === NO_CLUSTER) return `Picture ${points.ids[index]}`;
  return `Cluster “${points.info.clusters[value]!.name}”`;
}

export function labelOf({ info, label }: Points, index: number): string {
  return info.labels[label[index]!]!.label || 'No label';
}
