import { flushSync, mount, unmount } from 'svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Job } from '../api/types';
import { jobs } from '../state/jobs.svelte';
import MapJob from './MapJob.svelte';

const ask = vi.fn<(request: Request) => Promise<Response>>();
const ondone = vi.fn(() => Promise.resolve());
let page: object;

function job(state: Job['state'], more: Partial<Job> = {}): Job {
  return {
    id: 7, kind: 'map', collection: 'stamps', state, done: 0, total: 0, skipped: 0, rate: 0, eta: null, started: null,
    ended: null, ...more,
  };
}

async function settled(): Promise<void> {
  for (let i = 0; i < 10; ++i) await Promise.resolve();
  await new Promise((resolve) => setTimeout(resolve));
  flushSync();
}

async function started(answer: Response): Promise<void> {
  ask.mockResolvedValueOnce(answer);
  document.querySelector('button')?.click();
  await settled();
}

/// The events of the stream.
async function told(now: Job): Promise<void> {
  await jobs.take(() => Promise.resolve(now));
  await settled();
}

beforeEach(() => {
  ask.mockReset();
  ondone.mockClear();
  vi.stubGlobal('fetch', ask);
  jobs.clear();
  page = mount(MapJob, {
    target: document.body,
    props: { collection: 'stamps', job: { kind: 'map' }, action: 'Make a map', ondone },
  });
  flushSync();
});

afterEach(() => void unmount(page));

it('shows how far the work is and says when it is done', async () => {
  await started(Response.json(job('waiting')));
  expect(document.body.textContent).toContain('Waiting for other work');
  await told(job('active', { done: 3, total: 9 }));
  expect(document.body.textContent).toContain('3 of 9');
  expect(ondone).not.toHaveBeenCalled();
  ask.mockResolvedValue(Response.json({ collections: [] }));
  await told(job('done'));
  expect(ondone).toHaveBeenCalledTimes(1);
  expect(document.querySelector('button')?.textContent).toBe('Make a map');
});

it('says why the work failed', async () => {
  await started(Response.json(job('active')));
  ask.mockResolvedValue(Response.json({ collections: [] }));
  await told(job('failed', { error: 'There are too few pictures.' }));
  expect(document.querySelector('[role=alert]')?.textContent).toBe('There are too few pictures.');
  expect(ondone).not.toHaveBeenCalled();
});

it('says what the server says of work that it does not start', async () => {
  await started(Response.json({ code: 'forbidden', detail: 'Only from this machine.' }, { status: 403 }));
  expect(document.querySelector('[role=alert]')?.textContent).toBe('Only from this machine.');
});

it('says that a server which was started again knows nothing of the work', async () => {
  await started(Response.json(job('active')));
  jobs.clear();
  await settled();
  expect(document.querySelector('[role=alert]')?.textContent).toContain('may have been restarted');
});
