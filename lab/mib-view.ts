import { assert } from '../lib/assert.ts';
import { VALUE_TYPE } from './net-snmp.ts';
import { compareOids, encodedOidLength, parseOid } from './oid.ts';

export type InstanceValue = number | string | Buffer;

/** One object instance that an agent can answer. `read` gives undefined while the row does not exist. */
export interface Instance {
  readonly oid: string;
  /** One of VALUE_TYPE. */
  readonly type: number;
  /** `nowMs` is lab time: milliseconds of the monotonic clock. */
  read(nowMs: number): InstanceValue | undefined;
}

export interface AnsweredInstance {
  readonly oid: string;
  readonly type: number;
  readonly value: InstanceValue;
  /** Upper bound of the varbind's size in octets. */
  readonly octets: number;
}

interface Entry {
  readonly instance: Instance;
  readonly parts: readonly number[];
  readonly oidOctets: number;
}

/** Tags and lengths around one varbind: a sequence, an OID and a value, each at most four octets of frame. */
const VARBIND_FRAME_OCTETS = 12;
const NUMBER_OCTETS = 9;

/** The instances of one agent in order, found by exact OID or as the next one. */
export interface MibView {
  /** undefined: no such instance now; `isObject` tells whether anything lives below the same column. */
  get(oid: string, nowMs: number): AnsweredInstance | undefined;
  /** The first existing instance after `oid`, RFC 3416 §4.2.2; undefined at the end of the MIB. */
  next(oid: string, nowMs: number): AnsweredInstance | undefined;
  /** Whether an instance of the same column or scalar exists: noSuchInstance instead of noSuchObject. */
  isObject(oid: string): boolean;
}

/** Sorts the instances; the same OID twice is a bug. */
export function createMibView(instances: readonly Instance[]): MibView {
  const entries = instances.map(entryOf).sort((a, b) => compareOids(a.parts, b.parts));
  const positions = new Map(entries.map((entry, position) => [entry.instance.oid, position]));
  assert(positions.size === entries.length, 'every OID of an agent is there once');
  const objects = new Set(instances.map(({ oid }) => objectOf(oid)));

  const answer = (entry: Entry, nowMs: number): AnsweredInstance | undefined => {
    const value = entry.instance.read(nowMs);
    if (value === undefined) return undefined;
    const valueOctets = typeof value === 'number' ? NUMBER_OCTETS : value.length;
    const octets = VARBIND_FRAME_OCTETS + entry.oidOctets + valueOctets;
    return { oid: entry.instance.oid, type: entry.instance.type, value, octets };
  };

  return {
    get(oid, nowMs) {
      const position = positions.get(oid);
      return position === undefined ? undefined : answer(entries[position]!, nowMs);
    },
    next(oid, nowMs) {
      const known = positions.get(oid);
      let position = known === undefined ? firstAfter(entries, oid) : known + 1;
      for (; position < entries.length; position++) {
        const found = answer(entries[position]!, nowMs);
        if (found !== undefined) return found;
      }
      return undefined;
    },
    isObject: (oid) => objects.has(objectOf(oid)),
  };
}

function entryOf(instance: Instance): Entry {
  const parts = parseOid(instance.oid);
  assert(parts !== null, `an agent's OID is well formed: ${instance.oid}`);
  return { instance, parts, oidOctets: encodedOidLength(parts) };
}

/** The object's own OID: every index of the lab's tables has one part, as has a scalar's `.0`. */
function objectOf(oid: string): string {
  return oid.slice(0, oid.lastIndexOf('.'));
}

function firstAfter(entries: readonly Entry[], oid: string): number {
  const parts = parseOid(oid);
  if (parts === null) return entries.length;
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareOids(entries[middle]!.parts, parts) > 0) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Shorthands for building instances of one agent. */
export const instance = {
  integer: (oid: string, read: Instance['read']): Instance => ({
    oid,
    type: VALUE_TYPE.integer,
    read,
  }),
  text: (oid: string, read: Instance['read']): Instance => ({
    oid,
    type: VALUE_TYPE.octetString,
    read,
  }),
  oid: (oid: string, read: Instance['read']): Instance => ({ oid, type: VALUE_TYPE.oid, read }),
  gauge32: (oid: string, read: Instance['read']): Instance => ({
    oid,
    type: VALUE_TYPE.gauge32,
    read,
  }),
  timeTicks: (oid: string, readMs: (nowMs: number) => number | undefined): Instance => ({
    oid,
    type: VALUE_TYPE.timeTicks,
    read: (nowMs) => ticks(readMs(nowMs)),
  }),
  /** Counts that wrap at 2^32. */
  counter32: (oid: string, readCount: (nowMs: number) => number): Instance => ({
    oid,
    type: VALUE_TYPE.counter32,
    read: (nowMs) => readCount(nowMs) % 2 ** 32,
  }),
  /** Counts as the eight octets that the package wants. */
  counter64: (oid: string, readCount: (nowMs: number) => number): Instance => ({
    oid,
    type: VALUE_TYPE.counter64,
    read: (nowMs) => {
      const octets = Buffer.alloc(8);
      octets.writeBigUInt64BE(BigInt(readCount(nowMs)));
      return octets;
    },
  }),
};

/** RFC 2578 §7.1.8: hundredths of a second, modulo 2^32. */
function ticks(durationMs: number | undefined): number | undefined {
  return durationMs === undefined ? undefined : Math.floor(Math.max(0, durationMs) / 10) % 2 ** 32;
}
