import { describe, expect, it } from 'vitest';
import { explainPlan } from '../../../collector/plan/explain.ts';
import { POLL_DETAILS } from '../../../collector/poll-details.ts';
import type { SnmpError } from '../../../collector/snmp-client.ts';
import { NO_TEXT } from '../../../lib/local-text.ts';
import { pollOf, SYS_UP_TIME, valuesOf } from '../full-poll-fixtures.ts';
import type { Plain } from '../mib-client.ts';

const IF = '1.3.6.1.2.1.2.2.1';
const IFX = '1.3.6.1.2.1.31.1.1.1';
const IF_NUMBER = '1.3.6.1.2.1.2.1.0';
const LAST_CHANGE = '1.3.6.1.2.1.31.1.5.0';
const TIMEOUT: SnmpError = { failure: 'timeout', detail: POLL_DETAILS.noReply };

/** Columns that every switch has, with a 64-bit counter beside each 32-bit one. */
function port(index: number, more: Readonly<Record<string, Plain>> = {}): Record<string, Plain> {
  const values: Record<string, Plain> = {
    [`${IF}.2.${index}`]: `GigabitEthernet0/${index}`,
    [`${IF}.3.${index}`]: 6,
    [`${IF}.7.${index}`]: 1,
    [`${IF}.8.${index}`]: 1,
    [`${IF}.9.${index}`]: 100,
    [`${IFX}.1.${index}`]: `Gi0/${index}`,
    [`${IFX}.15.${index}`]: 1000,
    [`${IFX}.18.${index}`]: '',
    [`${IFX}.19.${index}`]: 0,
  };
  for (const column of [13, 14, 19, 20]) values[`${IF}.${column}.${index}`] = 0;
  for (const column of [10, 16]) values[`${IF}.${column}.${index}`] = 1000;
  for (const column of [6, 10]) values[`${IFX}.${column}.${index}`] = 1000n;
  for (const column of [7, 8, 9, 11, 12, 13]) values[`${IFX}.${column}.${index}`] = 5n;
  return { ...values, ...more };
}

function switchOf(count: number, more: Readonly<Record<string, Plain>> = {}) {
  const ports = Array.from({ length: count }, (_, at) => port(at + 1));
  return pollOf({ [IF_NUMBER]: count, [LAST_CHANGE]: 50, ...Object.assign({}, ...ports), ...more });
}

/** Every GET of the next polls, by the names asked for. */
function watchGets(device: ReturnType<typeof pollOf>): string[][] {
  const gets: string[][] = [];
  device.client.fail = (operation, oids) => {
    if (operation === 'get') gets.push([...oids]);
    return null;
  };
  return gets;
}

describe('a planned poll', () => {
  it('begins every request of counters with sysUpTime, and keeps what dates a rate beside it', async () => {
    const device = switchOf(24);
    await device.poll();
    const gets = watchGets(device);
    const poll = await device.poll();
    expect(poll.detail).toEqual(NO_TEXT);
    expect(gets.length).toBeGreaterThan(3);
    for (const oids of gets) expect(oids[0]).toBe(SYS_UP_TIME);
    for (let index = 1; index <= 24; index += 1) {
      const dated = [`${IFX}.6.${index}`, `${IFX}.10.${index}`, `${IFX}.19.${index}`];
      const requests = dated.map((oid) => gets.findIndex((oids) => oids.includes(oid)));
      expect(requests[0]).toBeGreaterThanOrEqual(0);
      expect(new Set(requests).size).toBe(1);
    }
  });

  it('asks for every instance that changes once, and for the low half of a counter not at all', async () => {
    const device = switchOf(12);
    await device.poll();
    const gets = watchGets(device);
    await device.poll();
    const asked = gets.flat().filter((oid) => oid !== SYS_UP_TIME);
    expect(new Set(asked).size).toBe(asked.length);
    expect(asked).toContain(`${IF}.8.12`);
    expect(asked.filter((oid) => oid.startsWith(`${IF}.10.`))).toEqual([]);
  });

  it('reads each name once in fifteen polls, some in every poll', async () => {
    const device = switchOf(12);
    await device.poll();
    const gets = watchGets(device);
    const namesAsked = () =>
      gets.flat().filter((oid) => oid.startsWith(`${IFX}.1.`) || oid.startsWith(`${IF}.2.`));
    let most = 0;
    for (let polls = 0; polls < 15; polls += 1) {
      const before = namesAsked().length;
      await device.poll();
      most = Math.max(most, namesAsked().length - before);
    }
    expect(new Set(namesAsked()).size).toBe(24);
    expect(most).toBeLessThanOrEqual(6);
  });

  it('finds a row that came when ifTableLastChange moved, and drops one that went', async () => {
    const device = switchOf(3);
    await device.poll();
    for (const [oid, value] of Object.entries(port(4))) device.set(oid, value);
    device.set(IF_NUMBER, 4);
    device.set(LAST_CHANGE, 60);
    const grown = await device.poll();
    expect(grown.evaluation?.ports.map(({ name }) => name)).toContain('Gi0/4');
    for (const oid of Object.keys(port(2))) device.instances.delete(oid);
    const shrunk = await device.poll();
    expect(shrunk.evaluation?.ports.map(({ name }) => name)).toEqual(['Gi0/1', 'Gi0/3', 'Gi0/4']);
    expect(shrunk.detail).toEqual(NO_TEXT);
  });

  it('looks for rows now and then where the device does not tell of them', async () => {
    const device = pollOf({ ...port(1), ...port(2) });
    await device.poll();
    for (const [oid, value] of Object.entries(port(3))) device.set(oid, value);
    let polls = 0;
    while ((await device.poll()).evaluation?.ports.length === 2) polls += 1;
    expect(polls).toBeLessThan(5);
  });

  it('reads the names and speed of a port anew when its ifLastChange moved', async () => {
    const device = switchOf(40);
    for (let polls = 0; polls < 3; polls += 1) await device.poll();
    device.set(`${IFX}.15.30`, 100);
    device.set(`${IF}.9.30`, 2_000_000);
    const poll = await device.poll();
    expect(valuesOf(poll, 'interface_speed_bytes_per_second')['Gi0/30']).toBe(12_500_000);
  });

  it('takes a value by its name, wherever it stands; a missing one is missing', async () => {
    const device = switchOf(3);
    await device.poll();
    const { get } = device.client;
    device.client.get = async (oids, within) => {
      const answer = await get(oids, within);
      return { ...answer, varbinds: answer.varbinds.toReversed() };
    };
    device.set(`${IFX}.6.2`, 7_501_000n);
    const poll = await device.poll();
    expect(valuesOf(poll, 'interface_receive_bytes_total')).toEqual({
      'Gi0/1': 1000,
      'Gi0/2': 7_501_000,
      'Gi0/3': 1000,
    });
  });

  it.each([1, 7, 12])('isolates an object of row %i that silences the agent', async (row) => {
    const device = switchOf(12);
    await device.poll();
    const dead = `${IF}.14.${row}`;
    device.client.fail = (_, oids) => (oids.includes(dead) ? TIMEOUT : null);
    for (let polls = 0; polls < 8; polls += 1) await device.poll();
    const poll = await device.poll();
    expect(poll.outcome).toBe('ok');
    const errors = valuesOf(poll, 'interface_receive_errors_total');
    expect(Object.keys(errors)).toHaveLength(11);
    const explained = explainPlan(device.memory, 64, null);
    expect(explained?.refused.map(({ oid }) => oid)).toEqual([dead]);
    expect(device.memory.batch.size).toBe(80);
  });
});

describe('an agent that is weak', () => {
  it('without GETBULK is walked with GETNEXT, and that is remembered', async () => {
    const device = switchOf(3);
    const { getBulk } = device.client;
    let bulks = 0;
    device.client.getBulk = async (oids, repetitions, within) => {
      if (repetitions === 1) return getBulk(oids, repetitions, within);
      bulks += 1;
      return { varbinds: [], error: { failure: 'bad-response', detail: NO_TEXT }, rttMs: 1 };
    };
    const poll = await device.poll();
    expect(poll.detail).toEqual(NO_TEXT);
    expect(poll.evaluation?.ports).toHaveLength(3);
    expect(device.memory.habits.refusesBulk).toBe(true);
    expect(bulks).toBe(1);
  });

  it('that loses large requests again and again is asked gently, and told so', async () => {
    const device = switchOf(24);
    await device.poll();
    device.client.fail = (_, oids) => (oids.length > 6 ? TIMEOUT : null);
    for (let polls = 0; polls < 2; polls += 1) await device.poll();
    expect(device.memory.habits.gentle).toBe('loses-requests');
    const explained = explainPlan(device.memory, 64, 12);
    expect(explained?.limits.varbinds).toBeLessThanOrEqual(8);
    expect(explained?.learned.map(({ en }) => en).join('; ')).toContain('gently');
  });
});

describe('the explanation of a plan', () => {
  it('says what is read how, why, and what it costs', async () => {
    const device = switchOf(48);
    expect(explainPlan(device.memory, 64, null)).toBeNull();
    for (let polls = 0; polls < 5; polls += 1) await device.poll();
    const explained = explainPlan(device.memory, 64, 3)!;
    for (const { octets, varbinds } of explained.requests) {
      expect(octets).toBeLessThanOrEqual(explained.limits.octets);
      expect(octets).toBeGreaterThan(0.9 * explained.limits.octets);
      expect(varbinds).toBeLessThanOrEqual(explained.limits.varbinds);
    }
    const table = explained.tables.find(({ name }) => name === 'ifTable')!;
    expect(table.rows).toBe(48);
    expect(table.rowChanges.en).toBe('the device tells of every change');
    const careOf = (name: string) => table.columns.find((column) => column.name === name)?.care;
    expect(careOf('ifHCInOctets')).toBe('always');
    expect(careOf('ifInOctets')).toBe('lowHalf');
    expect(careOf('ifName')).toBe('rare');
    expect(careOf('ifMtu')).toBe('nothing');
    expect(explained.rttMs).toBe(3);
    expect(explained.learned).toEqual([]);
  });
});
