// Maps as the server has them.
import type { components } from '../api/schema';
import { decodeAdded, decodeClasses, decodeIds, decodeTrust, decodeXy } from './columns';
import type { ColorBy } from './palette';

export type MapInfo = components['schemas']['Map'];
export type Job = components['schemas']['Job'];
export type Column = Uint16Array | Uint8Array | Float64Array;

export interface Points {
  info: MapInfo;
  /** Ascending. */
  ids: Float64Array;
  xy: Uint16Array;
  label: Uint16Array;
}

type Send = (path: string, init?: RequestInit) => Promise<Response>;

let send: Send = (path, init) => fetch(path, init);

/** From now on requests are sent this way: the app adds the key of a server that wants one. */
export function sendBy(other: Send): void {
  send = other;
}

/** The server's answer, if it is a good one. Throws with what the server says is wrong. */
export async function request(path: string, init?: RequestInit): Promise<Response> {
  const answer = await send(path, init);
  if (answer.ok) return answer;
  const problem = (await answer.json().catch(() => null)) as { detail?: string } | null;
  throw new Error(problem?.detail ?? `The server answered ${answer.status} to ${path}.`);
}

/** What to tell people of something thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

export function collectionPath(collection: string): string {
  return `v1/collections/${encodeURIComponent(collection)}`;
}

export function thumbnailPath(collection: string, id: number, size: 64 | 256 | 1024): string {
  return `${collectionPath(collection)}/items/${id}/thumbnail?size=${size}`;
}

/** A map without its points. */
export async function loadInfo(
  collection: string,
  map: string,
  signal: AbortSignal,
): Promise<MapInfo> {
  return (await (await request(mapPath(collection, map), { signal })).json()) as MapInfo;
}

/** A map and what is always wanted of its points. */
export async function loadPoints(
  collection: string,
  map: string,
  signal: AbortSignal,
): Promise<Points> {
  const path = mapPath(collection, map);
  const info = await loadInfo(collection, map, signal);
  const [id, xy, label] = await Promise.all(
    ['id', 'xy', 'label'].map((column) => bytes(`${path}/columns/${column}`, signal)),
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
  const data = await bytes(`${mapPath(collection, name)}/columns/${by}`, signal);
  if (by === 'cluster') return decodeClasses('cluster', data, count, clusters.length);
  return by === 'trust' ? decodeTrust(data, count) : decodeAdded(data, count);
}

/** A picture for the map. */
export async function loadThumbnail(collection: string, id: number): Promise<ImageBitmap> {
  const answer = await request(thumbnailPath(collection, id, 64));
  return createImageBitmap(await answer.blob());
}

function mapPath(collection: string, map: string): string {
  return `${collectionPath(collection)}/maps/${encodeURIComponent(map)}`;
}

async function bytes(path: string, signal: AbortSignal): Promise<ArrayBuffer> {
  return (await request(path, { signal })).arrayBuffer();
}
