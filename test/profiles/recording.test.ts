import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { explainRecording } from '../../collector/recording/explain-recording.ts';
import { recordDevice } from '../../collector/recording/record-device.ts';
import { recordedClient } from '../../collector/recording/recorded-client.ts';
import { parseRecording, renderRecording } from '../../collector/recording/snmprec.ts';
import { createSelfMetrics } from '../../collector/self-metrics.ts';
import { shippedProfiles } from '../../config/shipped-profiles.ts';
import { VirtualClock } from '../../lib/virtual-clock.ts';

const bounds = { deadlineMs: Number.POSITIVE_INFINITY, signal: new AbortController().signal };

describe('a recording', () => {
  it('is put in order; what is no varbind is left out and counted', () => {
    const { varbinds, unreadableLines, linesLeftOut } = parseRecording(
      [
        '1.3.6.1.2.1.2.2.1.1.10|2|10',
        '1.3.6.1.2.1.2.2.1.1.9|2|9',
        '1.3.6.1.2.1.2.2.1.1.9|2|99',
        '.1.3.6.1.2.1.1.2.0|6|.1.3.6.1.4.1.9',
        '1.3.6.1.2.1.1.1.0|4x|e7949f0a',
        '1.3.6.1.2.1.1.3.0|67:numeric|rate=100,initial=77',
        '1.3.6.1.2.1.9.x|2|1',
        '1.3.6.1.2.1.10.0|64x|c0000201',
        '1.3.6.1.2.1.11.0|70|18446744073709551615',
        '1.3.6.1.2.1.12.0|2|many',
      ].join('\r\n'),
    );
    expect(unreadableLines).toBe(2);
    expect(linesLeftOut).toBe(0);
    expect(parseRecording('\n'.repeat(1_000_009)).linesLeftOut).toBe(10);
    expect(varbinds.map(({ oid, value }) => [oid, value])).toEqual([
      ['1.3.6.1.2.1.1.1.0', new Uint8Array([0xe7, 0x94, 0x9f, 0x0a])],
      ['1.3.6.1.2.1.1.2.0', '1.3.6.1.4.1.9'],
      ['1.3.6.1.2.1.1.3.0', 77],
      ['1.3.6.1.2.1.2.2.1.1.9', 9],
      ['1.3.6.1.2.1.2.2.1.1.10', 10],
      ['1.3.6.1.2.1.10.0', '192.0.2.1'],
      ['1.3.6.1.2.1.11.0', 18446744073709551615n],
    ]);
  });

  it('of a device is read back as it was, without communities and secrets', async () => {
    const device = parseRecording(
      [
        '1.0.8802.1.1.2.1.3.2.0|4|sw-1',
        '1.3.6.1.2.1.1.1.0|4x|e7949f',
        '1.3.6.1.2.1.1.6.0|4|Rack 7, community s3cret-word',
        '1.3.6.1.2.1.2.2.1.5.1|66|4294967295',
        '1.3.6.1.2.1.31.1.1.1.6.1|70|18446744073709551615',
        '1.3.6.1.6.3.18.1.1.1.2.1|4|s3cret-word',
      ].join('\n'),
    );
    const walk = await recordDevice(
      recordedClient(device),
      ['1.3.6.1', '1.0.8802'],
      ['s3cret-word'],
      bounds,
    );
    expect(walk.error).toBeNull();
    expect(walk.leftOut).toBe(1);
    const text = renderRecording(walk.varbinds);
    expect(text).not.toContain('s3cret');
    expect(parseRecording(text).varbinds).toEqual(
      device.varbinds
        .filter(({ oid }) => !oid.startsWith('1.3.6.1.6.3'))
        .map((varbind) =>
          varbind.oid === '1.3.6.1.2.1.1.6.0'
            ? { ...varbind, value: new TextEncoder().encode('removed') }
            : varbind,
        ),
    );
  });

  it('with more ports than are read says which table is cut, and counts only what is read', async () => {
    const ports = Array.from({ length: 10_050 }, (_, place) => place + 1);
    const lines = ports.flatMap((index) => [
      `1.3.6.1.2.1.2.2.1.2.${index}|4|port ${index}`,
      `1.3.6.1.2.1.2.2.1.8.${index}|2|1`,
    ]);
    const told = await explainRecording(
      {
        clock: new VirtualClock(Date.UTC(2026, 0, 1)),
        selfMetrics: createSelfMetrics(new Registry()),
        profiles: shippedProfiles(),
      },
      parseRecording(['1.3.6.1.2.1.1.5.0|4|huge', ...lines].join('\n')),
    );
    expect(told.cut).toEqual([{ table: 'ifTable', rows: 10_050, rowsRead: 10_000 }]);
    expect(told.ports).toHaveLength(10_000);
    expect(told.counts).toMatchObject({ objects: 20_101, understood: 20_001 });
  });
});
