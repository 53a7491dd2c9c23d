import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Lab } from '../../lab/lab.ts';
import { netSnmp, type PackageVarbind, VALUE_TYPE } from '../../lab/net-snmp.ts';
import { compareOids, parseOid } from '../../lab/oid.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import { VirtualClock } from '../../lib/virtual-clock.ts';
import { DEVICES, START, startDemoLab } from './demo-network.ts';
import { ask, get, openSession, type SessionOptions, walk } from './sessions.ts';

const SYS_UPTIME = '1.3.6.1.2.1.1.3.0';
const IF_X = '1.3.6.1.2.1.31.1.1.1';
const UPS = '1.3.6.1.2.1.33.1';
/** Long enough for a reply on loopback, short enough to wait for silence. */
const SILENCE: SessionOptions = { timeoutMs: 400 };

let clock: VirtualClock;
let lab: Lab;

beforeEach(async () => {
  clock = new VirtualClock(START);
  lab = await startDemoLab(clock);
});

afterEach(() => lab.stop());

const portOf = (deviceId: string) => lab.ports.get(deviceId)!;
const read = (deviceId: string, oid: string, options?: SessionOptions) =>
  ask(deviceId, portOf(deviceId), oid, options);
const value = async (deviceId: string, oid: string) => (await read(deviceId, oid))?.value;

async function walkOf(deviceId: string, oid: string): Promise<PackageVarbind[]> {
  const session = openSession(deviceId, portOf(deviceId));
  try {
    return await walk(session, oid);
  } finally {
    session.close();
  }
}

function column(varbinds: readonly PackageVarbind[], oid: string): PackageVarbind[] {
  return varbinds.filter((one) => one.oid.startsWith(`${oid}.`));
}

function count(varbind: PackageVarbind): bigint {
  return Buffer.isBuffer(varbind.value)
    ? varbind.value.readBigUInt64BE()
    : BigInt(varbind.value as number);
}

test.each(DEVICES.map(({ id }) => id))('%s: a walk over everything is in order', async (id) => {
  const varbinds = await walkOf(id, '1.3.6.1');
  expect(varbinds.length).toBeGreaterThan(50);
  for (const [position, { oid }] of varbinds.entries()) {
    if (position === 0) continue;
    const before = parseOid(varbinds[position - 1]!.oid)!;
    expect(compareOids(before, parseOid(oid)!), oid).toBeLessThan(0);
  }
});

describe('interfaces', () => {
  const TYPES: Readonly<Record<number, number>> = {
    1: VALUE_TYPE.octetString,
    2: VALUE_TYPE.counter32,
    6: VALUE_TYPE.counter64,
    10: VALUE_TYPE.counter64,
    15: VALUE_TYPE.gauge32,
    18: VALUE_TYPE.octetString,
    19: VALUE_TYPE.timeTicks,
  };

  test('every column has the type of its MIB and a value for each port', async () => {
    const varbinds = await walkOf('core-1', IF_X);
    const ports = Number(await value('core-1', '1.3.6.1.2.1.2.1.0'));
    for (const [id, type] of Object.entries(TYPES)) {
      const cells = column(varbinds, `${IF_X}.${id}`);
      expect(cells.length, `column ${id}`).toBe(ports);
      expect(new Set(cells.map((one) => one.type)), `column ${id}`).toEqual(new Set([type]));
    }
  });

  test('a port says what it leads to, from both ends', async () => {
    const alias = async (id: string) =>
      column(await walkOf(id, IF_X), `${IF_X}.18`).map((one) => String(one.value));
    expect(await alias('core-1')).toContain('to agg-north Te0/1');
    expect(await alias('agg-north')).toContain('to core-1 Te1/3');
  });

  test('counters of working ports grow, in both widths; those of idle ports stand still', async () => {
    const before = await walkOf('acc-north-1', IF_X);
    clock.advance(30 * SECOND);
    const after = await walkOf('acc-north-1', IF_X);
    const statuses = await walkOf('acc-north-1', '1.3.6.1.2.1.2.2.1.8');
    for (const [row, status] of statuses.entries()) {
      for (const id of [2, 6, 10]) {
        const [from, to] = [before, after].map((one) => count(column(one, `${IF_X}.${id}`)[row]!));
        if (status.value === 1) expect(to! > from!, `row ${row} column ${id}`).toBe(true);
        else expect(to, `row ${row} column ${id}`).toBe(from);
      }
    }
  });

  test('the 32-bit counter is the low half of the 64-bit one', async () => {
    const wide = count((await read('agg-north', `${IF_X}.6.1`))!);
    const narrow = count((await read('agg-north', '1.3.6.1.2.1.2.2.1.10.1'))!);
    expect(narrow).toBe(wide % 2n ** 32n);
  });

  test('what one end of a cable sends, the other receives', async () => {
    const ends = async () => ({
      sent: count((await read('core-1', `${IF_X}.10.3`))!),
      received: count((await read('agg-north', `${IF_X}.6.1`))!),
    });
    const before = await ends();
    clock.advance(10 * SECOND);
    const after = await ends();
    const sent = Number(after.sent - before.sent);
    expect(sent).toBeGreaterThan(1_000_000);
    expect(sent).toBeLessThan(10 * 1.25e9);
    expect(Math.abs(sent - Number(after.received - before.received))).toBeLessThanOrEqual(2);
  });

  test('a broken port is down at both ends and its counter stops', async () => {
    lab.act({ verb: 'fail', deviceId: 'core-1', part: 'Te1/4' });
    const octets = await value('core-1', `${IF_X}.6.4`);
    expect(await value('core-1', '1.3.6.1.2.1.2.2.1.8.4')).toBe(2);
    expect(await value('agg-south', '1.3.6.1.2.1.2.2.1.8.1')).toBe(2);
    clock.advance(MINUTE);
    expect(await value('core-1', `${IF_X}.6.4`)).toEqual(octets);
    lab.act({ verb: 'restore', deviceId: 'core-1', part: 'Te1/4' });
    const changed = Number(await value('core-1', '1.3.6.1.2.1.2.2.1.9.4'));
    expect(changed).toBe(Number(await value('core-1', SYS_UPTIME)));
    clock.advance(SECOND);
    expect(await value('core-1', `${IF_X}.6.4`)).not.toEqual(octets);
  });
});

describe('who may ask', () => {
  test('a wrong community gets silence', async () => {
    expect(await read('agg-north', SYS_UPTIME, { ...SILENCE, community: 'public' })).toBeNull();
    expect(await read('agg-north', SYS_UPTIME)).not.toBeNull();
  });

  test('a wrong key is refused', async () => {
    const wrong = read('core-1', SYS_UPTIME, { authPassword: 'not-the-password' });
    await expect(wrong).rejects.toThrow();
    expect(await read('core-1', SYS_UPTIME)).not.toBeNull();
  });

  test('a device with SNMPv3 does not answer a community', async () => {
    const session = netSnmp.createSession('127.0.0.1', 'demo', {
      port: portOf('core-1'),
      timeout: 400,
      retries: 0,
      version: netSnmp.Version2c,
    });
    await expect(get(session, SYS_UPTIME)).rejects.toThrow('timed out');
    session.close();
  });

  test('SNMPv1 with the community is answered, without Counter64', async () => {
    const session = openSession('agg-north', portOf('agg-north'), { version: netSnmp.Version1 });
    const varbinds = await walk(session, IF_X);
    session.close();
    expect(column(varbinds, `${IF_X}.1`).length).toBe(14);
    expect(column(varbinds, `${IF_X}.6`)).toEqual([]);
  });
});

describe('breaking and repairing', () => {
  test('a device that fails is silent and comes back with its clock and counters at zero', async () => {
    const before = Number(await value('acc-south-1', SYS_UPTIME));
    expect(before).toBeGreaterThan(1000);
    expect(lab.act({ verb: 'fail', deviceId: 'acc-south-1', part: null })).toBeNull();
    expect(await read('acc-south-1', SYS_UPTIME, SILENCE)).toBeNull();
    clock.advance(MINUTE);
    lab.act({ verb: 'restore', deviceId: 'acc-south-1', part: null });
    clock.advance(2 * SECOND);
    expect(await value('acc-south-1', SYS_UPTIME)).toBe(200);
    const octets = count((await read('acc-south-1', `${IF_X}.6.1`))!);
    expect(octets).toBeGreaterThan(0n);
    expect(octets).toBeLessThan(10n ** 8n);
  });

  test('an SNMPv3 device that restarted counts its boots up and tells an old session so', async () => {
    const session = openSession('core-1', portOf('core-1'));
    const BOOTS = '1.3.6.1.6.3.10.2.1.2.0';
    const before = Number((await get(session, BOOTS))[0]!.value);
    lab.act({ verb: 'fail', deviceId: 'core-1', part: null });
    clock.advance(MINUTE);
    lab.act({ verb: 'restore', deviceId: 'core-1', part: null });
    let replies = 0;
    session.dgram.on('message', () => replies++);
    const after = Number((await get(session, BOOTS))[0]!.value);
    session.close();
    expect(after).toBeGreaterThan(before);
    // The first reply is the report that the session's clock is wrong; the second answers its second try.
    expect(replies).toBe(2);
  });

  test('a cut path silences what is behind it, and time goes on there', async () => {
    const before = Number(await value('acc-north-1', SYS_UPTIME));
    lab.act({ verb: 'fail', deviceId: 'core-1', part: 'Te1/3' });
    for (const id of ['agg-north', 'acc-north-1', 'ups-north']) {
      expect(await read(id, SYS_UPTIME, SILENCE), id).toBeNull();
    }
    clock.advance(MINUTE);
    lab.act({ verb: 'restore', deviceId: 'core-1', part: 'Te1/3' });
    expect(await value('acc-north-1', SYS_UPTIME)).toBe(before + 6000);
  });

  test('an impossible action changes nothing and says why', async () => {
    expect(lab.act({ verb: 'fail', deviceId: 'core-1', part: 'Te9/9' })).toContain('Te1/3');
    expect(lab.status().devices.every((one) => one.silence === 'none')).toBe(true);
  });
});

describe('a UPS', () => {
  const SOURCE = `${UPS}.4.1.0`;
  const scalars = async () => {
    const varbinds = await walkOf('ups-hq', UPS);
    const at = (oid: string) => varbinds.find((one) => one.oid === `${UPS}.${oid}`)?.value;
    return {
      battery: at('2.1.0'),
      seconds: at('2.2.0'),
      minutes: at('2.3.0'),
      charge: at('2.4.0'),
      inputVolts: at('3.3.1.3.1'),
      source: at('4.1.0'),
      outputVolts: at('4.4.1.2.1'),
      load: Number(at('4.4.1.5.1')),
      alarms: at('6.1.0'),
      alarmRows: varbinds.filter((one) => one.oid.startsWith(`${UPS}.6.2.1.2.`)).length,
    };
  };

  test('on mains is well', async () => {
    const now = await scalars();
    expect(now).toMatchObject({ battery: 2, seconds: 0, minutes: 40, charge: 100, source: 3 });
    expect(now).toMatchObject({ outputVolts: 230, alarms: 0, alarmRows: 0 });
    expect(now.load).toBeGreaterThan(20);
  });

  test('runs down, warns, goes dark with all it feeds, and comes back', async () => {
    lab.act({ verb: 'fail', deviceId: 'ups-hq', part: 'mains' });
    clock.advance(20 * SECOND);
    expect(await scalars()).toMatchObject({
      battery: 2,
      seconds: 20,
      inputVolts: 0,
      source: 5,
      outputVolts: 230,
      alarms: 2,
      alarmRows: 2,
    });
    clock.advance(80 * SECOND);
    expect(await scalars()).toMatchObject({ battery: 3, source: 5, alarms: 3 });
    expect(await read('srv-hq', SYS_UPTIME)).not.toBeNull();
    clock.advance(45 * SECOND);
    expect(await read('ups-hq', SOURCE, SILENCE)).toBeNull();
    expect(await read('srv-hq', SYS_UPTIME, SILENCE)).toBeNull();
    expect(await read('pdu-hq', SYS_UPTIME, SILENCE)).toBeNull();
    clock.advance(MINUTE);
    lab.act({ verb: 'restore', deviceId: 'ups-hq', part: 'mains' });
    clock.advance(5 * SECOND);
    expect(await value('ups-hq', SOURCE)).toBe(3);
    expect(await value('srv-hq', SYS_UPTIME)).toBe(500);
    clock.advance(4 * MINUTE);
    expect(await scalars()).toMatchObject({ battery: 2, charge: 100, minutes: 40, alarms: 0 });
  });
});

test('sensors, processors and storage make sense', async () => {
  const sensors = await walkOf('pdu-hq', '1.3.6.1.2.1.99.1.1.1.4');
  expect(sensors.length).toBe(21);
  const cpu = await walkOf('srv-hq', '1.3.6.1.2.1.25.3.3.1.2');
  expect(cpu.length).toBe(4);
  for (const { value: load } of cpu) expect(Number(load)).toBeLessThanOrEqual(100);
  const [units, size, used] = await Promise.all(
    [4, 5, 6].map((id) => walkOf('srv-hq', `1.3.6.1.2.1.25.2.3.1.${id}`)),
  );
  expect(Number(units![2]!.value) * Number(size![2]!.value)).toBe(100 * 2 ** 30);
  for (const [row, { value: taken }] of used!.entries()) {
    expect(Number(taken)).toBeGreaterThan(0);
    expect(Number(taken)).toBeLessThan(Number(size![row]!.value));
  }
});
