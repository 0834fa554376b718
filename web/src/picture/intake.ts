// Ways for an own picture to come in: files, the clipboard, an address that the browser fetches.
import { announcer } from '../state/announce.svelte';
import { collections } from '../state/collections.svelte';
import { ownPictures } from '../state/own_pictures.svelte';
import { onlyAbout, type Example } from '../state/question';
import { search } from '../state/search.svelte';
import { trouble } from './trouble.svelte';

const most = 8;

export function pictureFiles(data: DataTransfer | null): File[] {
  return [...(data?.files ?? [])].filter((file) => file.type === '' || file.type.startsWith('image/')).slice(0, most);
}

/// Searches by these pictures; by several, for pictures like all of them.
export async function askAbout(files: Blob[]): Promise<void> {
  if (!collections.current || files.length === 0) return;
  trouble.text = '';
  try {
    const examples: Example[] = [];
    for (const file of files.slice(0, most)) {
      examples.push({ own: await ownPictures.add(file, file instanceof File ? file.name : undefined), wanted: true });
    }
    const first = examples[0];
    if (first) search.show({ ...onlyAbout(search.question, first), examples });
  } catch (cause) {
    trouble.text = cause instanceof Error ? cause.message : 'The picture could not be read.';
    announcer.say(trouble.text);
  }
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
