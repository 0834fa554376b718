import { expect, it } from 'vitest';
import { classColor, OTHER } from '../map/palette';
import { groupsOf, looksOf, paletteOf, placesOf, search, type MapData } from './data';

const data: MapData = {
  count: 2,
  points: btoa('\x01\x02\x00\x80\xff\xff\x00\x00'),
  group: btoa('\x00\x02'),
  groups: ['cats', 'dogs', '3 others'].map((name) => ({ name, count: 1 })),
  own: 2,
  names: ['Cats/Tom.PNG', 'İstanbul/dog.png'],
  pictures: [],
  labels: [],
  remarks: [],
};

it('reads coordinates with the low byte first', () => {
  expect([...placesOf(data)]).toEqual([0x0201, 0x8000, 0xffff, 0]);
});

it('reads a group for each point, the same for all where there are none', () => {
  expect([...groupsOf(data)]).toEqual([0, 2]);
  expect([...groupsOf({ ...data, group: '', groups: [] })]).toEqual([0, 0]);
});

it('draws groups of their own in colours and shapes, and what is left over in grey', () => {
  const looks = looksOf(data, 'dark');
  expect(looks.map(({ color }) => color)).toEqual([0, 1, OTHER].map((place) => classColor(place, 'dark')));
  expect(looks.map(({ shape }) => shape)).toEqual([0, 1, 0]);
  expect([...paletteOf(looks, 'dark').subarray(4, 8)]).toEqual([...classColor(1, 'dark'), 1]);
});

it('draws points of no group in the first colour', () => {
  expect([...paletteOf([], 'light').subarray(0, 4)]).toEqual([...classColor(0, 'light'), 0]);
});

it('finds names in any case, and none by nothing', () => {
  expect(search(data.names, ' tom.png ')).toEqual([0]);
  expect(search(data.names, 'PNG')).toEqual([0, 1]);
  expect(search(data.names, 'bird')).toEqual([]);
  expect(search(data.names, '  ')).toEqual([]);
});
