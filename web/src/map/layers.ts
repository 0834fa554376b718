// The maps of a collection that show its layers, one after the other.
import { api } from '../api/client';
import type { Collection, MapEntry, NewJob } from '../api/types';

export type { Collection, MapEntry };
export type Method = NonNullable<NewJob['method']>;

/** The name of each method, and its use. */
export const METHODS: readonly { method: Method; title: string; says: string }[] = [
  { method: 'umap', title: 'UMAP', says: 'Groups and how they lie to each other; places new pictures' },
  { method: 'tsne', title: 't-SNE', says: 'Near neighbours most truly, distances between groups least' },
  { method: 'pca', title: 'PCA', says: 'The two directions that differ most; at once' },
];

export function titleOf(method: Method): string {
  return METHODS.find((known) => known.method === method)?.title ?? method;
}

/** Names of the layers of each encoder, from input to output. */
export type Depths = ReadonlyMap<string, readonly string[]>;

/**
 * Maps are named SPACE.METHOD, those of several layers that were made together SPACE.layers.METHOD;
 * a name that someone gave tells no method.
 */
export function methodOf(entry: MapEntry): Method | null {
  const method = kindOf(entry).replace('layers.', '');
  return METHODS.find((known) => known.method === method)?.method ?? null;
}

function kindOf({ name, space }: MapEntry): string {
  return name.startsWith(`${space}.`) ? name.slice(space.length + 1) : '';
}

/** The map of the same space by another method: with the layers if `current` is, and they have one. */
export function mapBy(maps: MapEntry[], current: MapEntry, method: Method): MapEntry | undefined {
  const own = maps.filter((map) => map.space === current.space && methodOf(map) === method);
  return own.find((map) => isOfLayers(map) === isOfLayers(current)) ?? own[0];
}

/** The map to begin with: of the default space, with its layers if they have maps. There must be one. */
export function firstMap({ maps, spaces }: Collection): MapEntry {
  const main = spaces.find(({ is_default }) => is_default)?.name;
  const own = maps.filter(({ space }) => space === main);
  return own.find((entry) => isOfLayers(entry)) ?? own[0] ?? maps[0]!;
}

/** Whether it was made with those of other layers, aligned to each other. */
export function isOfLayers(entry: MapEntry): boolean {
  return methodOf(entry) !== null && kindOf(entry).startsWith('layers.');
}

/** The maps that were made together with `current`, by encoder and there from input to output. */
export function layersOf(collection: Collection, current: MapEntry, depths: Depths): MapEntry[] {
  if (!isOfLayers(current)) return [current];
  const key = ({ space }: MapEntry): [string, number] => {
    const { encoder = '', layer = '' } = collection.spaces.find(({ name }) => name === space) ?? {};
    const depth = depths.get(encoder)?.indexOf(layer) ?? -1;
    return [encoder, depth < 0 ? Infinity : depth];
  };
  const keyed = collection.maps
    .filter((other) => kindOf(other) === kindOf(current))
    .map((other) => ({ other, key: key(other) }));
  keyed.sort((a, b) => {
    if (a.key[0] !== b.key[0]) return a.key[0] < b.key[0] ? -1 : 1;
    return a.key[1] === b.key[1] ? 0 : a.key[1] - b.key[1];
  });
  return keyed.map(({ other }) => other);
}

/** The name of a layer on its slider. */
export function layerName(collection: Collection, { space }: MapEntry): string {
  const known = collection.spaces.find(({ name }) => name === space);
  const several = new Set(collection.spaces.map(({ encoder }) => encoder)).size > 1;
  if (!known?.layer) return space;
  return several ? `${known.encoder} ${known.layer}` : known.layer;
}

/** Asks how the layers of the encoders follow each other; an unknown encoder has no order. */
export async function loadDepths(collection: Collection, signal: AbortSignal): Promise<Depths> {
  const encoders = new Set(collection.spaces.map(({ encoder }) => encoder).filter(Boolean));
  const found = await Promise.all(
    [...encoders].map(async (encoder) => {
      const { layers } = await api.layers(encoder, signal).catch(() => ({ layers: [] }));
      return [encoder, layers.map(({ name }) => name)] as const;
    }),
  );
  return new Map(found);
}
