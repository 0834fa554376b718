// Data of single items, requested once each.
import { SvelteMap } from 'svelte/reactivity';
import { api } from '../api/client';
import type { Item } from '../api/types';

class Items {
  #known = new SvelteMap<string, Item | null>();
  #asked = new Set<string>();

  put(collection: string, item: Item) {
    this.#known.set(`${collection}/${item.id}`, item);
  }

  /// Undefined while it is not known, null where there is no such item.
  get(collection: string, id: number): Item | null | undefined {
    return this.#known.get(`${collection}/${id}`);
  }

  /// Asks for it where that was not done yet.
  want(collection: string, id: number) {
    const name = `${collection}/${id}`;
    if (this.#asked.has(name) || this.#known.has(name)) return;
    this.#asked.add(name);
    api.item(collection, id).then(
      (item) => this.#known.set(name, item),
      () => { this.#known.set(name, null); this.#asked.delete(name); },
    );
  }
}

export const items = new Items();
