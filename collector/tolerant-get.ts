import { POLL_DETAILS } from './poll-details.ts';
import type { SnmpAnswer, SnmpError, UnreadObject, Varbind } from './snmp-client.ts';

/** One GET as the device answered it. */
export type GetReply =
  | {
      readonly kind: 'values';
      readonly varbinds: readonly Varbind[];
      readonly rttMs: number;
    }
  /** The device refused one object (RFC 1157 §4.1.2 noSuchName, genErr); `oid` is null when it did not say which. */
  | {
      readonly kind: 'object-refused';
      readonly oid: string | null;
      readonly error: SnmpError;
      readonly rttMs: number;
    }
  | { readonly kind: 'failed'; readonly error: SnmpError; readonly rttMs: number | null };

/** How one GET is done, and who is told of objects in a reply that nobody asked for. */
export interface Getter {
  getOnce(oids: readonly string[]): Promise<GetReply>;
  noteUnasked(objectCount: number): void;
}

/** What has come of the objects asked for so far. */
interface Got {
  readonly values: Map<string, Varbind>;
  readonly unread: UnreadObject[];
  rttMs: number | null;
}

/**
 * GETs several objects although some are refused: SNMPv1 fails the whole request for one missing
 * object. A refused one is left out of the next request; when the device does not say which it was,
 * the request is halved until it shows. Values are taken by the name they carry, and objects that
 * nobody asked for are nothing; a reply that holds no more than half of them is followed by a request
 * for the rest, because some agents cut their replies without a word; an object that is not there (noSuchName) is answered
 * `no-such-instance`, and one that the device leaves out or cannot give is `unread`.
 */
export async function tolerantGet(oids: readonly string[], getter: Getter): Promise<SnmpAnswer> {
  const got: Got = { values: new Map(), unread: [], rttMs: null };
  const error = await getAll(oids, getter, got);
  const { values, unread, rttMs } = got;
  if (error !== null) return { varbinds: [...values.values()], error, rttMs };
  const isUnread = new Set(unread.map(({ oid }) => oid));
  const varbinds = oids.map((oid): Varbind => {
    const type = isUnread.has(oid) ? 'null' : 'no-such-instance';
    return values.get(oid) ?? { oid, type, value: null };
  });
  return unread.length === 0
    ? { varbinds, error: null, rttMs }
    : { varbinds, error: null, rttMs, unread };
}

async function getAll(
  oids: readonly string[],
  getter: Getter,
  got: Got,
): Promise<SnmpError | null> {
  let wanted = oids;
  while (wanted.length > 0) {
    const reply = await getter.getOnce(wanted);
    got.rttMs = reply.rttMs ?? got.rttMs;
    if (reply.kind === 'failed') return reply.error;
    if (reply.kind === 'values') {
      const left = takeValues(wanted, reply.varbinds, getter, got);
      // A reply that holds nothing of what was asked is none; of what is asked once more it says enough.
      if (left.length === oids.length) return OTHER_OBJECTS;
      const isLeftOut = left.length === wanted.length || left.length * 2 < wanted.length;
      if (isLeftOut) for (const oid of left) got.unread.push({ oid, error: LEFT_OUT });
      wanted = isLeftOut ? [] : left;
      continue;
    }
    const culprit = wanted.length === 1 ? wanted[0]! : reply.oid;
    if (culprit === null || !wanted.includes(culprit)) {
      const middle = Math.ceil(wanted.length / 2);
      const error = await getAll(wanted.slice(0, middle), getter, got);
      return error ?? (await getAll(wanted.slice(middle), getter, got));
    }
    const { error } = reply;
    if (error.failure !== 'no-such-name') got.unread.push({ oid: culprit, error });
    wanted = wanted.filter((oid) => oid !== culprit);
  }
  return null;
}

/** Gives what was asked for and not answered. */
function takeValues(
  wanted: readonly string[],
  varbinds: readonly Varbind[],
  getter: Getter,
  got: Got,
): readonly string[] {
  const left = new Set(wanted);
  let unaskedCount = 0;
  for (const varbind of varbinds) {
    if (left.delete(varbind.oid)) got.values.set(varbind.oid, varbind);
    else unaskedCount += 1;
  }
  if (unaskedCount > 0) getter.noteUnasked(unaskedCount);
  return [...left];
}

const OTHER_OBJECTS: SnmpError = { failure: 'bad-response', detail: POLL_DETAILS.otherObjects };

const LEFT_OUT: SnmpError = { failure: 'bad-response', detail: POLL_DETAILS.unfitReply };
