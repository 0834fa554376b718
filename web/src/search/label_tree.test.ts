import { describe, expect, it } from 'vitest';
import { labelTree } from './label_tree';

describe('the tree of labels', () => {
  it('counts pictures below and makes folders that hold no picture', () => {
    const [a, b] = labelTree([{ label: 'a/x', count: 2 }, { label: 'a/y/z', count: 3 }, { label: 'b', count: 1 }, { label: 'b/q', count: 4 }]);
    expect(a).toMatchObject({ name: 'a', count: 5 });
    expect(a?.branches.map((one) => [one.name, one.label, one.count])).toEqual([['x', 'a/x', 2], ['y', 'a/y', 3]]);
    expect(b).toMatchObject({ label: 'b', count: 5 });
  });
  it('leaves out pictures without a label', () => expect(labelTree([{ label: '', count: 9 }])).toEqual([]));
});
