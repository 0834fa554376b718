import { beforeEach, expect, it, vi } from 'vitest';
import { runJob } from './jobs';

const { signal } = new AbortController();
const ask = vi.fn<(request: Request) => Promise<Response>>();

function answer(...states: object[]): void {
  for (const state of states) ask.mockResolvedValueOnce(Response.json({ id: 7, ...state }));
}

beforeEach(() => {
  ask.mockReset();
  vi.stubGlobal('fetch', ask);
  vi.useFakeTimers({ shouldAdvanceTime: true, advanceTimeDelta: 200 });
});

it('follows a job to its end', async () => {
  answer({ state: 'waiting' }, { state: 'active', done: 1 }, { state: 'done' });
  const seen: string[] = [];
  await runJob('stamps', { kind: 'map' }, ({ state }) => seen.push(state), signal);
  expect(seen).toEqual(['waiting', 'active']);
  expect(ask.mock.calls.map(([{ url }]) => new URL(url).pathname)).toEqual([
    '/v1/collections/stamps/jobs', '/v1/jobs/7', '/v1/jobs/7',
  ]);
  expect(await ask.mock.calls[0]?.[0].text()).toBe('{"kind":"map"}');
});

it('says why a job failed', async () => {
  answer({ state: 'failed', error: 'There are too few pictures.' });
  const run = runJob('stamps', { kind: 'map' }, () => undefined, signal);
  await expect(run).rejects.toThrow('There are too few pictures.');
});

it('says what the server says of a job that it does not start', async () => {
  ask.mockResolvedValueOnce(Response.json({ code: 'forbidden', detail: 'Only from this machine.' }, { status: 403 }));
  const run = runJob('stamps', { kind: 'map' }, () => undefined, signal);
  await expect(run).rejects.toThrow('Only from this machine.');
});
