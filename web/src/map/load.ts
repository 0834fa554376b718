// Maps as the server has them.
import { api, bytesOf } from '../api/client';
import type { MapInfo } from '../api/types';
import { columnUrl, thumbnailUrl } from '../api/urls';
import { decodeAdded, decodeClasses, decodeIds, decodeTrust, decodeXy } from './columns';
import type { ColorBy } from './palette';

export type { MapInfo };
export type Column = Uint16Array | Uint8Array | Float64Array;

export interface Points {
  info: MapInfo;
  /** Ascending. */
  ids: Float64Array;
  xy: Uint16Array;
  label: Uint16Array;
}

/** The sentence for people about an exception. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A map and the columns always needed of its points. */
export async function loadPoints(
  collection: string,
  map: string,
  signal: AbortSignal,
): Promise<Points> {
  const info = await api.map(collection, map, signal);
  const [id, xy, label] = await Promise.all(
    ['id', 'xy', 'label'].map((column) => bytes(columnUrl(collection, map, column), signal)),
  );
  return {
    info,
    ids: decodeIds(id!, info.count),
    xy: decodeXy(xy!, info.count),
    label: decodeClasses('label', label!, info.count, info.labels.length),
  };
}

/** The column that gives points their colours. */
export async function loadColors(
  collection: string,
  points: Points,
  by: ColorBy,
  signal: AbortSignal,
): Promise<Column> {
  if (by === 'label') return points.label;
  const { name, count, clusters } = points.info;
  const data = await bytes(columnUrl(collection, name, by), signal);
  if (by === 'cluster') return decodeClasses('cluster', data, count, clusters.length);
  return by === 'trust' ? decodeTrust(data, count) : decodeAdded(data, count);
}

/** A picture for the map. */
export async function loadThumbnail(collection: string, id: number): Promise<ImageBitmap> {
  return createImageBitmap(await bytesOf(thumbnailUrl(collection, id, 64)));
}

async function bytes(url: string, signal: AbortSignal): Promise<ArrayBuffer> {
  return (await bytesOf(url, signal)).arrayBuffer();
}
