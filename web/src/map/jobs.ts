// Long work on a collection: start it and wait for its end.
import type { components } from '../api/schema';
import { collectionPath, request, type Job } from './load';

type NewJob = components['schemas']['NewJob'];

const PAUSE = 500;

/**
 * Runs a job to its end, telling `onchange` how far it is. Throws if it fails, is cancelled, or
 * `signal` says that nobody waits any more; the job itself goes on then.
 */
export async function runJob(
  collection: string,
  job: NewJob,
  onchange: (job: Job) => void,
  signal: AbortSignal,
): Promise<void> {
  const started = await request(`${collectionPath(collection)}/jobs`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(job),
    signal,
  });
  let now = (await started.json()) as Job;
  while (now.state !== 'done') {
    onchange(now);
    if (now.state === 'failed') throw new Error(now.error ?? 'The work failed.');
    if (now.state === 'cancelled') throw new Error('The work was cancelled.');
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
    now = (await (await request(`v1/jobs/${now.id}`, { signal })).json()) as Job;
  }
}
