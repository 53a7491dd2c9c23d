import { expect, test } from 'vitest';
import { HOSTILE_MODES, hostileMode, TRAP_MODES, trapMode } from '../../lab/hostile/catalog.ts';

test('forty behaviours are shown by at least one mode each, and every mode has a name of its own', () => {
  const modes = [...HOSTILE_MODES, ...TRAP_MODES];
  const rows = new Set(modes.map(({ row }) => row));
  expect([...rows].toSorted((a, b) => a - b)).toEqual(
    Array.from({ length: 40 }, (_, at) => at + 1),
  );
  expect(new Set(modes.map(({ name }) => name)).size).toBe(modes.length);
  for (const { name, does } of modes) {
    expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(does).toMatch(/^[a-z].*[^.]$/);
  }
});

test('modes are found by name', () => {
  expect(hostileMode('other-port')?.row).toBe(1);
  expect(trapMode('flap')?.row).toBe(40);
  expect(hostileMode('flap')).toBeUndefined();
});
