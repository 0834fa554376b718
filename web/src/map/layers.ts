// The maps of a collection that show its layers, one after the other.
import type { components } from '../api/schema';
import { request } from './load';

export type Collection = components['schemas']['Collection'];
export type MapEntry = components['schemas']['MapEntry'];
export type Method = NonNullable<components['schemas']['NewJob']['method']>;

const METHODS: readonly string[] = ['umap', 'pca', 'tsne'] satisfies Method[];

/** Names of the layers of each encoder, from input to output. */
export type Depths = ReadonlyMap<string, readonly string[]>;

/** Maps are named SPACE.METHOD unless someone gave them another name, which tells no method. */
export function methodOf({ name, space }: MapEntry): Method | null {
  const method = name.startsWith(`${space}.`) ? name.slice(space.length + 1) : '';
  return METHODS.includes(method) ? (method as Method) : null;
}

/** The map to begin with: one of the default space, if there is any. There must be a map. */
export function firstMap({ maps, spaces }: Collection): MapEntry {
  const main = spaces.find(({ is_default }) => is_default)?.name;
  return maps.find(({ space }) => space === main) ?? maps[0]!;
}

/** Maps by the same method as `current`, by encoder and there from input to output. */
export function layersOf(collection: Collection, current: MapEntry, depths: Depths): MapEntry[] {
  const method = methodOf(current);
  if (!method) return [current];
  const key = ({ space }: MapEntry): [string, number] => {
    const { encoder = '', layer = '' } = collection.spaces.find(({ name }) => name === space) ?? {};
    const depth = depths.get(encoder)?.indexOf(layer) ?? -1;
    return [encoder, depth < 0 ? Infinity : depth];
  };
  const keyed = collection.maps
    .filter((other) => methodOf(other) === method)
    .map((other) => ({ other, key: key(other) }));
  keyed.sort((a, b) => {
    if (a.key[0] !== b.key[0]) return a.key[0] < b.key[0] ? -1 : 1;
    return a.key[1] === b.key[1] ? 0 : a.key[1] - b.key[1];
  });
  return keyed.map(({ other }) => other);
}

/** What a layer is called on its slider. */
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
      const path = `v1/encoders/${encodeURIComponent(encoder)}/layers`;
      const answer = await request(path, { signal }).catch(() => null);
      const { layers } = ((await answer?.json()) ?? { layers: [] }) as {
        layers: components['schemas']['Layer'][];
      };
      return [encoder, layers.map(({ name }) => name)] as const;
    }),
  );
  return new Map(found);
}
