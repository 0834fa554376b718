// Ways for an own picture to come in: files, the clipboard, an address that the browser fetches.
import { announcer } from '../state/announce.svelte';
import { collections } from '../state/collections.svelte';
import { ownPictures } from '../state/own_pictures.svelte';
import { onlyAbout, type Example } from '../state/question';
import { search } from '../state/search.svelte';
import { trouble } from './trouble.svelte';
import { remarkOf, type Refused } from './remark';

const most = 8;

export function pictureFiles(data: DataTransfer | null): File[] {
  return [...(data?.files ?? [])].filter((file) => file.type === '' || file.type.startsWith('image/'));
}

/// Searches by the first eight of these that can be read, for pictures like all of them; says which were left out.
export async function askAbout(files: Blob[]): Promise<void> {
  if (!collections.current || files.length === 0) return;
  trouble.text = '';
  const examples: Example[] = [];
  const [used, refused, left]: [string[], Refused[], string[]] = [[], [], []];
  for (const file of files) {
    const name = file instanceof File ? file.name : undefined;
    if (used.length === most) {
      left.push(name ?? 'a picture');
      continue;
    }
    try {
      examples.push({ own: await ownPictures.add(file, name), wanted: true });
      used.push(name ?? 'a picture');
    } catch (cause) {
      refused.push({ name: name ?? 'a picture', why: cause instanceof Error ? cause.message : 'The picture could not be read.' });
    }
  }
  trouble.text = remarkOf(used, refused, left);
  if (trouble.text) announcer.say(trouble.text);
  const first = examples[0];
  if (first) search.show({ ...onlyAbout(search.question, first), examples });
}

/// Typed text: `id:7` or `7` is an item; everything else is an address. The server never fetches it.
export async function askAboutText(text: string): Promise<void> {
  const id = /^(?:id:)?(\d{1,15})$/.exec(text.trim())?.[1];
  if (id) return search.about({ id: Number(id), wanted: true });
  const picture = await fetched(text.trim());
  if (picture) await askAbout([picture]);
}

async function fetched(address: string): Promise<Blob | undefined> {
  trouble.text = '';
  if (!address.startsWith('https://')) {
    trouble.text = 'Type the address of a picture (https://…) or the id of an item (id:7). For a file, drop it here.';
    return undefined;
  }
  try {
    const response = await fetch(address, { credentials: 'omit', referrerPolicy: 'no-referrer' });
    if (!response.ok) throw new Error(`The other server answered with status ${response.status}.`);
    return await response.blob();
  } catch (cause) {
    trouble.text = cause instanceof TypeError
      ? 'The other site does not let pages read this picture. Save it there and drop it here.'
      : (cause as Error).message;
    return undefined;
  }
}

/// The picture in the clipboard, where the browser gives it.
export async function askAboutClipboard(): Promise<void> {
  try {
    for (const entry of await navigator.clipboard.read()) {
      const type = entry.types.find((one) => one.startsWith('image/'));
      if (type) return await askAbout([await entry.getType(type)]);
    }
    trouble.text = 'There is no picture in the clipboard.';
  } catch {
    trouble.text = 'The browser does not give the clipboard away at a click. Press Ctrl+V (or ⌘V) instead.';
  }
}
