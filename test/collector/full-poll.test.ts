import { describe, expect, it } from 'vitest';
import { learnedFrom, memoryFrom } from '../../collector/device-memory.ts';
import { parseLearned, renderLearned } from '../../collector/learned-store.ts';
import { POLL_DETAILS } from '../../collector/poll-details.ts';
import type { SnmpError } from '../../collector/snmp-client.ts';
import { NO_TEXT, say } from '../../lib/local-text.ts';
import { pollOf, SYS_UP_TIME, wrongThings } from './full-poll-fixtures.ts';
import type { Plain } from './mib-client.ts';

const IF = '1.3.6.1.2.1.2.2.1';
const ports = (count: number): Record<string, Plain> =>
  Object.fromEntries(
    Array.from({ length: count }, (_, at) => at + 1).flatMap((index) => [
      [`${IF}.2.${index}`, `eth${index}`],
      [`${IF}.7.${index}`, 1],
      [`${IF}.8.${index}`, 1],
    ]),
  );
const TOO_BIG: SnmpError = { failure: 'too-big', detail: POLL_DETAILS.answerTooBig };
const TIMEOUT: SnmpError = { failure: 'timeout', detail: POLL_DETAILS.noReply };

describe('a full poll', () => {
  it('chooses profiles with a reason, and asks again only after a restart', async () => {
    const device = pollOf(ports(2));
    await device.poll();
    const chosen = device.memory.profiles?.map(({ profile, reason }) => [profile.id, reason]);
    const prefix = '1.3.6.1.4.1.9';
    expect(chosen).toEqual([
      ['cisco-ios', say(`sysObjectID begins with ${prefix}`, `sysObjectID 以 ${prefix} 开头`)],
      ['if-mib', say('the device answers 1.3.6.1.2.1.2.2', '设备应答 1.3.6.1.2.1.2.2')],
      ['system', say('applies to every device', '适用于所有设备')],
      ['standard-limits', say('applies to every device', '适用于所有设备')],
    ]);
    const bulkCounts = async () => {
      device.client.requests.length = 0;
      await device.poll();
      return device.client.requests.filter(({ operation }) => operation === 'bulk').length;
    };
    expect(await bulkCounts()).toBe(0);
    device.set(SYS_UP_TIME, 10);
    expect(await bulkCounts()).toBeGreaterThan(1);
    expect(await bulkCounts()).toBe(0);
  });

  it('takes new boots of the SNMPv3 engine for a restart, whatever the uptime says', async () => {
    const counters = { [`${IF}.10.1`]: 1_000_000, [`${IF}.5.1`]: 1_000_000_000 };
    const device = pollOf({ ...ports(1), ...counters });
    let engineBoots = 7;
    const none = { strayCount: 0, lastStray: null, engineTime: null, engineTimeReset: null };
    const facts = { ...none, engineId: '8000000001' };
    device.client.connection = () => ({ ...facts, engineBoots });
    const walkedAnew = async () => {
      device.client.requests.length = 0;
      await device.poll();
      return device.client.requests.some(({ operation }) => operation === 'bulk');
    };
    await device.poll();
    expect(await walkedAnew()).toBe(false);
    const restarts = () => device.count('port_rates_withheld_total', { reason: 'agent-restarted' });
    expect(await restarts()).toBe(0);
    engineBoots = 8;
    expect(await walkedAnew()).toBe(true);
    expect(await restarts()).toBeGreaterThan(0);
    expect(await walkedAnew()).toBe(false);
  });

  it('asks for less when the device cannot answer so much, and remembers', async () => {
    const device = pollOf(ports(40));
    device.client.fail = (_, __, count) => (count > 13 ? TOO_BIG : null);
    const poll = await device.poll();
    expect(poll.outcome).toBe('ok');
    expect(poll.detail).toEqual(NO_TEXT);
    expect(poll.evaluation?.ports).toHaveLength(40);
    await device.poll();
    expect(device.memory.batch.size).toBeLessThanOrEqual(13);
    device.client.requests.length = 0;
    const next = await device.poll();
    expect(next.detail).toEqual(NO_TEXT);
    expect(next.evaluation?.ports).toHaveLength(40);
    expect(device.client.requests.every(({ count }) => count <= 13)).toBe(true);
    expect(await device.count('snmp_batch_reductions_total')).toBe(1);
  });

  it('takes silence after a large request for too large', async () => {
    const device = pollOf(ports(40));
    device.client.fail = (_, __, count) => (count > 30 ? TIMEOUT : null);
    const poll = await device.poll();
    expect(poll.evaluation?.ports).toHaveLength(40);
    expect(poll.detail).toEqual(NO_TEXT);
  });

  it('keeps what it has when a table cannot be read, and says which', async () => {
    const device = pollOf({ ...ports(3), '1.3.6.1.2.1.25.1.1.0': 100 });
    device.client.fail = (operation, oids) =>
      operation === 'bulk' && oids.length > 3 && oids[0]!.startsWith(IF) ? TIMEOUT : null;
    const poll = await device.poll();
    expect(poll.outcome).toBe('ok');
    expect(poll.detail).toEqual({
      en: 'not everything could be read: ifTable: no reply in time',
      'zh-CN': '部分内容未能读取：ifTable：未在时限内应答',
    });
    expect(poll.evaluation?.samples.map(({ metric }) => metric.name)).toContain(
      'threenines_device_host_uptime_seconds',
    );
  });

  it('fails when the device falls silent in its midst', async () => {
    const device = pollOf(ports(90));
    await device.poll();
    let asked = 0;
    device.client.fail = () => {
      asked += 1;
      return asked > 1 ? TIMEOUT : null;
    };
    const poll = await device.poll();
    expect(poll.outcome).toBe('timeout');
    expect(poll.evaluation).toBeNull();
    expect(asked).toBeLessThan(6);
  });

  it.each([
    ['timeout', 'timeout'],
    ['deadline', 'timeout'],
    ['refused', 'refused'],
    ['unreachable', 'unreachable'],
    ['auth-failed', 'auth-failed'],
    ['bad-response', 'bad-response'],
    ['aborted', 'skipped'],
  ] as const)('that fails at once with %s has the outcome %s', async (failure, outcome) => {
    const device = pollOf({});
    device.client.fail = () => ({ failure, detail: POLL_DETAILS.noReply });
    expect((await device.poll()).outcome).toBe(outcome);
  });

  it('stops a column that goes in a circle, and reads the others', async () => {
    const device = pollOf(ports(3));
    const { getBulk } = device.client;
    device.client.getBulk = async (oids, repetitions, within) => {
      const answer = await getBulk(oids, repetitions, within);
      const stuck = { oid: `${IF}.2.1`, type: 'octet-string' as const, value: Buffer.from('loop') };
      const place = oids.findIndex((oid) => oid === `${IF}.2` || oid.startsWith(`${IF}.2.`));
      if (place === -1 || repetitions === 1) return answer;
      return {
        ...answer,
        varbinds: answer.varbinds.map((varbind, at) =>
          at % oids.length === place ? stuck : varbind,
        ),
      };
    };
    const poll = await device.poll();
    expect(poll.outcome).toBe('ok');
    expect(poll.detail.en).toContain('an OID does not increase');
    expect(poll.evaluation?.ports).toHaveLength(3);
    expect(await device.count('snmp_tables_cut_total', { reason: 'not-increasing' })).toBe(1);
  });
});

describe('what was learned', () => {
  it('outlives a restart of the program: a standing fault does not seem to end', async () => {
    const before = pollOf(ports(1));
    await before.poll();
    before.set(`${IF}.8.1`, 2);
    expect(wrongThings(await before.poll())).toEqual(['port:eth1 port-down warning']);
    const text = renderLearned(new Map([['a', learnedFrom(before.memory)]]));
    const after = pollOf({ ...ports(1), [`${IF}.8.1`]: 2 });
    expect(wrongThings(await after.poll())).toEqual([]);
    Object.assign(after.memory, memoryFrom(parseLearned(text)!.get('a')!));
    expect(wrongThings(await after.poll())).toEqual(['port:eth1 port-down warning']);
  });

  it.each(['', 'null', '{}', '{"form":"other"}', '{"form":"collector-learned-1","devices":[]}'])(
    'is not read from %j',
    (text) => {
      expect(parseLearned(text)).toBeNull();
    },
  );

  it('is read without the entries that make no sense', () => {
    const devices = {
      a: { batchSize: 'x' },
      b: { batchSize: 4, seenUp: ['p'], standing: [] },
      c: 7,
    };
    const read = parseLearned(JSON.stringify({ form: 'collector-learned-1', devices }));
    expect([...read!.keys()]).toEqual(['b']);
  });
});
