import { expect, test } from 'vitest';
import { SeenPorts } from '../../collector/seen-ports.ts';

test('ports that were up are known by their names, whatever row they have', () => {
  const seen = new SeenPorts();
  seen.add('Gi2');
  seen.add('Gi9');
  seen.place(new Set(seen), ['Gi1', 'Gi2', 'Gi3']);
  expect([0, 1, 2].map((row) => seen.hasRow(row))).toEqual([false, true, false]);
  seen.noteRow(2);
  expect([...seen].sort()).toEqual(['Gi2', 'Gi3', 'Gi9']);
  // A card is put in, and the one with Gi9 is back.
  seen.place(new Set(seen), ['Gi1', 'Gi9', 'Gi2', 'Gi4', 'Gi3']);
  expect([0, 1, 2, 3, 4].map((row) => seen.hasRow(row))).toEqual([false, true, true, false, true]);
  seen.place(new Set(seen), []);
  seen.add('Gi1');
  expect([...seen].sort()).toEqual(['Gi1', 'Gi2', 'Gi3', 'Gi9']);
});
