// The collections that the server shows, and the one that the route is about.
import { api } from '../api/client';
import type { Collection, Collections, Space } from '../api/types';
import { Loader } from './loader.svelte';
import { router } from './router.svelte';

class CollectionList extends Loader<Collections> {
  /// The collection of the route; the first one where it names none.
  current: Collection | undefined = $derived.by(() => {
    const all = this.value?.collections ?? [];
    const id = router.route.collection;
    return id ? all.find((one) => one.id === id) : all[0];
  });

  refresh(): Promise<void> {
    return this.load(api.collections);
  }

  /// Takes over one collection as the server answered it.
  put(changed: Collection) {
    if (!this.value) return;
    const all = this.value.collections.map((one) => (one.id === changed.id ? changed : one));
    this.value = { ...this.value, collections: all };
  }
}

export const collections = new CollectionList();

export function defaultSpace(collection: Collection): Space | undefined {
  return collection.spaces.find((space) => space.is_default) ?? collection.spaces[0];
}

function partsOf(space: Space): string[] {
  return [space.encoder || space.name, space.layer, space.pca ? `PCA ${space.pca}` : '', space.metric];
}

/// "efficientnet-lite0, block6, cosine": the way a space is made.
export function spaceTitle(space: Space): string {
  return partsOf(space).filter(Boolean).join(', ');
}

/// "block6": the difference of a space from the others beside it.
export function shortTitle(space: Space, others: Space[]): string {
  const all = others.map(partsOf);
  const own = partsOf(space).filter((part, place) => part && all.some((parts) => parts[place] !== part));
  return own.join(', ') || spaceTitle(space);
}
