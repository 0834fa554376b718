// Pictures of the person that are asked for: they stay in this tab and go to the server with each query.
import { SvelteMap } from 'svelte/reactivity';
import { Problem } from '../api/problem';
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

/// What goes to the server for these keys. Throws where one is not here any more.
export function picturesOf(own: string[]): Blob[] {
  return own.map((one) => {
    const kept = ownPictures.get(one);
    if (kept) return kept.blob;
    throw new Problem('own_picture_gone', 'Your own picture is not here any more',
      'A link or a reload does not carry it, since it never left this tab. Drop it here again.');
  });
}
