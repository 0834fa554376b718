import { describe, expect, it } from 'vitest';
import type { Job } from '../api/types';
import { progressOf, titleOf } from './progress';

const job = (more: Partial<Job>): Job => ({
  id: 1, kind: 'index', collection: 'a', state: 'active', done: 120, total: 796, skipped: 0, rate: 160, eta: 4.2, started: 0, ended: null, ...more,
});

describe('progress', () => {
  it('tells number, rate, time left and skipped ones', () => {
    expect(progressOf(job({ skipped: 2 }))).toBe('120 of 796, 160 a second, 4 s left, 2 skipped');
    expect(progressOf(job({ total: 0, rate: 0.25, eta: null }))).toBe('120, 0.3 a second');
  });
  it('tells of an ended job how long it took', () => {
    expect(progressOf(job({ state: 'done', done: 796, ended: 65_000 }))).toBe('796 of 796, took 1 min 5 s');
  });
  it('has a title', () => expect([titleOf(job({})), titleOf(job({ title: 'x' }))]).toEqual(['Indexing a', 'x']));
});
