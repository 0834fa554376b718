// Pictures of the person that are asked for: they stay in this tab and go to the server with each query.
import { SvelteMap } from 'svelte/reactivity';
import { prepared } from '../picture/downscale';

export interface OwnPicture {
  blob: Blob;
  url: string;
  name: string;
}

class OwnPictures {
  #kept = new SvelteMap<string, OwnPicture>();
  #count = 0;

  /// The key under which the URL names it. Throws where it is no picture.
  async add(file: Blob, name = 'your picture'): Promise<string> {
    const blob = await prepared(file);
    const own = `${Date.now().toString(36)}${(this.#count++).toString(36)}`;
    this.#kept.set(own, { blob, url: URL.createObjectURL(blob), name });
    return own;
  }

  /// Nothing after the page was loaded anew: pictures are not kept on disk.
  get(own: string): OwnPicture | undefined {
    return this.#kept.get(own);
  }
}

export const ownPictures = new OwnPictures();
