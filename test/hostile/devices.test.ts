import { describe, expect, test } from 'vitest';
import { HEALTH_STATES } from '../../config/profile.ts';
import { DRIP_MS } from '../../lab/hostile/modes/devices.ts';
import { expectTruth } from './expectations.ts';
import { type HostileRig, startRig } from './rig.ts';

/** The rate that is true of every port is half of the line. */
const HALF = 0.5;
const UTILIZATIONS = [
  'interface_receive_utilization_ratio',
  'interface_transmit_utilization_ratio',
];

/** Every utilization of the last poll. */
function utilizations(rig: HostileRig): number[] {
  return UTILIZATIONS.flatMap((metric) => Object.values(rig.series(metric)));
}

/** Several full polls, a minute apart; no rate in any of them is negative or above the line. */
async function pollWithoutSpike(rig: HostileRig, polls = 5): Promise<number[][]> {
  const rates: number[][] = [];
  for (let poll = 0; poll < polls; poll += 1) {
    expect((await rig.full()).outcome).toBe('ok');
    rates.push(utilizations(rig));
  }
  for (const rate of rates.flat()) {
    expect(rate).toBeGreaterThanOrEqual(0);
    expect(rate).toBeLessThanOrEqual(1.1);
  }
  return rates;
}

describe.concurrent('22: a device that takes its time', () => {
  test('drop by drop: the deadline holds, and polls do not overlap', async () => {
    await using rig = await startRig('drip', { polling: { deadlineMs: 1_500 } });
    const first = await rig.full();
    const { finishedAt, startedAt } = first;
    expect(finishedAt - startedAt).toBeLessThan(1_500 + 1_000);
    expect(rig.agent.askCount).toBeLessThanOrEqual(2 + 1_500 / DRIP_MS + 3);
    expect(await rig.metric('polls_running')).toBe(0);
  });

  test('drop by drop: an answer cut within its first round loses no column', async () => {
    await using rig = await startRig('drip', { polling: { deadlineMs: 40_000 } });
    expectTruth(rig, await rig.full());
    expectTruth(rig, await rig.full());
  });

  test('ever slower: the deadline holds, and what came before it is kept', async () => {
    await using rig = await startRig('ever-slower', { polling: { deadlineMs: 1_200 } });
    const full = await rig.full();
    expect(full.finishedAt - full.startedAt).toBeLessThan(1_200 + 1_000);
    expect(rig.detail.lastDetail.en).toContain('the poll took too long and was cut off');
    expect(rig.agent.askCount).toBeLessThan(20);
  });

  test('one thing at a time: it is asked one thing at a time', async () => {
    await using rig = await startRig('one-at-a-time');
    expectTruth(rig, await rig.full());
    const retries = await rig.metric('snmp_retries_total');
    expectTruth(rig, await rig.full());
    expectTruth(rig, await rig.full());
    expect(await rig.metric('snmp_retries_total')).toBe(retries);
  });
});

describe.concurrent('23: tables with holes and other numbers', () => {
  test('rows are joined by their index', async () => {
    await using rig = await startRig('sparse');
    expect((await rig.full()).outcome).toBe('ok');
    const ports = rig.detail.ports.toSorted((a, b) => a.index - b.index);
    expect(ports.map(({ name, alias }) => [name, alias])).toEqual([
      ['Gi0/1', 'to Gi0/1'],
      ['Gi0/2', 'to Gi0/2'],
      ['Ethernet Gi0/3', 'to Gi0/3'],
      ['Gi0/4', ''],
    ]);
    expect(ports.map(({ operStatus }) => operStatus)).toEqual(['up', 'unknown', 'up', 'up']);
  });

  test('a port keeps its name and its series when it gets another number', async () => {
    await using rig = await startRig('renumbered', { device: { importantPorts: ['Gi0/2'] } });
    await rig.full();
    const series = Object.keys(rig.series('interface_receive_bytes_total')).toSorted();
    const indexes = rig.detail.ports.map(({ index }) => index);
    const rates = await pollWithoutSpike(rig, 3);
    expect(Object.keys(rig.series('interface_receive_bytes_total')).toSorted()).toEqual(series);
    expect(rig.detail.ports.map(({ index }) => index)).not.toEqual(indexes);
    expect(rig.watched.observations.flatMap(({ conditions }) => conditions ?? [])).toEqual([]);
    for (const rate of rates.flat()) expect(rate).toBeCloseTo(HALF, 1);
  });
});

describe.concurrent('24: counters that do not only count', () => {
  test('as they should: the rate is right', async () => {
    await using rig = await startRig('duplicate');
    const rates = await pollWithoutSpike(rig);
    expect(rates.slice(1).flat()).toHaveLength(4 * 8);
    for (const rate of rates.flat()) expect(rate).toBeCloseTo(HALF, 1);
  });

  test('a reset is no rate, and the rate after it is right', async () => {
    await using rig = await startRig('reset');
    const rates = await pollWithoutSpike(rig);
    for (const rate of rates.flat()) expect(rate).toBeLessThanOrEqual(HALF * 1.1);
  });

  test('a wrap of 32 bits is counted through, or no rate', async () => {
    await using rig = await startRig('wrap');
    const rates = await pollWithoutSpike(rig);
    for (const rate of rates.flat()) expect(rate).toBeCloseTo(HALF, 1);
  });

  test('a clock that jumps changes no rate', async () => {
    await using rig = await startRig('jitter');
    const rates = await pollWithoutSpike(rig);
    for (const rate of rates.flat()) expect(rate).toBeCloseTo(HALF, 1);
    expect(rates.slice(1).flat()).toHaveLength(4 * 8);
  });

  test('a small decrease is no wrap', async () => {
    await using rig = await startRig('small-decrease');
    const rates = await pollWithoutSpike(rig);
    for (const rate of rates.flat()) expect(rate).toBeLessThan(0.001);
  });

  test('497 days are no restart', async () => {
    await using rig = await startRig('uptime-wraps');
    await rig.full();
    const before = (await rig.full()).sysUpTimeTicks;
    expect(before).toBeGreaterThanOrEqual(0);
    const rates = await pollWithoutSpike(rig, 3);
    for (const rate of rates.flat()) expect(rate).toBeCloseTo(HALF, 1);
  });
});

describe.concurrent('25: numbers and states that mean nothing', () => {
  test('sentinels are no readings', async () => {
    await using rig = await startRig('sentinels');
    await rig.full();
    expect(await rig.full()).toMatchObject({ outcome: 'ok', conditions: [] });
    for (const metric of ['power_charge_ratio', 'power_runtime_seconds', 'power_battery_celsius']) {
      expect(rig.series(metric)).toEqual({});
    }
    expect(rig.series('interface_speed_bytes_per_second')).toEqual({});
    expect(utilizations(rig)).toEqual([]);
    expect(await rig.metric('poll_values_rejected_total', { reason: 'absent' })).toBeGreaterThan(0);
  });

  test('states that nobody declared are unknown, and no fault', async () => {
    await using rig = await startRig('unknown-enums', { device: { importantPorts: ['Gi0/1'] } });
    expect(await rig.full()).toMatchObject({ outcome: 'ok', conditions: [] });
    expect(rig.detail.ports.map(({ operStatus }) => operStatus)).toEqual(
      [1, 2, 3, 4].map(() => 'unknown'),
    );
    expect(rig.detail.ports.map(({ undeclaredOperStatus }) => undeclaredOperStatus)).toEqual(
      [1, 2, 3, 4].map(() => 99),
    );
    expect(rig.series('interface_oper_status')).toEqual({});
    const states = rig.detail.readings.filter(({ undeclaredState }) => undeclaredState !== null);
    expect(states.map(({ undeclaredState }) => undeclaredState).toSorted()).toEqual([-7, 99]);
    for (const { metric, value } of states) {
      expect([metric, value]).toEqual(['threenines_power_state', HEALTH_STATES.indexOf('unknown')]);
    }
  });

  test('states that are declared are told without their numbers', async () => {
    await using rig = await startRig('duplicate');
    await rig.full();
    for (const port of rig.detail.ports) expect(port.undeclaredOperStatus).toBeNull();
    for (const reading of rig.detail.readings) expect(reading.undeclaredState).toBeNull();
  });
});

describe.concurrent('26: names made to be misread', () => {
  test('are text everywhere', async () => {
    await using rig = await startRig('hostile-texts');
    expect((await rig.full()).outcome).toBe('ok');
    expect(rig.detail.ports).toHaveLength(7);
    expect(Object.keys(rig.series('interface_oper_status'))).toHaveLength(7);
    const families = [...rig.exposition().types.keys()];
    expect(families.filter((name) => !name.startsWith('threenines_'))).toEqual([]);
    for (const { name, alias } of rig.detail.ports) {
      expect(name + alias).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u);
    }
    expect(rig.shown).not.toMatch(/[\u0000\u0007\u001b\u202e\u2066]/u);
  });

  test('that are all the same stay apart', async () => {
    await using rig = await startRig('equal-names');
    expect((await rig.full()).outcome).toBe('ok');
    const names = rig.detail.ports.map(({ name }) => name);
    expect(new Set(names).size).toBe(4);
    expect(Object.keys(rig.series('interface_oper_status'))).toHaveLength(4);
  });

  test('that are ever new make no more series than there are ports', async () => {
    await using rig = await startRig('ever-new-names');
    const counts: number[] = [];
    for (let poll = 0; poll < 6; poll += 1) {
      await rig.full();
      expect(Object.keys(rig.series('interface_oper_status'))).toHaveLength(4);
      counts.push(rig.exposition().series.size);
    }
    expect(Math.max(...counts)).toBeLessThanOrEqual(counts[0]! + 8);
  });
});
