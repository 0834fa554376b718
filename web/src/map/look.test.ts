import { describe, expect, it } from 'vitest';
import { addLook, parseLook, plainLook, type Look } from './look';

const text = (look: Look) => addLook(new URLSearchParams(), look).toString();

describe('the look of a map in the URL', () => {
  it('is nothing where it is plain', () => expect(text(plainLook)).toBe(''));
  it('comes back as it was written', () => {
    const look: Look = {
      map: 'a.b.umap', method: 'tsne', by: 'cluster', hidden: ['', 'a, b', 'x&y=1'], view: { x: 0.25, y: 0.5, zoom: 3.5 }, selected: [1, 2, 3, 7, 9, 10],
    };
    expect(text(look)).toContain('selected=1-3%2C7%2C9-10');
    expect(parseLook(new URLSearchParams(text(look)))).toEqual(look);
  });
  it('takes nonsense for nothing', () => {
    for (const query of ['view=1,2', 'view=a,b,c', 'view=0,0,0', 'view=1,2,3,4', 'color=no', 'method=no', 'selected=3-', 'selected=a', 'selected=9-3']) {
      expect(parseLook(new URLSearchParams(query)), query).toEqual(plainLook);
    }
  });
  it('leaves a selection out that makes the link too long', () => {
    expect(text({ ...plainLook, selected: Array.from({ length: 3000 }, (_, i) => 2 * i) })).toBe('');
  });
});
