import { describe, expect, it } from 'vitest';
import { learnedFrom, memoryFrom } from '../../collector/device-memory.ts';
import { pollOf, wrongThings } from './full-poll-fixtures.ts';

const IF = '1.3.6.1.2.1.2.2.1';
const IFX = '1.3.6.1.2.1.31.1.1.1';
const IN_DISCARDS = 13;
const IN_ERRORS = 14;
const OUT_ERRORS = 20;

/** Ports of 100 Mb/s; those above `up` are down. */
function ports(count: number, up = count) {
  const values: Record<string, number | bigint | string> = {};
  for (let port = 1; port <= count; port += 1) {
    Object.assign(values, {
      [`${IF}.2.${port}`]: `eth${port}`,
      [`${IF}.3.${port}`]: 6,
      [`${IF}.7.${port}`]: 1,
      [`${IF}.8.${port}`]: port <= up ? 1 : 2,
      [`${IF}.${IN_DISCARDS}.${port}`]: 5_000,
      [`${IF}.${IN_ERRORS}.${port}`]: 70_000,
      [`${IF}.19.${port}`]: 0,
      [`${IF}.${OUT_ERRORS}.${port}`]: 0,
      [`${IFX}.1.${port}`]: `eth${port}`,
      [`${IFX}.6.${port}`]: 0n,
      [`${IFX}.10.${port}`]: 0n,
      [`${IFX}.15.${port}`]: 100,
    });
  }
  return pollOf(values);
}

type Polled = ReturnType<typeof ports>;

/** Polls once a minute while the counters of ports grow; gives the minutes in which something was wrong. */
async function grow(
  device: Polled,
  minutes: number,
  perMinute: (minute: number) => Readonly<Partial<Record<string, number>>>,
) {
  const wrong: [minute: number, things: string[]][] = [];
  for (let minute = 0; minute < minutes; minute += 1) {
    for (const [oid, by] of Object.entries(perMinute(minute))) {
      const now = device.instances.get(oid)?.value;
      device.set(oid, typeof now === 'bigint' ? now + BigInt(by ?? 0) : Number(now) + (by ?? 0));
    }
    const things = wrongThings(await device.poll());
    if (things.length > 0) wrong.push([minute, things]);
  }
  return wrong;
}

const TELLS_ERRORS = ['ports port-errors warning'];

describe('ports that lose what they carry', () => {
  it('errors that go on for a quarter of an hour are a fault, and it ends with them', async () => {
    const device = ports(2);
    const wrong = await grow(device, 40, (minute) =>
      minute >= 1 && minute < 20 ? { [`${IF}.${OUT_ERRORS}.1`]: 30 } : {},
    );
    expect(wrong[0]).toEqual([16, TELLS_ERRORS]);
    // The last error is of minute 19; five minutes without any end it.
    expect(wrong.at(-1)?.[0]).toBe(24);
  });

  it('a burst every hour, and counters that stand high, are none', async () => {
    const wrong = await grow(ports(2), 130, (minute) =>
      minute % 60 === 7 ? { [`${IF}.${IN_ERRORS}.1`]: 90_000, [`${IF}.${IN_DISCARDS}.1`]: 9 } : {},
    );
    expect(wrong).toEqual([]);
  });

  it('dropped packets are after half an hour', async () => {
    const wrong = await grow(ports(1), 36, () => ({ [`${IF}.${IN_DISCARDS}.1`]: 4 }));
    expect(wrong[0]).toEqual([31, ['ports port-discards warning']]);
  });

  it('many ports of a device are one fault that names the first of them; those that are down are none', async () => {
    const device = ports(9, 5);
    const all = Object.fromEntries(
      [1, 2, 3, 4, 5, 6, 7, 8, 9].map((port) => [`${IF}.${IN_ERRORS}.${port}`, 60]),
    );
    await grow(device, 18, () => all);
    const { evaluation } = await device.poll();
    expect(evaluation?.conditions).toHaveLength(1);
    expect(evaluation?.conditions[0]).toMatchObject({
      text: {
        en: 'errors on port eth1, eth2, eth3 +2',
        'zh-CN': '端口 eth1, eth2, eth3 +2 出现误码',
      },
      facts: { value: 5 },
    });
  });

  it('a port that is full for a quarter of an hour is a fault until it is well below', async () => {
    const device = ports(1);
    const octets = (share: number) => Math.round((share * 100_000_000 * 60) / 8);
    const wrong = await grow(device, 40, (minute) => ({
      [`${IFX}.6.1`]: octets(minute < 22 ? 0.97 : minute < 30 ? 0.92 : 0.5),
    }));
    expect(wrong[0]).toEqual([16, ['ports port-full warning']]);
    expect(wrong.at(-1)?.[0]).toBe(29);
  });

  it('a fault that stood when the program ended stands after it, and ends when the errors have', async () => {
    const before = ports(1);
    await grow(before, 20, () => ({ [`${IF}.${IN_ERRORS}.1`]: 60 }));
    const after = ports(1);
    Object.assign(after.memory, { conditions: memoryFrom(learnedFrom(before.memory)).conditions });
    const first = await after.poll();
    expect(first.evaluation?.unreadComponents).toContain('ports');
    expect(await grow(after, 2, () => ({ [`${IF}.${IN_ERRORS}.1`]: 60 }))).toEqual([
      [0, TELLS_ERRORS],
      [1, TELLS_ERRORS],
    ]);
    expect((await grow(after, 12, () => ({}))).length).toBeLessThan(6);
  });
});
