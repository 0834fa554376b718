import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Interaction, type Outcome } from './interaction';
import { buildTree, Picking, SPAN } from './picking';
import * as camera from './view';

const size = { width: 648, height: 648 };
const outcome = {
  point: vi.fn<Outcome['point']>(),
  select: vi.fn<Outcome['select']>(),
  choose: vi.fn<Outcome['choose']>(),
  lasso: vi.fn<Outcome['lasso']>(),
  lassoing: vi.fn<Outcome['lassoing']>(),
  clear: vi.fn<Outcome['clear']>(),
};
const stage = {
  view: camera.fit(size),
  goal: camera.fit(size),
  setView: (view: camera.View) => void (stage.view = stage.goal = view),
  flyTo: (view: camera.View) => void (stage.goal = view),
  flyHome: () => void (stage.goal = camera.fit(size)),
  accept: (index: number) => index !== hidden,
};
// One in the middle, one to its right, one above.
const xy = Uint16Array.of(SPAN / 2, SPAN / 2, SPAN, SPAN / 2, SPAN / 2, SPAN);
const middle = { x: 324, y: 324 };
let hidden: number | null;
let interaction: Interaction;

beforeEach(() => {
  vi.resetAllMocks();
  hidden = null;
  stage.setView(camera.fit(size));
  interaction = new Interaction(stage, outcome);
  interaction.setPicking(new Picking(xy, buildTree(xy)));
});

describe('pointer', () => {
  it('points at what is within 14 pixels and shown', () => {
    interaction.hover({ x: 334, y: 330 });
    expect(outcome.point).toHaveBeenLastCalledWith(0, true);
    interaction.hover({ x: 344, y: 330 });
    expect(outcome.point).toHaveBeenLastCalledWith(null, true);
    hidden = 0;
    interaction.hover(middle);
    expect(outcome.point).toHaveBeenLastCalledWith(null, true);
  });

  it('points at nothing once it left, but at what a key went to until it moves', () => {
    interaction.hover({ x: 334, y: 330 });
    interaction.leave();
    expect(outcome.point).toHaveBeenLastCalledWith(null, true);
    interaction.run({ kind: 'step', direction: 'right' });
    const calls = outcome.point.mock.calls.length;
    interaction.leave();
    expect(outcome.point).toHaveBeenCalledTimes(calls);
    interaction.hover({ x: 100, y: 100 });
    expect(outcome.point).toHaveBeenLastCalledWith(null, true);
  });

  it('selects by a tap, and nothing by a tap beside, unless one adds', () => {
    interaction.tap(middle, true);
    interaction.tap({ x: 100, y: 100 }, true);
    interaction.tap({ x: 100, y: 100 }, false);
    expect(outcome.select.mock.calls).toEqual([[[0], true], [[], false]]);
  });

  it('selects by a lasso, which ends the lasso mode', () => {
    interaction.run({ kind: 'lasso' });
    expect(interaction.lassoing).toBe(true);
    const corners = [[300, 300], [640, 300], [640, 340]].map(([x, y]) => ({ x: x!, y: y! }));
    for (const corner of corners) interaction.lasso(corner, false);
    interaction.lasso({ x: 300, y: 340 }, true);
    expect(outcome.select.mock.calls[0]?.[0].sort()).toEqual([0, 1]);
    expect(outcome.lasso).toHaveBeenLastCalledWith([]);
    expect(interaction.lassoing).toBe(false);
  });
});

describe('keys', () => {
  it('go from the middle to what lies in their direction, and stop at the edge', () => {
    for (const direction of ['right', 'right', 'right'] as const) {
      interaction.run({ kind: 'step', direction });
    }
    const pointed = outcome.point.mock.calls.map(([index]) => index);
    expect(pointed).toEqual([null, 0, 1]);
    interaction.run({ kind: 'choose' });
    expect(outcome.choose).toHaveBeenCalledWith(1);
    interaction.run({ kind: 'toggle' });
    expect(outcome.select).toHaveBeenCalledWith([1], true);
  });

  it('bring what they go to onto the screen', () => {
    stage.setView(camera.zoom(stage.view, 10, middle));
    for (const direction of ['up', 'up'] as const) interaction.run({ kind: 'step', direction });
    const { y } = camera.toScreen(stage.view, { x: 0.5, y: 1 });
    expect(y).toBeGreaterThanOrEqual(0);
  });

  it('do not end a flight that brings what they go to onto the screen', () => {
    interaction.run({ kind: 'out' });
    const { view, goal } = stage;
    for (const direction of ['up', 'up'] as const) interaction.run({ kind: 'step', direction });
    expect(outcome.point).toHaveBeenLastCalledWith(2, false);
    expect(stage.view).toBe(view);
    expect(stage.goal).toBe(goal);
  });

  it('zoom on from where a flight ends', () => {
    interaction.run({ kind: 'in' });
    interaction.run({ kind: 'in' });
    expect(stage.goal.scale).toBeCloseTo(2.25 * camera.fitScale(size));
    interaction.run({ kind: 'fit' });
    expect(stage.goal).toEqual(camera.fit(size));
  });

  it('do nothing to no point, and clear everything', () => {
    interaction.run({ kind: 'choose' });
    expect(outcome.choose).not.toHaveBeenCalled();
    interaction.run({ kind: 'lasso' });
    interaction.run({ kind: 'clear' });
    expect(outcome.lassoing).toHaveBeenLastCalledWith(false);
    expect(outcome.clear).toHaveBeenCalled();
  });
});

it('visits a point: it is in the middle, nearer, and keys go on from there', () => {
  interaction.visit(2);
  expect(stage.view).toMatchObject(new Picking(xy, buildTree(xy)).at(2));
  expect(stage.view.scale).toBe(2 * camera.fitScale(size));
  expect(outcome.point).toHaveBeenLastCalledWith(2, false);
  interaction.run({ kind: 'step', direction: 'down' });
  expect(outcome.point).toHaveBeenLastCalledWith(0, false);
  stage.setView(camera.zoom(stage.view, 10, middle));
  const { scale } = stage.view;
  interaction.visit(1);
  expect(stage.view.scale).toBe(scale);
});
