import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { unknownHabits } from '../../collector/agent-habits.ts';
import { BatchSize } from '../../collector/batch-size.ts';
import { POLL_DETAILS } from '../../collector/poll-details.ts';
import { createSelfMetrics } from '../../collector/self-metrics.ts';
import type { SnmpAnswer, SnmpClient, SnmpError, Varbind } from '../../collector/snmp-client.ts';
import { type Reading, readColumns, readScalars } from '../../collector/table-reader.ts';
import { seededRandom } from '../../lib/random.ts';
import { type Instances, instancesOf, mibClient } from './mib-client.ts';

const TABLE = '1.3.6.1.4.1.64512.1.1';
const COLUMNS = [1, 2, 3, 4].map((column) => ({ name: `c${column}`, oid: `${TABLE}.${column}` }));
const TOO_BIG: SnmpError = { failure: 'too-big', detail: POLL_DETAILS.answerTooBig };

/** Columns with these rows, and something behind them. */
function table(rowsOf: (column: number) => readonly number[]): Instances {
  const cells = COLUMNS.flatMap(({ oid }, place) =>
    rowsOf(place).map((row) => [`${oid}.${row}`, place * 1_000 + row] as const),
  );
  return instancesOf({ ...Object.fromEntries(cells), '1.3.6.1.4.1.64512.2.0': 7 });
}

function readingFrom(client: SnmpClient): Reading {
  return {
    client,
    batch: new BatchSize(),
    habits: unknownHabits(),
    bounds: { deadlineMs: Number.POSITIVE_INFINITY, signal: new AbortController().signal },
    selfMetrics: createSelfMetrics(new Registry()),
  };
}

/** The instances' device, but what it answers to GETBULK is changed on the way. */
function changed(
  instances: Instances,
  change: (varbinds: readonly Varbind[], oids: readonly string[]) => readonly Varbind[],
): SnmpClient {
  const client = mibClient(instances);
  return {
    ...client,
    async getBulk(oids, repetitions, bounds): Promise<SnmpAnswer> {
      const answer = await client.getBulk(oids, repetitions, bounds);
      return { ...answer, varbinds: change(answer.varbinds, oids) };
    },
  };
}

async function namesRead(client: SnmpClient): Promise<{ names: string[]; unread: string[] }> {
  const read = await readColumns(readingFrom(client), COLUMNS);
  expect(read.error === null).toBe(read.unreadColumns.size === 0);
  const names = [...read.cells].flatMap(([name, cells]) =>
    [...cells].map(([index, { oid }]) => {
      expect(oid).toBe(`${COLUMNS.find((column) => column.name === name)!.oid}.${index}`);
      return oid;
    }),
  );
  return { names, unread: [...read.unreadColumns] };
}

describe('columns side by side', () => {
  const random = seededRandom(15);
  const tables = Array.from({ length: 50 }, () =>
    table(() => Array.from({ length: 12 }, (_, row) => row + 1).filter(() => random.next() < 0.4)),
  );
  const allOf = (instances: Instances) =>
    [...instances.keys()].filter((oid) => oid.startsWith(TABLE));

  it('with holes are read whole, and so are they in any order and cut anywhere', async () => {
    for (const instances of tables) {
      const whole = { names: expect.arrayContaining(allOf(instances)), unread: [] };
      const shuffled = changed(instances, (varbinds, oids) => {
        const rounds: Varbind[] = [];
        for (let at = 0; at < varbinds.length; at += oids.length) {
          rounds.push(...varbinds.slice(at, at + oids.length).toReversed());
        }
        return rounds;
      });
      const cut = changed(instances, (varbinds) =>
        varbinds.slice(0, 1 + Math.floor(random.next() * varbinds.length)),
      );
      const one = changed(instances, (varbinds) => varbinds.slice(0, 1));
      for (const client of [mibClient(instances), shuffled, cut, one]) {
        const read = await namesRead(client);
        expect(read).toEqual(whole);
        expect(read.names).toHaveLength(allOf(instances).length);
      }
    }
  });

  it('end nowhere because of what nobody asked for', async () => {
    const instances = table(() => [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    const extra = instances.get('1.3.6.1.4.1.64512.2.0')!;
    const early: Varbind = { ...extra, oid: '1.3.6.1.2.1.1.6.0' };
    // Behind as many rows as were asked for nothing is believed; within them, what came before.
    for (const [more, most] of [
      [[extra], 1_000],
      [[early, extra], 1_000],
      [[early], 6],
      [[early, extra], 6],
      [[early], 5],
    ] as const) {
      const client = changed(instances, (varbinds) => [...varbinds.slice(0, most), ...more]);
      expect(await namesRead(client)).toMatchObject({ names: { length: 40 }, unread: [] });
    }
  });

  it('with one cell too big lose its column, and nothing is asked for less because of it', async () => {
    const instances = table(() => [1, 2, 3]);
    const client = mibClient(instances);
    const big = `${COLUMNS[1]!.oid}.2`;
    const getBulk: SnmpClient['getBulk'] = async (oids, repetitions, bounds) => {
      const answer = await client.getBulk(oids, repetitions, bounds);
      const isTooBig = answer.varbinds.some(({ oid }) => oid === big);
      return isTooBig ? { varbinds: [], error: TOO_BIG, rttMs: 1 } : answer;
    };
    const reading = readingFrom({ ...client, getBulk });
    const read = await readColumns(reading, COLUMNS);
    expect([...read.unreadColumns]).toEqual(['c2']);
    expect(read.error).toEqual(TOO_BIG);
    expect([...read.cells].map(([, cells]) => cells.size)).toEqual([3, 1, 3, 3]);
    expect(reading.batch.isReduced).toBe(false);
  });

  it('that are all too big are given up soon', async () => {
    const client = mibClient(table(() => [1, 2, 3]));
    client.fail = (operation) => (operation === 'bulk' ? TOO_BIG : null);
    const reading = readingFrom(client);
    const read = await readColumns(reading, COLUMNS);
    expect(read).toMatchObject({ error: TOO_BIG });
    expect(read.unreadColumns.size).toBe(COLUMNS.length);
    expect(read.requestCount).toBeLessThanOrEqual(9);
    expect(reading.batch.size).toBe(1);
  });
});

describe('scalars', () => {
  const oids = Array.from({ length: 40 }, (_, place) => `1.3.6.1.4.1.64512.3.${place + 1}.0`);
  const instances = instancesOf(Object.fromEntries(oids.map((oid, place) => [oid, place])));

  it('of which one is too big are read but for it, and nothing is asked for less', async () => {
    const client = mibClient(instances);
    client.fail = (_, asked) => (asked.includes(oids[17]!) ? TOO_BIG : null);
    const reading = readingFrom(client);
    const read = await readScalars(reading, oids);
    expect([...read.unreadOids]).toEqual([oids[17]]);
    expect(read.error).toEqual(TOO_BIG);
    expect(read.varbinds.size).toBe(39);
    expect(reading.batch.isReduced).toBe(false);
    expect(read.requestCount).toBeLessThanOrEqual(12);
  });

  it('of which only a few fit are asked for so from then on', async () => {
    const client = mibClient(instances);
    client.fail = (_, asked) => (asked.length > 8 ? TOO_BIG : null);
    const reading = readingFrom(client);
    expect(await readScalars(reading, oids)).toMatchObject({ error: null });
    expect(reading.batch.size).toBeLessThanOrEqual(8);
  });

  it('that the device leaves out are unread, each for itself', async () => {
    const client = mibClient(instances);
    const error: SnmpError = { failure: 'bad-response', detail: POLL_DETAILS.unfitReply };
    const get: SnmpClient['get'] = async (asked, bounds) => ({
      ...(await client.get(asked, bounds)),
      unread: asked.includes(oids[3]!) ? [{ oid: oids[3]!, error }] : [],
    });
    const read = await readScalars(readingFrom({ ...client, get }), oids);
    expect([...read.unreadOids]).toEqual([oids[3]]);
    expect(read.error).toEqual(error);
    expect(read.varbinds.size).toBe(39);
  });
});
