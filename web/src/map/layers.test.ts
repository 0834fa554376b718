import { describe, expect, it } from 'vitest';
import { firstMap, layerName, layersOf, mapBy, methodOf, type Collection } from './layers';

function collection(spaces: [string, string, string][], maps: [string, string][]): Collection {
  return {
    spaces: spaces.map(([name, encoder, layer], i) => ({ name, encoder, layer, is_default: i === 1 })),
    maps: maps.map(([space, name]) => ({ space, name })),
  } as Collection;
}

const stamps = collection(
  [
    ['net', 'net', 'pooled'],
    ['net.stem', 'net', 'stem'],
    ['net.block1', 'net', 'block1'],
    ['rows', '', ''],
  ],
  [
    ['net', 'net.umap'],
    ['net', 'net.pca'],
    ['net', 'mine'],
    ['net', 'net.layers.umap'],
    ['net.block1', 'net.block1.layers.umap'],
    ['net.stem', 'net.stem.layers.umap'],
    ['net.stem', 'net.stem.umap'],
  ],
);
const depths = new Map([['net', ['stem', 'block1', 'pooled']]]);

describe('layers', () => {
  it('are the maps that were made together, from input to output', () => {
    const names = layersOf(stamps, stamps.maps[3]!, depths).map(({ name }) => name);
    expect(names).toEqual(['net.stem.layers.umap', 'net.block1.layers.umap', 'net.layers.umap']);
  });

  it('stay in the order of the collection where none is known', () => {
    const names = layersOf(stamps, stamps.maps[3]!, new Map()).map(({ name }) => name);
    expect(names).toEqual(['net.layers.umap', 'net.block1.layers.umap', 'net.stem.layers.umap']);
  });

  it('are one for a map that was made alone', () => {
    expect(layersOf(stamps, stamps.maps[0]!, depths).map(({ name }) => name)).toEqual(['net.umap']);
    expect(layersOf(stamps, stamps.maps[2]!, depths).map(({ name }) => name)).toEqual(['mine']);
  });

  it('take the method from the name, whatever dots the space has', () => {
    expect(stamps.maps.map(methodOf)).toEqual(['umap', 'pca', null, 'umap', 'umap', 'umap', 'umap']);
  });

  it('have maps by other methods, if possible made as the one that is shown', () => {
    const by = (place: number, method: 'umap' | 'pca' | 'tsne') => mapBy(stamps.maps, stamps.maps[place]!, method)?.name;
    expect([by(0, 'pca'), by(2, 'umap'), by(3, 'umap'), by(3, 'pca'), by(0, 'tsne'), by(6, 'pca')]).toEqual(
      ['net.pca', 'net.umap', 'net.layers.umap', 'net.pca', undefined, undefined]);
  });

  it('begin with the default space', () => {
    expect(firstMap(stamps).name).toBe('net.stem.layers.umap');
    expect(firstMap(collection([], [['a', 'a.pca']])).name).toBe('a.pca');
  });

  it('are called by the layer, or the space of imported rows', () => {
    expect(layerName(stamps, { name: 'rows.umap', space: 'rows' })).toBe('rows');
    expect(layerName(stamps, stamps.maps[5]!)).toBe('net stem');
  });
});
