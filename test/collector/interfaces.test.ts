import { describe, expect, it } from 'vitest';
import { POLL_DETAILS } from '../../collector/poll-details.ts';
import { portSpeedBps } from '../../collector/port-step.ts';
import { pollOf, SYS_UP_TIME, valuesOf, wrongThings } from './full-poll-fixtures.ts';
import type { Plain } from './mib-client.ts';

const IF = '1.3.6.1.2.1.2.2.1';
const IFX = '1.3.6.1.2.1.31.1.1.1';
const GIGABIT_PER_MINUTE = 60 * 125_000_000;

interface PortParts {
  readonly name?: string;
  readonly descr?: string;
  readonly oper?: number;
  readonly admin?: number;
  readonly type?: number;
  readonly received?: bigint;
  readonly highSpeed?: number;
}

function port(index: number, parts: PortParts = {}): Record<string, Plain> {
  return {
    [`${IF}.2.${index}`]: parts.descr ?? `GigabitEthernet0/${index}`,
    [`${IF}.3.${index}`]: parts.type ?? 6,
    [`${IF}.5.${index}`]: 1_000_000_000,
    [`${IF}.7.${index}`]: parts.admin ?? 1,
    [`${IF}.8.${index}`]: parts.oper ?? 1,
    [`${IF}.10.${index}`]: Number((parts.received ?? 0n) % 2n ** 32n),
    [`${IF}.16.${index}`]: 0,
    [`${IFX}.1.${index}`]: parts.name ?? `Gi0/${index}`,
    [`${IFX}.6.${index}`]: parts.received ?? 0n,
    [`${IFX}.10.${index}`]: 0n,
    [`${IFX}.15.${index}`]: parts.highSpeed ?? 1000,
    [`${IFX}.18.${index}`]: '',
    [`${IFX}.19.${index}`]: 0,
  };
}

describe('ports', () => {
  it('get rates from the second poll on, against their speed', async () => {
    const device = pollOf(port(1, { received: 1000n }));
    expect((await device.poll()).evaluation?.ports[0]?.receiveBps).toBeNull();
    device.set(`${IFX}.6.1`, 1000n + BigInt(GIGABIT_PER_MINUTE / 4));
    const poll = await device.poll();
    expect(poll.evaluation?.ports[0]?.receiveBps).toBe(250_000_000);
    expect(valuesOf(poll, 'interface_receive_utilization_ratio')).toEqual({ 'Gi0/1': 0.25 });
    expect(valuesOf(poll, 'interface_speed_bytes_per_second')).toEqual({ 'Gi0/1': 125_000_000 });
  });

  it('get no rate after a restart of the device, and one again after that', async () => {
    const device = pollOf(port(1, { received: 10_000_000n }));
    await device.poll();
    device.set(SYS_UP_TIME, 500);
    device.set(`${IFX}.6.1`, 20_000_000n);
    expect((await device.poll()).evaluation?.ports[0]?.receiveBps).toBeNull();
    device.set(`${IFX}.6.1`, 20_000_000n + 7_500_000n);
    expect((await device.poll()).evaluation?.ports[0]?.receiveBps).toBe(1_000_000);
  });

  it('keep their names and counters apart when the device renumbers them', async () => {
    const device = pollOf({ ...port(1, { received: 5_000_000n }), ...port(2, { received: 900n }) });
    await device.poll();
    device.set(SYS_UP_TIME, 300);
    const renumbered = {
      ...port(1, { name: 'Gi0/2', descr: 'GigabitEthernet0/2', received: 900n }),
      ...port(2, { name: 'Gi0/1', descr: 'GigabitEthernet0/1', received: 5_000_000n }),
    };
    for (const [oid, value] of Object.entries(renumbered)) device.set(oid, value);
    expect((await device.poll()).evaluation?.ports.map(({ receiveBps }) => receiveBps)).toEqual([
      null,
      null,
    ]);
    device.set(`${IFX}.6.1`, 900n + 7_500_000n);
    const poll = await device.poll();
    const rates = poll.evaluation?.ports.map(({ name, receiveBps }) => [name, receiveBps]);
    expect(rates).toEqual([
      ['Gi0/2', 1_000_000],
      ['Gi0/1', 0],
    ]);
  });

  it('with names that are not unique carry their index, all of them', async () => {
    const twice = { ...port(1, { name: 'lan' }), ...port(7, { name: 'lan' }), ...port(9) };
    const poll = await pollOf(twice).poll();
    expect(poll.evaluation?.ports.map(({ name }) => name).sort()).toEqual([
      'Gi0/9',
      'lan#1',
      'lan#7',
    ]);
  });

  it('without a name go by their description, and without that by their index', async () => {
    const poll = await pollOf({
      ...port(1, { name: '', descr: 'eth0\0\0' }),
      ...port(4_194_316_032, { name: '', descr: '' }),
    }).poll();
    expect(poll.evaluation?.ports.map(({ name }) => name)).toEqual(['eth0', '4194316032']);
  });

  it('with a number in place of a name go by their description: it is of the wrong type', async () => {
    const device = pollOf({ ...port(1), ...port(2), [`${IFX}.1.1`]: 7, [`${IFX}.1.2`]: 7 });
    const poll = await device.poll();
    expect(poll.evaluation?.ports.map(({ name }) => name)).toEqual([
      'GigabitEthernet0/1',
      'GigabitEthernet0/2',
    ]);
    expect(await device.count('poll_values_rejected_total', { reason: 'wrong-type' })).toBe(2);
  });

  it('with 64-bit counters that stand at 0 are counted by the 32-bit ones', async () => {
    const device = pollOf({ ...port(1), [`${IF}.5.1`]: 100_000_000, [`${IFX}.15.1`]: 100 });
    device.set(`${IF}.10.1`, 1000);
    await device.poll();
    device.set(`${IF}.10.1`, 1000 + 7_500_000);
    const poll = await device.poll();
    expect(poll.evaluation?.ports[0]?.receiveBps).toBe(1_000_000);
    expect(valuesOf(poll, 'interface_receive_bytes_total')).toEqual({ 'Gi0/1': 7_501_000 });
  });

  it('are asked for 32-bit counters no more when the 64-bit ones count', async () => {
    const device = pollOf(port(1, { received: 5n }));
    await device.poll();
    const asked: string[] = [];
    device.client.fail = (_, oids) => {
      asked.push(...oids);
      return null;
    };
    await device.poll();
    expect(asked.some((oid) => oid.startsWith(`${IF}.10`))).toBe(false);
    expect(asked.some((oid) => oid.startsWith(`${IFX}.6`))).toBe(true);
    expect(asked.some((oid) => oid.startsWith(`${IFX}.1.`) || oid === `${IFX}.1`)).toBe(false);
  });

  it.each([
    [1000, 1_000_000_000, 1_000_000_000],
    [0, 100_000_000, 100_000_000],
    [40_000, 4_294_967_295, 40_000_000_000],
    [1_000_000_000, 1_000_000_000, 1_000_000_000],
    [4_294_901_759, 4_294_967_295, null],
    [null, null, null],
    [0, 0, null],
  ])('with ifHighSpeed %s and ifSpeed %s run at %s bit/s', (highSpeed, speed, expected) => {
    expect(portSpeedBps(highSpeed, speed)).toBe(expected);
  });
});

describe('a port that is down', () => {
  it('is a fault when it was up before, and no longer when it is back', async () => {
    const device = pollOf(port(1));
    expect(wrongThings(await device.poll())).toEqual([]);
    device.set(`${IF}.8.1`, 2);
    expect(wrongThings(await device.poll())).toEqual(['port:Gi0/1 port-down warning']);
    device.set(`${IF}.8.1`, 1);
    expect(wrongThings(await device.poll())).toEqual([]);
  });

  it('is none when it never was up, was switched off, or only comes and goes', async () => {
    const never = pollOf(port(1, { oper: 2 }));
    expect(wrongThings(await never.poll())).toEqual([]);
    const off = pollOf(port(1));
    await off.poll();
    off.set(`${IF}.7.1`, 2);
    off.set(`${IF}.8.1`, 2);
    expect(wrongThings(await off.poll())).toEqual([]);
    const loopback = pollOf(port(1, { type: 24 }));
    await loopback.poll();
    loopback.set(`${IF}.8.1`, 2);
    expect(wrongThings(await loopback.poll())).toEqual([]);
  });

  it.each(['Gi0/1', 'GigabitEthernet0/1'])(
    'is critical when the configuration names it %s, under that name',
    async (named) => {
      const device = pollOf(port(1, { oper: 7 }), { namedPorts: [named] });
      const poll = await device.poll();
      expect(wrongThings(poll)).toEqual(['port:Gi0/1 port-down critical']);
      expect(poll.evaluation?.conditions[0]?.facts.port).toBe(named);
    },
  );

  it('stays as it was when its table breaks off', async () => {
    const ports = Object.assign({}, ...Array.from({ length: 60 }, (_, at) => port(at + 1)));
    const device = pollOf(ports);
    await device.poll();
    device.set(`${IF}.8.55`, 2);
    expect(wrongThings(await device.poll())).toEqual(['port:Gi0/55 port-down warning']);
    device.client.fail = (_, oids) =>
      oids.includes(`${IF}.8.55`) ? { failure: 'timeout', detail: POLL_DETAILS.noReply } : null;
    const poll = await device.poll();
    expect(poll.outcome).toBe('ok');
    expect(poll.detail.en).toContain('ifTable: no reply in time');
    expect(poll.evaluation?.unreadComponents).toContain('port:Gi0/55');
    expect(poll.evaluation?.unreadComponents).not.toContain('port:Gi0/2');
    device.client.fail = null;
    expect(wrongThings(await device.poll())).toEqual(['port:Gi0/55 port-down warning']);
  });
});
