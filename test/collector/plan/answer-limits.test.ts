import { describe, expect, it } from 'vitest';
import { BatchSize } from '../../../collector/batch-size.ts';
import { POLL_DETAILS } from '../../../collector/poll-details.ts';
import type { SnmpError, Varbind } from '../../../collector/snmp-client.ts';
import { type PolledInTest, pollOf } from '../full-poll-fixtures.ts';
import type { Plain } from '../mib-client.ts';

const TOO_BIG: SnmpError = { failure: 'too-big', detail: POLL_DETAILS.answerTooBig };
const SILENT: SnmpError = { failure: 'timeout', detail: POLL_DETAILS.noReply };
const IF = '1.3.6.1.2.1.2.2.1';
const IFX = '1.3.6.1.2.1.31.1.1.1';
const PORTS = 16;
const FRAME_OCTETS = 64;

/** A switch whose counters move in every poll. */
function switchOf24(): PolledInTest {
  const values: Record<string, Plain> = {};
  for (let port = 1; port <= PORTS; port += 1) {
    for (const column of [3, 7, 8, 11, 13, 14, 17, 19, 20]) values[`${IF}.${column}.${port}`] = 1;
    for (const column of [6, 7, 10, 11]) values[`${IFX}.${column}.${port}`] = 5_000_000_000n;
    values[`${IF}.2.${port}`] = `Gi0/${port}`;
    values[`${IFX}.1.${port}`] = `Gi0/${port}`;
    values[`${IFX}.15.${port}`] = 1000;
  }
  return pollOf(values);
}

/** Octets of a reply with these objects: name, value and their headers, after the frame. */
function replyOctets({ instances }: PolledInTest, oids: readonly string[]): number {
  const octetsOf = ({ oid, value }: Varbind): number => {
    const name = oid.split('.').length - 1;
    const own =
      typeof value === 'bigint' ? 5 : typeof value === 'number' ? (value > 127 ? 3 : 1) : 8;
    return name + own + 6;
  };
  const found = oids.flatMap((oid) => instances.get(oid) ?? []);
  return found.reduce((sum, varbind) => sum + octetsOf(varbind), FRAME_OCTETS);
}

interface PollSeen {
  readonly requests: number;
  readonly failures: number;
}

/** Polls it, and tells of each poll how many GETs it took and how many of them failed. */
async function pollsOf(device: PolledInTest, count: number): Promise<PollSeen[]> {
  const seen: PollSeen[] = [];
  for (let polls = 0; polls < count; polls += 1) {
    const { fail } = device.client;
    let failures = 0;
    device.client.fail = (...asked) => {
      const error = fail?.(...asked) ?? null;
      if (error !== null) failures += 1;
      return error;
    };
    device.client.requests.length = 0;
    const poll = await device.poll();
    expect(poll.outcome).toBe('ok');
    seen.push({ requests: device.client.requests.length, failures });
    device.client.fail = fail;
  }
  return seen;
}

/** It answers GETBULK as far as fits, as most agents do, and GET in so many octets. */
function limitTo(device: PolledInTest, octets: number, error: SnmpError): void {
  device.client.fail = (operation, oids) =>
    operation === 'get' && replyOctets(device, oids) > octets ? error : null;
}

/** As few GETs as its objects fit into. */
function fewest(device: PolledInTest, octets: number): number {
  const oids = [...device.instances.keys()].filter((oid) => !/\.2\.2\.1\.[23]\./.test(oid));
  return Math.ceil((replyOctets(device, oids) - FRAME_OCTETS) / (octets - FRAME_OCTETS));
}

describe('a device with a limit on the octets of a reply', () => {
  it.each([
    [484, TOO_BIG],
    [700, TOO_BIG],
    [1000, TOO_BIG],
    [700, SILENT],
  ])(
    'of %i is soon asked in replies that nearly fill it, whatever it does with more',
    async (octets, error) => {
      const device = switchOf24();
      limitTo(device, octets, error);
      await pollsOf(device, 24);
      const later = await pollsOf(device, 40);
      const usual = later.toSorted((one, other) => one.requests - other.requests)[20]!;
      expect(usual.requests).toBeLessThanOrEqual(Math.ceil(1.25 * fewest(device, octets)));
      expect(later.reduce((sum, { failures }) => sum + failures, 0)).toBeLessThanOrEqual(4);
      expect(device.memory.habits.gentle).toBeNull();
    },
  );

  it('is asked for what it answered in the very next poll', async () => {
    const device = switchOf24();
    limitTo(device, 1000, TOO_BIG);
    const [, limited, next] = await pollsOf(device, 3);
    expect(limited!.failures).toBeGreaterThan(0);
    expect(next!.failures).toBe(0);
    expect(device.memory.batch.octets).toBeGreaterThan(600);
    expect(device.memory.batch.size).toBe(80);
  });
});

describe('a device without a limit', () => {
  it('is asked in as few requests as ever', async () => {
    const polls = await pollsOf(switchOf24(), 45);
    const planned = polls.slice(1).map(({ requests }) => requests);
    expect(planned.reduce((sum, requests) => sum + requests, 0)).toBe(140);
  });
});

describe('the size learned', () => {
  const answered = { varbinds: 19, octets: 430 };
  const failed = { varbinds: 38, octets: 790 };

  it('is a number of objects when a reply was cut behind them, and octets when it was too big', () => {
    const cut = new BatchSize();
    expect(cut.learn({ answered, failed, cameBack: 20 })).toBe(true);
    expect([cut.size, cut.octets]).toEqual([20, 1472]);
    const tooBig = new BatchSize();
    tooBig.learn({ answered, failed, cameBack: null });
    expect([tooBig.size, tooBig.octets]).toEqual([80, 430]);
    tooBig.learn({ answered, failed: { varbinds: 25, octets: 400 }, cameBack: null });
    expect([tooBig.size, tooBig.octets]).toEqual([19, 430]);
  });

  it('is what was answered before, after more was tried in vain', () => {
    const batch = new BatchSize();
    batch.learn({ answered, failed, cameBack: null });
    expect([batch.pollWasClean(), batch.pollWasClean()]).toEqual([false, true]);
    expect([batch.size, batch.octets]).toEqual([80, 1472]);
    batch.learn({ answered, failed: { varbinds: 76, octets: 1460 }, cameBack: null });
    expect([batch.size, batch.octets]).toEqual([80, 430]);
  });
});

describe('a device that is short for a while', () => {
  it('is asked as before a few polls later', async () => {
    const device = switchOf24();
    const healthy = (await pollsOf(device, 6)).at(-1)!;
    expect(device.memory.batch.isReduced).toBe(false);
    limitTo(device, 160, TOO_BIG);
    await pollsOf(device, 2);
    expect(device.memory.batch.isReduced).toBe(true);
    device.client.fail = null;
    const after = await pollsOf(device, 4);
    expect(after.at(-1)!.requests).toBeLessThanOrEqual(healthy.requests);
    expect(device.memory.batch.isReduced).toBe(false);
  });

  it('in the first size is tried ever more rarely when it never gets better', async () => {
    const device = switchOf24();
    limitTo(device, 484, TOO_BIG);
    const polls = await pollsOf(device, 200);
    const failing = polls.flatMap(({ failures }, number) => (failures > 0 ? [number] : []));
    expect(failing.length).toBeLessThanOrEqual(14);
    expect(failing.filter((number) => number >= 100).length).toBeLessThanOrEqual(2);
  });
});
