import { expect, it, vi } from 'vitest';
import { Motion } from './motion';

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
