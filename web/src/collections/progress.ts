// How far a job is, in words. Pure.
import type { Job } from '../api/types';
import { count, duration, percent } from '../state/format';

/// "120 of 796, 160 a second, 5 s left, 2 skipped".
export function progressOf(job: Job): string {
  // The steps of a comparison are no pictures.
  const parts = job.kind === 'compare' && job.total > 0 ? [percent(job.done / job.total), job.what] : [job.total > 0 ? `${count(job.done)} of ${count(job.total)}` : count(job.done)];
  if (job.state === 'active' && job.rate > 0 && job.kind !== 'compare') parts.push(`${job.rate < 10 ? job.rate.toFixed(1) : count(Math.round(job.rate))} a second`);
  if (job.state === 'active' && job.eta !== null) parts.push(`${duration(job.eta)} left`);
  if (job.skipped > 0) parts.push(`${count(job.skipped)} skipped`);
  if (job.started !== null && job.ended !== null) parts.push(`took ${duration((job.ended - job.started) / 1000)}`);
  return parts.filter(Boolean).join(', ');
}

const kinds: Record<Job['kind'], string> = {
  index: 'Indexing', map: 'Making a map', verify: 'Verifying', compare: 'Comparing spaces', bench: 'Measuring speed',
};

export function titleOf(job: Job): string {
  return job.title || `${kinds[job.kind]} ${job.collection}`;
}
