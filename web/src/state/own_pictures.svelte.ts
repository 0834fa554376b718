// Pictures of the person that are asked for: they stay in this browser and go to the server with each query.
import { SvelteMap } from 'svelte/reactivity';
import { Problem } from '../api/problem';
import { prepared } from '../picture/downscale';
import { shelve, unshelve, type Shelved } from '../picture/shelf';

export interface OwnPicture extends Shelved {
  url: string;
}

class OwnPictures {
  #kept = new SvelteMap<string, OwnPicture>();
  #count = 0;

  /// The key under which the URL names it. Throws where it is no picture.
  async add(file: Blob, name = 'your picture'): Promise<string> {
    const picture = { blob: await prepared(file), name };
    const own = `${Date.now().toString(36)}${(this.#count++).toString(36)}`;
    this.#keep(own, picture);
    void shelve(own, picture);
    return own;
  }

  /// Nothing before `find` was called after a reload.
  get(own: string): OwnPicture | undefined {
    return this.#kept.get(own);
  }

  /// The bytes for the server of these keys. Throws where one is not in this browser.
  async find(keys: string[]): Promise<Blob[]> {
    return Promise.all(keys.map(async (own) => {
      const kept = this.#kept.get(own) ?? (await unshelve(own));
      if (!kept) {
        throw new Problem('own_picture_gone', 'Your own picture is not here any more',
          'A link does not carry it, since it stays in the browser in which it was dropped. Drop it here again.', 404);
      }
      if (!this.#kept.has(own)) this.#keep(own, kept);
      return kept.blob;
    }));
  }

  #keep(own: string, picture: Shelved) {
    this.#kept.set(own, { ...picture, url: URL.createObjectURL(picture.blob) });
  }
}

export const ownPictures = new OwnPictures();
