import { describe, expect, test } from 'vitest';
import { expectNothing, expectTruth } from './expectations.ts';
import { SHORT, startRig } from './rig.ts';

const UNREADABLE = 'no reply in time; datagrams came from its address and could not be read';
const MIB = 1024 * 1024;

describe.concurrent('8: a message whose lengths lie', () => {
  test.each([
    'truncated',
    'length-indefinite',
    'length-overflowing',
    'length-negative',
    'length-eight-octet',
    'length-reserved',
  ])('%s is counted and said, and what it claims is not allocated', async (mode) => {
    await using rig = await startRig(mode, { polling: { ...SHORT, retries: 4 } });
    const before = process.memoryUsage();
    const full = await rig.full();
    const after = process.memoryUsage();
    expectNothing(rig, full);
    expect(full.detail.en).toBe(UNREADABLE);
    expect((await rig.ignored()).malformed).toBeGreaterThanOrEqual(5);
    // Lengths of 2^31 and more were claimed.
    expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(512 * MIB);
  });
});

describe.concurrent('9: octets that are no message', () => {
  test('random ones are counted, and the true reply behind them counts', async () => {
    await using rig = await startRig('noise');
    expectTruth(rig, await rig.full());
    expect(await rig.ignored()).toEqual({ malformed: 20 * rig.agent.askCount });
  });

  test.each(['empty', 'nested'])('%s ones are counted, and the program lives', async (mode) => {
    await using rig = await startRig(mode, { polling: SHORT });
    const full = await rig.full();
    expectNothing(rig, full);
    expect(full.detail.en).toBe(UNREADABLE);
    expect(Object.keys(await rig.ignored())).toEqual(['malformed']);
  });
});

test.concurrent.each(['odd-lengths', 'odd-integers'])(
  '10: odd but legal BER has its exact values: %s',
  async (mode) => {
    await using rig = await startRig(mode);
    const full = await rig.full();
    expectTruth(rig, full);
    expect(full.sysUpTimeTicks).toBeGreaterThanOrEqual(471_100);
    expect(full.sysUpTimeTicks).toBeLessThanOrEqual(rig.agent.device.uptimeTicks());
    expect(Object.values(rig.series('interface_speed_bytes_per_second'))).toEqual(
      [1, 2, 3, 4].map(() => 125_000_000),
    );
  },
);

describe.concurrent('11: counters beyond the sign', () => {
  test('are unsigned, and give no rate', async () => {
    await using rig = await startRig('signed-counters');
    await rig.full();
    const full = await rig.full();
    expect(full.outcome).toBe('ok');
    const errors = Object.values(rig.series('interface_receive_errors_total'));
    expect(errors).toEqual([1, 2, 3, 4].map(() => 4_294_967_294));
    const octets = Object.values(rig.series('interface_receive_bytes_total'));
    expect(octets).toEqual([1, 2, 3, 4].map(() => Number(2n ** 63n + 1n)));
    for (const ratio of Object.values(rig.series('interface_receive_utilization_ratio'))) {
      expect(ratio).toBe(0);
    }
  });

  test('of 64 bits in v1 are unsigned or no value, never negative and never a rate', async () => {
    await using rig = await startRig('counter64-in-v1');
    await rig.full();
    expect((await rig.full()).outcome).toBe('ok');
    for (const octets of Object.values(rig.series('interface_receive_bytes_total'))) {
      expect(octets).toBeGreaterThanOrEqual(0);
    }
    for (const ratio of Object.values(rig.series('interface_receive_utilization_ratio'))) {
      expect(ratio).toBe(0);
    }
  });
});

describe.concurrent('12: a number that is none', () => {
  test.each(['empty-integers', 'wrong-types'])(
    '%s: an error of its cell, never 0',
    async (mode) => {
      await using rig = await startRig(mode);
      const full = await rig.full();
      expect(full).toMatchObject({ outcome: 'ok', conditions: [] });
      expect(rig.series('power_charge_ratio')).toEqual({});
      expect(rig.series('power_runtime_seconds')).toEqual({});
      expect(rig.series('power_battery_celsius')).toEqual({ '': 25 });
      expect(rig.detail.ports).toHaveLength(4);
    },
  );

  test('a status without a value is not known, and takes no port down', async () => {
    await using rig = await startRig('empty-integers', {
      device: { importantPorts: ['Gi0/1'] },
    });
    expect(await rig.full()).toMatchObject({ outcome: 'ok', conditions: [] });
    expect(rig.detail.ports.map(({ operStatus }) => operStatus)).toEqual(
      [1, 2, 3, 4].map(() => 'unknown'),
    );
    expect(rig.series('interface_oper_status')).toEqual({});
  });
});

test.concurrent.each(['oid-of-130', 'oid-of-5000', 'oid-beyond-32-bits'])(
  '13: an object name that SNMP does not know is refused: %s',
  async (mode) => {
    await using rig = await startRig(mode, { polling: SHORT });
    const full = await rig.full();
    expectNothing(rig, full);
    expect(full.detail.en).toBe(UNREADABLE);
    expect(Object.keys(await rig.ignored())).toEqual(['malformed']);
  },
);

describe.concurrent('14: too much', () => {
  test('texts of 60 kB are read, and cut where they are shown', async () => {
    await using rig = await startRig('long-texts');
    expect((await rig.full()).outcome).toBe('ok');
    expect(rig.detail.sysDescr?.length).toBe(128);
    expect(rig.detail.ports.map(({ alias }) => alias.length)).toEqual([128, 128, 128, 128]);
    for (const line of rig.metrics.split('\n')) {
      expect(line.length).toBeLessThan(600);
    }
    expect(rig.shown.length).toBeLessThan(60_000);
  });

  test('octets behind the message are not looked at', async () => {
    await using rig = await startRig('junk-behind');
    expectTruth(rig, await rig.full());
    expect(await rig.ignored()).toEqual({});
  });
});
