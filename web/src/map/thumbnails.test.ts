import { describe, expect, it, vi } from 'vitest';
import { Thumbnails } from './thumbnails';

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

function make(count: number): { store: Thumbnails<string>; load: ReturnType<typeof vi.fn> } {
  const load = vi.fn((id: number) =>
    id === 13 ? Promise.reject(new Error('gone')) : Promise.resolve(`picture ${id}`),
  );
  return { store: new Thumbnails(count, load, () => undefined), load };
}

describe('thumbnails', () => {
  it('give each picture a cell of its own and ask once', async () => {
    const { store, load } = make(4);
    store.want([1, 2, 3]);
    await settled();
    store.want([1, 2, 3]);
    await settled();
    expect(new Set([1, 2, 3].map((id) => store.cellOf(id))).size).toBe(3);
    expect(load).toHaveBeenCalledTimes(3);
  });

  it('let go of what was wanted longest ago', async () => {
    const { store } = make(3);
    for (const ids of [[1, 2, 3], [2, 3], [4, 2]]) {
      store.want(ids);
      await settled();
    }
    expect([1, 2, 3, 4].map((id) => store.cellOf(id) !== undefined)).toEqual([
      false, true, true, true,
    ]);
  });

  it('never take a cell from what is wanted now', async () => {
    const { store } = make(2);
    store.want([1, 2, 3, 4, 5]);
    await settled();
    expect(store.cellOf(1)).not.toBe(store.cellOf(2));
    expect([3, 4, 5].map((id) => store.cellOf(id))).toEqual([undefined, undefined, undefined]);
  });

  it('ask for a few at a time, and no more for what is not wanted any more', async () => {
    const waiting: (() => void)[] = [];
    const load = vi.fn((id: number) => new Promise<number>((done) => waiting.push(() => done(id))));
    const store = new Thumbnails(100, load, () => undefined);
    store.want(Array.from({ length: 50 }, (_, i) => i));
    expect(load).toHaveBeenCalledTimes(4);
    store.want([99]);
    waiting.forEach((done) => done());
    await settled();
    expect(load.mock.calls.map(([id]) => id)).toEqual([0, 1, 2, 3, 99]);
  });

  it('do not ask again for what failed, until all is lost', async () => {
    const { store, load } = make(4);
    for (let i = 0; i < 3; i++) {
      store.want([13]);
      await settled();
    }
    expect(load).toHaveBeenCalledTimes(1);
    store.clear();
    store.want([13]);
    expect(load).toHaveBeenCalledTimes(2);
  });
});
