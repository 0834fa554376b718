import { describe, expect, it } from 'vitest';
import { hasEnded, jobOf, withJob } from './events';
import type { Job } from './types';

const job = (id: number, state: Job['state'] = 'active'): Job => ({
  id, kind: 'index', collection: 'a', state, done: 0, total: 0, skipped: 0, rate: 0, eta: null, started: null, ended: null,
});

describe('jobs', () => {
  it('puts a new job in front', () => {
    expect(withJob([job(1)], job(2)).map((j) => j.id)).toEqual([2, 1]);
  });
  it('replaces a job where it stands and leaves the list given alone', () => {
    const before = [job(2), job(1)];
    const after = withJob(before, job(1, 'done'));
    expect(after.map((j) => j.state)).toEqual(['active', 'done']);
    expect(before[1]?.state).toBe('active');
  });
  it('keeps order when an old job is heard of late', () => {
    expect(withJob([job(3), job(1)], job(2)).map((j) => j.id)).toEqual([3, 2, 1]);
  });
  it('ignores events that are no job', () => {
    for (const text of ['', 'null', '7', '{}', '{"id":1', '[]']) expect(jobOf(text)).toBeUndefined();
    expect(jobOf(JSON.stringify(job(4)))?.id).toBe(4);
  });
  it('knows the states that end', () => {
    expect(['waiting', 'active', 'paused', 'done', 'failed', 'cancelled'].map((s) => hasEnded(job(1, s as Job['state']))))
      .toEqual([false, false, false, true, true, true]);
  });
});
