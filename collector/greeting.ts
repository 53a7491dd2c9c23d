import { SYS_UP_TIME } from './heartbeat.ts';
import { GREETING } from './plan/learn.ts';
import { POLL_DETAILS } from './poll-details.ts';
import type { SnmpAnswer, SnmpError } from './snmp-client.ts';
import { type Reading, readScalars } from './table-reader.ts';

/** Objects of the greeting that an agent is asked for at once when it could not answer all of them. */
const FEW = 2;

/**
 * Asks a device who it is, in one request. An agent that finds this too much, or is silent to it yet
 * answers for a single object, is asked in smaller ones; what it can answer at once is remembered.
 */
export async function greet(reading: Reading): Promise<SnmpAnswer> {
  const { client, batch, bounds, selfMetrics } = reading;
  const oids = GREETING.map(({ oid }) => oid);
  const isKnownWeak = batch.size < oids.length;
  const whole = isKnownWeak ? null : await client.get(oids, bounds);
  if (whole !== null) {
    const { error } = whole;
    if (error === null || !(await mayBeForItsSize(reading, error))) return whole;
    while (batch.size > FEW && batch.reduce()) selfMetrics.batchReduced();
  }
  const read = await readScalars(reading, oids);
  const varbinds = [...read.varbinds.values()];
  if (read.error !== null && varbinds.length === 0) {
    return { varbinds: [], error: whole?.error ?? read.error, rttMs: whole?.rttMs ?? null };
  }
  const unread = [...read.unreadOids].map((oid) => ({ oid, error: read.error! }));
  const all = oids.map(
    (oid) => read.varbinds.get(oid) ?? { oid, type: 'null' as const, value: null },
  );
  return { varbinds: all, error: null, rttMs: read.rttMs, unread };
}

async function mayBeForItsSize(
  { client, bounds }: Reading,
  { failure, detail }: SnmpError,
): Promise<boolean> {
  if (failure === 'too-big') return true;
  // Whatever else is known of a silence explains it.
  if (failure !== 'timeout' || detail !== POLL_DETAILS.noReply) return false;
  return (await client.get([SYS_UP_TIME], bounds)).error === null;
}
