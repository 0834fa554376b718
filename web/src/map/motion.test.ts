import { expect, it, vi } from 'vitest';
import { Motion, Pace } from './motion';

function prefer(reduced: boolean): void {
  vi.stubGlobal('matchMedia', () => ({ matches: reduced }));
}

it('goes from 0 to 1 and is over then', () => {
  prefer(false);
  const motion = new Motion(100);
  expect([motion.at(0), motion.active]).toEqual([1, false]);
  motion.start(1000);
  expect([1000, 1050, 1100].map((now) => motion.at(now))).toEqual([0, 0.5, 1]);
  expect(motion.active).toBe(false);
});

it('is over at once for those who want less motion', () => {
  prefer(true);
  const motion = new Motion(100);
  motion.start(0);
  expect([motion.active, motion.at(1)]).toEqual([false, 1]);
});

it('leaves points out while many move slowly, and none at rest', () => {
  const pace = new Pace();
  for (const now of [0, 500, 1000]) pace.tick(now, true, 1_000_000);
  expect(pace.every).toBe(4);
  pace.tick(1500, false, 1_000_000);
  expect(pace.every).toBe(1);
  for (const now of [5000, 5500]) pace.tick(now, true, 10_000);
  expect(pace.every).toBe(1);
});
