// Where the person is, as the part of the URL behind '#'. Pure: text to Route and back.

export type Page = 'search' | 'map' | 'compare' | 'encoders' | 'collections' | 'help';

export interface Route {
  page: Page;
  /// Empty where the page is not about one collection, or the first one is meant.
  collection: string;
  /// The words after the page: encoder and layer.
  rest: string[];
  /// The question to the page, as in `?…`.
  params: URLSearchParams;
}

const within: Page[] = ['search', 'map', 'compare', 'encoders'];
const apart: Page[] = ['collections', 'help'];

/// Anything that names no page is the search page, so that no link ends at a blank page.
export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = split(hash.replace(/^#/, ''), '?');
  const parts = path.split('/').filter(Boolean).map(decode);
  const params = new URLSearchParams(query);
  const first = parts[0];
  if (first === 'c' && parts[1]) {
    const page = within.find((name) => name === parts[2]) ?? 'search';
    return { page, collection: parts[1], rest: parts.slice(3), params };
  }
  const page = [...within, ...apart].find((name) => name === first) ?? 'search';
  return { page, collection: '', rest: within.includes(page) ? parts.slice(1) : [], params };
}

export function formatRoute(page: Page, collection = '', rest: string[] = [], params?: URLSearchParams): string {
  const parts = apart.includes(page) ? [page] : [...(collection ? ['c', collection] : []), page, ...rest];
  const query = params?.toString().replaceAll('%2C', ',') ?? '';
  return `#/${parts.map(encodeURIComponent).join('/')}${query && `?${query}`}`;
}

function split(text: string, mark: string): [string, string] {
  const place = text.indexOf(mark);
  return place < 0 ? [text, ''] : [text.slice(0, place), text.slice(place + 1)];
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
