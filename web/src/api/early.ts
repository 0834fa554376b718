// The data of the first page is requested before the rest of the page has been read.
import { asks, parseQuestion, queryOf } from '../state/question';
import { parseRoute } from '../state/route';
import type { Results } from './types';
import { collectionsUrl, searchUrl, thumbnailSet, thumbnailUrl } from './urls';

/// Pictures that are loaded as soon as it is known which: those of the first row of a wide screen.
const pictures = 6;
const answers = new Map<string, Promise<unknown>>();

/// Asks for the collections and, where the URL asks a question about pictures of the server, for its answer.
export function askEarly(hash: string) {
  ask(collectionsUrl);
  const { page, collection, params } = parseRoute(hash);
  const question = parseQuestion(params);
  const { query, own } = queryOf(question);
  if (page !== 'search' || !collection || !asks(question) || own.length > 0) return;
  void ask(searchUrl(collection), JSON.stringify(query)).then((found) => {
    for (const { item } of (found as Results | undefined)?.results.slice(0, pictures) ?? []) {
      Object.assign(new Image(), { srcset: thumbnailSet(collection, item.id), src: thumbnailUrl(collection, item.id) });
    }
  });
}

/// The answer to the early request, once. Undefined where there is none that is right: then the caller asks
/// as always, with tries and with a problem that names the fault.
export function early<T>(url: string, body?: string): Promise<T | undefined> {
  const name = nameOf(url, body);
  const answer = answers.get(name) as Promise<T | undefined> | undefined;
  answers.delete(name);
  return answer ?? Promise.resolve(undefined);
}

function ask(url: string, body?: string): Promise<unknown> {
  const how = body === undefined ? {} : { method: 'POST', body, headers: { 'Content-Type': 'application/json' } };
  const answer = fetch(url, how).then((response): unknown => (response.ok ? response.json() : undefined)).catch(() => undefined);
  answers.set(nameOf(url, body), answer);
  return answer;
}

function nameOf(url: string, body = ''): string {
  return `${url} ${body}`;
}
