// Long work on a collection: start it and wait for its end.
import { api } from '../api/client';
import type { Job, NewJob } from '../api/types';

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
  let now = await api.startJob(collection, job, signal);
  while (now.state !== 'done') {
    onchange(now);
    if (now.state === 'failed') throw new Error(now.error ?? 'The work failed.');
    if (now.state === 'cancelled') throw new Error('The work was cancelled.');
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
    now = await api.job(now.id, signal);
  }
}
