// Changes of jobs as they happen: one stream for the whole tab.
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

export interface Listener {
  job: (job: Job) => void;
  /// The stream begins, or begins again: earlier changes must be requested.
  open: () => void;
  /// It broke; EventSource tries again by itself, unless the server `refused`.
  broken: (refused: boolean) => void;
}

/// Follows the stream until the function that is returned is called.
export function follow(url: string, listener: Listener): () => void {
  const source = new EventSource(url);
  source.addEventListener('open', listener.open);
  source.addEventListener('job', (event) => {
    const job = jobOf(event.data);
    if (job) listener.job(job);
  });
  source.addEventListener('error', () => listener.broken(source.readyState === EventSource.CLOSED));
  return () => source.close();
}
