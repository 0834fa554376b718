import { expect, it } from 'vitest';
import { Pace } from './pace';

const points = 1_000_000;

/** The shares drawn in `frames` frames, each of which takes as long as `took` says of the share. */
function play(pace: Pace, frames: number, took: (share: number, frame: number) => number, count = points): number[] {
  let now = 1000;
  return Array.from({ length: frames }, (_, frame) => {
    pace.tick(now, true, count);
    now += took(pace.share, frame);
    return pace.share;
  });
}

/** A screen of 60 Hz; frames wait for the next of its refreshes. */
const refresh = 1000 / 60;
const onScreen = (work: number): number => refresh * Math.ceil(Math.max(1, work) / refresh);

it('draws all points where that is smooth, and where one frame in ten is late', () => {
  expect(new Set(play(new Pace(), 300, () => refresh))).toEqual(new Set([1]));
  expect(new Set(play(new Pace(), 300, (_, frame) => (frame % 10 === 0 ? 120 : refresh)))).toEqual(new Set([1]));
});

it('draws as many as a slow machine can, 50 times a second', () => {
  for (const whole of [30, 100, 400]) {
    const pace = new Pace();
    play(pace, 60, (share) => onScreen(share * whole));
    let passed = 0;
    const shares = play(pace, 300, (share) => {
      const took = onScreen(share * whole);
      passed += took;
      return took;
    });
    expect((1000 * shares.length) / passed).toBeGreaterThan(50);
    const mean = shares.reduce((sum, share) => sum + share) / shares.length;
    // As many points as just fit are drawn, less the cost of the search for that number.
    expect(mean).toBeGreaterThan((0.6 * refresh) / whole);
  }
});

it('draws all at rest, and knows at the next movement what it learned', () => {
  const pace = new Pace();
  const learned = play(pace, 60, (share) => onScreen(100 * share)).at(-1)!;
  pace.tick(9000, false, points);
  expect(pace.share).toBe(1);
  pace.tick(20_000, true, points);
  expect(pace.share).toBe(learned);
  expect(learned).toBeLessThan(0.5);
});

it('draws more again where more is possible', () => {
  const pace = new Pace();
  play(pace, 60, (share) => onScreen(200 * share));
  expect(play(pace, 400, () => refresh).at(-1)).toBe(1);
});

it('leaves nothing out where there are few, however slow it is', () => {
  expect(new Set(play(new Pace(), 100, () => 500, 5000))).toEqual(new Set([1]));
  expect(play(new Pace(), 100, (share) => 5000 * share, 50_000).at(-1)).toBeCloseTo(0.1);
});

it('leaves out no more points where it is something else that takes the time', () => {
  expect(play(new Pace(), 100, () => 40).at(-1)).toBe(1);
  const pace = new Pace();
  const shares = play(pace, 200, (share) => 40 + 100 * share);
  expect(shares.at(-1)).toBeCloseTo(16 / 140);  // which made frames faster; a third of it did not
  expect(shares.slice(20).filter((share) => share < 0.1).length).toBeLessThan(5);
});
