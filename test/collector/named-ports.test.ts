import { expect, test } from 'vitest';
import { namedPortsOf } from '../../collector/named-ports.ts';
import type { Config, Device } from '../../config/model.ts';

test('ports count that are important, lead to a device below, or end a declared link', () => {
  const device = (id: string, change: Partial<Device> = {}) =>
    ({ id, parents: [], importantPorts: [], ...change }) as unknown as Device;
  const core = device('core-1', { importantPorts: ['Te9'] });
  const agg = device('agg-1', { parents: [{ deviceId: 'core-1', port: 'Te1' }] });
  const ends = [
    { deviceId: 'agg-1', port: 'Te60' },
    { deviceId: 'core-1', port: 'Te60' },
  ] as const;
  const config = { devices: [core, agg], links: [{ id: 'ring', ends }] } as unknown as Config;
  expect([...namedPortsOf(config, core)].sort()).toEqual(['Te1', 'Te60', 'Te9']);
  expect([...namedPortsOf(config, agg)]).toEqual(['Te60']);
});
