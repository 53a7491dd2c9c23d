import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { dependentsOf } from '../../api/dependents.ts';
import { loadConfig } from '../../config/load.ts';

/** The demo network: the UPS feeds the PDU, which feeds both core devices and the server. */
const { config } = loadConfig(fileURLToPath(new URL('../../config/demo/', import.meta.url)), {});

function hangsOn(deviceId: string, port: string | null) {
  return dependentsOf(config!, deviceId, port).map(
    ({ device, via, hasOtherPath }) => `${device.id} ${via}${hasOtherPath ? '' : ' cut off'}`,
  );
}

describe('what hangs on', () => {
  test('the port of a power supply is its management alone: it goes on feeding', () => {
    expect(hangsOn('core-2', 'Gi1/10')).toEqual(['ups-hq network cut off']);
    expect(hangsOn('core-2', 'Gi1/11')).toEqual(['pdu-hq network cut off']);
  });

  test('a power supply is everything that it feeds, through others as well', () => {
    const all = hangsOn('ups-hq', null);
    for (const fed of ['pdu-hq', 'core-1', 'core-2', 'srv-hq'])
      expect(all).toContain(`${fed} power cut off`);
    expect(all).toContain('agg-north network cut off');
  });
});
