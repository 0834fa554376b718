// Every request goes through here: typed by docs/openapi.yaml, and every failure is a Problem.
import createClient from 'openapi-fetch';
import { early } from './early';
import { presence } from './presence.svelte';
import { isAbort, problemOf } from './problem';
import type { paths } from './schema';
import type { Collection, Collections, Encoder, Item, Job, Label, Layer, MapInfo, NewCollection, NewJob, Place, Query, Results, Scores, Skipped } from './types';
import { base, collectionsUrl, searchUrl } from './urls';

const pauses_ms = [300, 900];

/// fetch with a few more tries for GET. Where the server requires a key, the browser asks for it and sends it.
async function send(request: Request): Promise<Response> {
  const pauses = request.method === 'GET' ? pauses_ms : [];
  for (let attempt = 0; ; ++attempt) {
    const pause = pauses[attempt];
    try {
      const response = await fetch(request.clone());
      if (response.status !== 503 || pause === undefined) return response;
    } catch (cause) {
      if (isAbort(cause)) throw cause;
      if (pause === undefined) {
        void presence.doubt();
        throw problemOf(cause);
      }
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

const client = createClient<paths>({ baseUrl: base, fetch: send });

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

async function take<T>(pending: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await pending;
  if (!response.ok || data === undefined) throw problemOf(error, response.status);
  return data;
}

const at = (c: string) => ({ path: { c } });

export const api = {
  collections: async (): Promise<Collections> =>
    (await early<Collections>(collectionsUrl)) ?? take(client.GET('/v1/collections')),
  addCollection: (body: NewCollection): Promise<Job> => take(client.POST('/v1/collections', { body })),
  collection: (c: string): Promise<Collection> => take(client.GET('/v1/collections/{c}', { params: at(c) })),
  labels: async (c: string): Promise<Label[]> =>
    (await take(client.GET('/v1/collections/{c}/labels', { params: at(c) }))).labels,
  skipped: async (c: string): Promise<Skipped[]> =>
    (await take(client.GET('/v1/collections/{c}/skipped', { params: at(c) }))).skipped,
  adoptSpace: (c: string, s: string): Promise<Collection> =>
    take(client.PATCH('/v1/collections/{c}/spaces/{s}', { params: { path: { c, s } }, body: { is_default: true } })),
  removeSpace: (c: string, s: string): Promise<Collection> =>
    take(client.DELETE('/v1/collections/{c}/spaces/{s}', { params: { path: { c, s } } })),
  item: (c: string, id: number): Promise<Item> =>
    take(client.GET('/v1/collections/{c}/items/{id}', { params: { path: { c, id } } })),
  items: (c: string, after: number, limit: number, where: string, signal?: AbortSignal) =>
    take(client.GET('/v1/collections/{c}/items', {
      params: { ...at(c), query: { after, limit, ...(where && { where }) } },
      ...(signal && { signal }),
    })),
  random: (c: string, where: string): Promise<Item> =>
    take(client.GET('/v1/collections/{c}/random', { params: { ...at(c), query: where ? { where } : {} } })),
  search,
  place,
  map: (c: string, m: string, signal: AbortSignal): Promise<MapInfo> =>
    take(client.GET('/v1/collections/{c}/maps/{m}', { params: { path: { c, m } }, signal })),
  scores: (c: string): Promise<Scores> => take(client.GET('/v1/collections/{c}/scores', { params: at(c) })),
  startJob: (c: string, body: NewJob): Promise<Job> =>
    take(client.POST('/v1/collections/{c}/jobs', { params: at(c), body })),
  jobs: async (): Promise<Job[]> => (await take(client.GET('/v1/jobs'))).jobs,
  changeJob: (j: number, action: 'pause' | 'resume' | 'retry'): Promise<Job> =>
    take(client.PATCH('/v1/jobs/{j}', { params: { path: { j } }, body: { action } })),
  cancelJob: (j: number): Promise<Job> => take(client.DELETE('/v1/jobs/{j}', { params: { path: { j } } })),
  encoders: async (): Promise<Encoder[]> => (await take(client.GET('/v1/encoders'))).encoders,
  layers: (e: string, signal?: AbortSignal): Promise<{ encoder: Encoder; layers: Layer[] }> =>
    take(client.GET('/v1/encoders/{e}/layers', { params: { path: { e } }, ...(signal && { signal }) })),
};

async function search(c: string, query: Query, pictures: Blob[], signal: AbortSignal): Promise<Results> {
  const known = await early<Results>(searchUrl(c), pictures.length > 0 ? undefined : JSON.stringify(query));
  return known ?? take(client.POST('/v1/collections/{c}/search', { params: at(c), ...asked(query, pictures), signal }));
}

function place(c: string, m: string, query: Query, pictures: Blob[], signal: AbortSignal): Promise<Place> {
  const params = { path: { c, m } };
  return take(client.POST('/v1/collections/{c}/maps/{m}/place', { params, ...asked(query, pictures), signal }));
}

/// JSON where only items are asked for; multipart where own pictures go with it.
function asked(query: Query, pictures: Blob[]) {
  if (pictures.length === 0) return { body: query };
  const form = new FormData();
  form.set('query', new Blob([JSON.stringify(query)], { type: 'application/json' }));
  for (const picture of pictures) form.append('picture', picture, 'picture');
  return { body: form as never, bodySerializer: (body: unknown) => body };
}

/// The bytes at an address of the server.
export async function bytesOf(url: string, signal?: AbortSignal): Promise<Blob> {
  const response = await send(new Request(url, signal ? { signal } : {}));
  if (!response.ok) throw problemOf(await response.json().catch(() => undefined), response.status);
  return response.blob();
}
