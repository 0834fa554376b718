import { expect, it } from 'vitest';
import { commandOf } from './keyboard';

const plain = { shiftKey: false, ctrlKey: false, metaKey: false, altKey: false };

it.each([
  ['ArrowLeft', { kind: 'step', direction: 'left' }],
  ['ArrowUp', { kind: 'step', direction: 'up' }],
  ['Enter', { kind: 'choose' }],
  ['L', { kind: 'lasso' }],
  ['Escape', { kind: 'clear' }],
  ['=', { kind: 'in' }],
  ['0', { kind: 'fit' }],
  ['Tab', null],
])('%s', (key, command) => expect(commandOf({ ...plain, key })).toEqual(command));

it('moves the map with Shift and leaves the keys of the browser alone', () => {
  const key = 'ArrowDown';
  expect(commandOf({ ...plain, key, shiftKey: true })).toEqual({ kind: 'pan', direction: 'down' });
  expect(commandOf({ ...plain, key, ctrlKey: true })).toBeNull();
  expect(commandOf({ ...plain, key: '0', metaKey: true })).toBeNull();
});
