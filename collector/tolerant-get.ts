import { POLL_DETAILS } from './poll-details.ts';
import type { SnmpAnswer, SnmpError, Varbind } from './snmp-client.ts';

/** One GET as the device answered it. */
export type GetReply =
  | {
      readonly kind: 'values';
      readonly varbinds: readonly Varbind[];
      readonly rttMs: number;
    }
  /** The device refused one object (RFC 1157 §4.1.2 noSuchName, genErr); null when it did not say which. */
  | { readonly kind: 'object-refused'; readonly oid: string | null; readonly rttMs: number }
  | { readonly kind: 'failed'; readonly error: SnmpError; readonly rttMs: number | null };

/**
 * GETs several objects although some are refused: SNMPv1 fails the whole request for one missing
 * object. A refused one is left out of the next request and answered as `no-such-instance`; when
 * the device does not say which it was, the request is halved until it shows.
 */
export async function tolerantGet(
  oids: readonly string[],
  getOnce: (oids: readonly string[]) => Promise<GetReply>,
): Promise<SnmpAnswer> {
  const refused = new Set<string>();
  let wanted = oids;
  let rttMs: number | null = null;
  while (wanted.length > 0) {
    const reply = await getOnce(wanted);
    rttMs = reply.rttMs ?? rttMs;
    if (reply.kind === 'failed') return { varbinds: [], error: reply.error, rttMs };
    if (reply.kind === 'values') return inOrderAsked(oids, reply.varbinds, rttMs);
    const culprit = wanted.length === 1 ? wanted[0]! : reply.oid;
    if (culprit === null || !wanted.includes(culprit)) return getInHalves(oids, refused, getOnce);
    refused.add(culprit);
    wanted = wanted.filter((oid) => oid !== culprit);
  }
  return inOrderAsked(oids, [], rttMs);
}

async function getInHalves(
  oids: readonly string[],
  refused: ReadonlySet<string>,
  getOnce: (oids: readonly string[]) => Promise<GetReply>,
): Promise<SnmpAnswer> {
  const wanted = oids.filter((oid) => !refused.has(oid));
  const middle = Math.ceil(wanted.length / 2);
  const first = await tolerantGet(wanted.slice(0, middle), getOnce);
  if (first.error !== null) return first;
  const second = await tolerantGet(wanted.slice(middle), getOnce);
  if (second.error !== null) return { ...second, varbinds: first.varbinds };
  return inOrderAsked(oids, [...first.varbinds, ...second.varbinds], second.rttMs ?? first.rttMs);
}

function inOrderAsked(
  oids: readonly string[],
  varbinds: readonly Varbind[],
  rttMs: number | null,
): SnmpAnswer {
  const isInOrder = oids.every((oid, place) => varbinds[place]?.oid === oid);
  if (isInOrder && varbinds.length === oids.length) return { varbinds, error: null, rttMs };
  const byOid = new Map(varbinds.map((varbind) => [varbind.oid, varbind]));
  const isAsked = new Set(oids);
  if (varbinds.some((varbind) => !isAsked.has(varbind.oid))) {
    const error: SnmpError = { failure: 'bad-response', detail: POLL_DETAILS.otherObjects };
    return { varbinds: [], error, rttMs };
  }
  return {
    varbinds: oids.map(
      (oid) => byOid.get(oid) ?? { oid, type: 'no-such-instance' as const, value: null },
    ),
    error: null,
    rttMs,
  };
}
