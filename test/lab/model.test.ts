import { describe, expect, test } from 'vitest';
import { LOW_BATTERY_MINUTES, minutesLeft } from '../../lab/battery.ts';
import {
  actionProblem,
  advance,
  applyAction,
  healthyLab,
  type LabState,
  nextChangeAt,
  restoreAll,
} from '../../lab/model.ts';
import { deriveTopology } from '../../lab/topology.ts';
import { HOUR, MINUTE, SECOND } from '../../lib/time.ts';
import { DEVICES } from './demo-network.ts';

const topology = deriveTopology(DEVICES);
const healthy = healthyLab(topology, 0, () => -HOUR);

function fail(state: LabState, atMs: number, deviceId: string, part: string | null = null) {
  return applyAction(state, { verb: 'fail', deviceId, part }, atMs);
}

function restore(state: LabState, atMs: number, deviceId: string, part: string | null = null) {
  return applyAction(state, { verb: 'restore', deviceId, part }, atMs);
}

function silent(state: LabState): string[] {
  return [...state.devices].filter(([, one]) => one.silence !== 'none').map(([id]) => id);
}

function port(state: LabState, deviceId: string, name: string) {
  return state.devices.get(deviceId)!.ports.get(name)!;
}

const NORTH = ['agg-north', 'acc-north-1', 'acc-north-2', 'acc-north-3', 'ups-north'];

test('everything answers at first, and every cabled port is up', () => {
  expect(silent(healthy)).toEqual([]);
  expect(port(healthy, 'core-1', 'Te1/3').up).toBe(true);
  expect(port(healthy, 'core-1', 'Te1/1').up).toBe(true);
  expect(port(healthy, 'agg-north', 'Te0/1').up).toBe(true);
  expect(port(healthy, 'agg-north', 'Te0/2').up).toBe(false);
});

describe('a link', () => {
  test('cut at the only path: everything behind it is silent but goes on running', () => {
    const cut = fail(healthy, SECOND, 'core-1', 'Te1/3');
    expect(silent(cut)).toEqual(NORTH);
    expect(cut.devices.get('agg-north')!.silence).toBe('no-path');
    expect(port(cut, 'core-1', 'Te1/3')).toEqual({ up: false, changedAtMs: SECOND });
    expect(port(cut, 'agg-north', 'Te0/1')).toEqual({ up: false, changedAtMs: SECOND });
    expect(port(cut, 'agg-north', 'Gi0/1').up).toBe(true);
    const back = restore(cut, MINUTE, 'core-1', 'Te1/3');
    expect(silent(back)).toEqual([]);
    expect(port(back, 'agg-north', 'Te0/1')).toEqual({ up: true, changedAtMs: MINUTE });
    expect(back.devices.get('agg-north')!.bootedAtMs).toBe(-HOUR);
  });

  test('one of two: nothing is silent until the other goes too', () => {
    const one = fail(healthy, SECOND, 'core-1', 'Te1/4');
    expect(silent(one)).toEqual([]);
    expect(port(one, 'agg-south', 'Te0/1').up).toBe(false);
    const both = fail(one, 2 * SECOND, 'core-2', 'Te1/4');
    expect(silent(both)).toEqual(['agg-south', 'acc-south-1', 'acc-south-2']);
  });

  test('broken at both ends: needs both repaired', () => {
    const both = fail(fail(healthy, 1, 'core-1', 'Te1/3'), 2, 'agg-north', 'Te0/1');
    expect(silent(restore(both, 3, 'core-1', 'Te1/3'))).toEqual(NORTH);
  });

  test('to a customer: only that port is down', () => {
    const flapped = fail(healthy, SECOND, 'acc-south-2', 'Gi0/3');
    expect(silent(flapped)).toEqual([]);
    expect(port(flapped, 'acc-south-2', 'Gi0/3').up).toBe(false);
    expect(port(flapped, 'acc-south-2', 'Gi0/4').up).toBe(true);
  });
});

describe('a device', () => {
  test('that fails takes its side of every cable down and restarts when restored', () => {
    const failed = fail(healthy, SECOND, 'agg-north');
    expect(silent(failed)).toEqual(NORTH);
    expect(failed.devices.get('agg-north')!.silence).toBe('failed');
    expect(failed.devices.get('acc-north-1')!.silence).toBe('no-path');
    expect(port(failed, 'core-1', 'Te1/3').up).toBe(false);
    const back = restore(failed, MINUTE, 'agg-north');
    expect(silent(back)).toEqual([]);
    expect(back.devices.get('agg-north')!.bootedAtMs).toBe(MINUTE);
    expect(back.devices.get('acc-north-1')!.bootedAtMs).toBe(-HOUR);
    expect(port(back, 'agg-north', 'Gi0/8')).toEqual({ up: true, changedAtMs: MINUTE });
  });

  test('without power is silent, with all that it feeds', () => {
    const failed = fail(healthy, SECOND, 'pdu-hq');
    expect(silent(failed)).toEqual(['pdu-hq', 'srv-hq']);
    expect(failed.devices.get('srv-hq')!.silence).toBe('no-power');
  });

  test('fed twice goes dark with its last feed', () => {
    const devices = DEVICES.map((one) =>
      one.id === 'srv-hq' ? { ...one, powerFeeds: ['pdu-hq', 'ups-north'] } : one,
    );
    const twice = healthyLab(deriveTopology(devices), 0, () => 0);
    expect(silent(fail(twice, 1, 'pdu-hq'))).toEqual(['pdu-hq']);
    const both = fail(fail(twice, 1, 'pdu-hq'), 2, 'ups-north');
    expect(silent(both)).toEqual(['pdu-hq']);
    expect(silent(advance(both, MINUTE))).toEqual(['ups-north', 'pdu-hq', 'srv-hq']);
  });
});

describe('the mains', () => {
  const failed = fail(healthy, 10 * SECOND, 'ups-hq', 'mains');

  test('failing: the battery carries what hangs on it', () => {
    expect(silent(failed)).toEqual([]);
    expect(failed.devices.get('ups-hq')!.battery!.onBatterySinceMs).toBe(10 * SECOND);
    expect(nextChangeAt(failed)).toBeCloseTo(150 * SECOND, 6);
  });

  test('away until the battery is empty: everything fed goes dark at that instant', () => {
    const dark = advance(failed, 10 * MINUTE);
    expect(silent(dark)).toEqual(['ups-hq', 'pdu-hq', 'srv-hq']);
    expect(dark.settledAtMs).toBeCloseTo(150 * SECOND, 6);
    expect(port(dark, 'core-2', 'Gi1/12').up).toBe(false);
    expect(nextChangeAt(dark)).toBeNull();
    const back = restore(dark, 20 * MINUTE, 'ups-hq', 'mains');
    expect(silent(back)).toEqual([]);
    expect(back.devices.get('srv-hq')!.bootedAtMs).toBe(20 * MINUTE);
    expect(back.devices.get('ups-hq')!.bootedAtMs).toBe(20 * MINUTE);
  });

  test('an action long after the battery ran empty still finds the right history', () => {
    const later = fail(failed, 10 * MINUTE, 'acc-south-2', 'Gi0/3');
    expect(silent(later)).toEqual(['ups-hq', 'pdu-hq', 'srv-hq']);
    expect(port(later, 'core-2', 'Gi1/12').changedAtMs).toBeCloseTo(150 * SECOND, 6);
  });
});

describe('a UPS that fails as a whole', () => {
  const failed = fail(healthy, 10 * SECOND, 'ups-hq');
  const battery = (state: LabState) => state.devices.get('ups-hq')!.battery!;

  test('tells that it runs on a battery with little left, until that is empty', () => {
    expect(silent(failed)).toEqual([]);
    expect(battery(failed)).toMatchObject({ mainsUp: false, onBatterySinceMs: 10 * SECOND });
    expect(minutesLeft(battery(failed), 10 * SECOND)).toBeLessThan(LOW_BATTERY_MINUTES);
    expect(nextChangeAt(failed)).toBeCloseTo(54 * SECOND, 6);
  });

  test('then is silent for want of power, with all that it feeds, until it is restored', () => {
    const dark = advance(failed, MINUTE);
    expect(silent(dark)).toEqual(['ups-hq', 'pdu-hq', 'srv-hq']);
    expect(dark.devices.get('ups-hq')!.silence).toBe('no-power');
    const back = restore(dark, 2 * MINUTE, 'ups-hq');
    expect(silent(back)).toEqual([]);
    expect(battery(back).mainsUp).toBe(true);
    expect(back.devices.get('srv-hq')!.bootedAtMs).toBe(2 * MINUTE);
  });
});

test('restoring all repairs everything at once', () => {
  let state = fail(healthy, 1, 'core-1', 'Te1/3');
  state = fail(fail(state, 2, 'srv-hq'), 3, 'ups-hq', 'mains');
  state = restoreAll(state, MINUTE);
  expect(silent(state)).toEqual([]);
  expect(state.devices.get('ups-hq')!.battery!.mainsUp).toBe(true);
  expect(state.devices.get('core-1')!.failedPorts.size).toBe(0);
});

test('devices that feed or lead to each other in a ring do not hold the model up', () => {
  const ring = DEVICES.slice(0, 2).map((one, index) => ({
    ...one,
    parents: [{ deviceId: index === 0 ? 'core-2' : 'core-1', port: null }],
    powerFeeds: [index === 0 ? 'core-2' : 'core-1'],
  }));
  expect(silent(healthyLab(deriveTopology(ring), 0, () => 0))).toEqual(['core-1', 'core-2']);
});

describe('an action that cannot be done says what could', () => {
  const problem = (deviceId: string, part: string | null) =>
    actionProblem(topology, { verb: 'fail', deviceId, part });

  test.each([
    ['core-9', null, 'no device "core-9"; the lab has core-1, core-2, agg-north,'],
    ['srv-hq', 'eth7', 'device "srv-hq" has no port "eth7"; it has lo, eth0'],
    ['ups-hq', 'eth7', 'device "ups-hq" has no port "eth7"; it has eth0, mains'],
    ['core-1', 'mains', 'no mains of its own; only a UPS has: ups-hq, ups-north'],
  ])('%s %s', (deviceId, part, text) => {
    expect(problem(deviceId, part)).toContain(text);
  });

  test('and one that can has no problem', () => {
    expect(problem('core-1', 'Te1/3')).toBeNull();
    expect(problem('ups-hq', 'mains')).toBeNull();
    expect(problem('srv-hq', null)).toBeNull();
  });
});
