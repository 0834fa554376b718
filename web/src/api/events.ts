// What the jobs do, as it happens: one stream for the whole tab.
import type { Job } from './types';

/// The jobs after one of them changed: newest first, each once.
export function withJob(jobs: Job[], changed: Job): Job[] {
  if (jobs.some((job) => job.id === changed.id)) {
    return jobs.map((job) => (job.id === changed.id ? changed : job));
  }
  return [changed, ...jobs].sort((a, b) => b.id - a.id);
}

/// A Job of the text of an event; nothing where it is none, so that one bad event ends nothing.
export function jobOf(text: string): Job | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isJob = typeof value === 'object' && value !== null && 'id' in value && 'state' in value;
    return isJob ? (value as Job) : undefined;
  } catch {
    return undefined;
  }
}

export function hasEnded(job: Job): boolean {
  return job.state === 'done' || job.state === 'failed' || job.state === 'cancelled';
}

/// Calls `onjob` for every change and `onopen` whenever the stream begins (again). EventSource
/// reconnects by itself; where the server refuses for good, `onrefuse` is called.
export function follow(url: string, onjob: (job: Job) => void, onopen: () => void, onrefuse: () => void): () => void {
  const source = new EventSource(url);
  source.addEventListener('open', onopen);
  source.addEventListener('job', (event) => {
    const job = jobOf(event.data);
    if (job) onjob(job);
  });
  source.addEventListener('error', () => {
    if (source.readyState === EventSource.CLOSED) onrefuse();
  });
  return () => source.close();
}
