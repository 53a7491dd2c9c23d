import { describe, expect, it } from 'vitest';
import { POLL_DETAILS } from '../../collector/poll-details.ts';
import type { SnmpError } from '../../collector/snmp-client.ts';
import { tolerantGet } from '../../collector/tolerant-get.ts';
import { pollOf, valuesOf } from './full-poll-fixtures.ts';
import type { Plain } from './mib-client.ts';

const TOO_BIG: SnmpError = { failure: 'too-big', detail: POLL_DETAILS.answerTooBig };
const SILENT: SnmpError = { failure: 'timeout', detail: POLL_DETAILS.noReply };
const IF = '1.3.6.1.2.1.2.2.1';
const IFX = '1.3.6.1.2.1.31.1.1.1';

const rowOf = (index: number): Record<string, Plain> => ({
  [`${IF}.2.${index}`]: `Gi0/${index}`,
  [`${IF}.3.${index}`]: 6,
  [`${IF}.7.${index}`]: 1,
  [`${IF}.8.${index}`]: 1,
  [`${IFX}.1.${index}`]: `Gi0/${index}`,
  [`${IFX}.6.${index}`]: 1_000_000n,
  [`${IFX}.10.${index}`]: 0n,
  [`${IFX}.15.${index}`]: 1000,
});

describe('an agent that answers few objects at once', () => {
  it.each([
    ['too big', 1, TOO_BIG],
    ['too big', 2, TOO_BIG],
    ['too big', 3, TOO_BIG],
    ['silence', 1, SILENT],
    ['silence', 2, SILENT],
    ['silence', 3, SILENT],
  ])('is read, and soon asked so: %s above %i', async (_, most, error) => {
    const device = pollOf({ ...rowOf(1), ...rowOf(2) });
    device.client.fail = (_operation, _oids, count) => (count > most ? error : null);
    for (let polls = 0; polls < 3; polls += 1) {
      const poll = await device.poll();
      expect(poll.outcome).toBe('ok');
      expect(poll.sysUpTimeTicks).not.toBeNull();
      expect(device.memory.identity?.sysName).toBe('device-1');
      const oper = valuesOf(poll, 'interface_oper_status');
      expect(Object.keys(oper)).toHaveLength(2);
      for (const index of [1, 2]) {
        device.set(`${IFX}.6.${index}`, 1_000_000n + 60_000n * BigInt(polls + 1));
      }
    }
    const { batch } = device.memory;
    expect(batch.good?.varbinds ?? batch.size).toBeLessThanOrEqual(most);
    const last = await device.poll();
    expect(last.evaluation?.ports.map(({ receiveBps }) => receiveBps)).toEqual([8000, 8000]);
  });

  it('that is silent to everything is asked two things and no more', async () => {
    const device = pollOf(rowOf(1));
    device.client.fail = () => SILENT;
    expect((await device.poll()).outcome).toBe('timeout');
    expect(device.client.requests).toHaveLength(2);
    expect(device.memory.batch.isReduced).toBe(false);
  });
});

describe('a GET whose reply is cut without a word', () => {
  it('is followed by others for the rest', async () => {
    const asked: number[] = [];
    const answer = await tolerantGet(['1.1', '1.2', '1.3', '1.4'], {
      async getOnce(oids) {
        asked.push(oids.length);
        const varbinds = oids
          .slice(0, 1)
          .map((oid) => ({ oid, type: 'integer' as const, value: 7 }));
        return { kind: 'values', varbinds, rttMs: 1 };
      },
      noteUnasked() {},
    });
    expect(answer.error).toBeNull();
    expect(answer.varbinds.map(({ value }) => value)).toEqual([7, 7, 7, 7]);
    expect(asked).toEqual([4, 3, 2, 1]);
  });
});
