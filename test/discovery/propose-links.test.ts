import { expect, test } from 'vitest';
import type { DeviceLink } from '../../collector/discovery/link-devices.ts';
import { proposeLinks } from '../../collector/discovery/propose-links.ts';

function cable(a: string, aPort: string | null, b: string, bPort: string | null): DeviceLink {
  return {
    ends: [
      { id: a, port: aPort },
      { id: b, port: bPort },
    ],
  };
}

const FOUND = [
  cable('agg-1', 'Te0/2', 'core-1', 'Te1/10'),
  cable('agg-1', 'Te0/1', 'core-1', 'Te1/9'),
  cable('acc-1', null, 'agg-1', 'Gi0/1'),
];

test('links with both ports are proposed in order, each under a name of its own', () => {
  expect(proposeLinks(FOUND, [])).toEqual([
    { id: 'agg-1-core-1', ends: ['agg-1 Te0/1', 'core-1 Te1/9'] },
    { id: 'agg-1-core-1-2', ends: ['agg-1 Te0/2', 'core-1 Te1/10'] },
  ]);
});

test('a port that a configured link names is left alone, and its id is taken', () => {
  const ends = [
    { deviceId: 'core-1', port: 'Te1/9' },
    { deviceId: 'agg-9', port: 'Te0/1' },
  ] as const;
  expect(proposeLinks(FOUND, [{ id: 'agg-1-core-1', ends }])).toEqual([
    { id: 'agg-1-core-1-2', ends: ['agg-1 Te0/2', 'core-1 Te1/10'] },
  ]);
  const again = proposeLinks(FOUND, []).map(({ id, ends: texts }) => ({
    id,
    ends: texts.map((text) => {
      const [deviceId, port] = text.split(' ');
      return { deviceId: deviceId!, port: port! };
    }) as never,
  }));
  expect(proposeLinks(FOUND, again)).toEqual([]);
});

test('a name too long for an id is cut, and stays one of its own', () => {
  const long = 'x'.repeat(60);
  const ids = proposeLinks([cable(long, '1', 'y', '1'), cable(long, '2', 'y', '2')], []).map(
    ({ id }) => id,
  );
  expect(ids.map(({ length }) => length)).toEqual([62, 63]);
  expect(new Set(ids).size).toBe(2);
});
