import { isOidWithin } from '../oid-octets.ts';
import type { Pdu } from '../pdu-object.ts';
import { type PduView, UNREADABLE } from '../pdu-view.ts';
import { REPORT } from '../tags.ts';

/** What an engine reports instead of an answer (RFC 3414 §5, RFC 3412 §5, RFC 3413 §4). */
export type ReportKind =
  | 'unsupported-security-level'
  | 'not-in-time-window'
  | 'unknown-user-name'
  | 'unknown-engine-id'
  | 'wrong-digest'
  | 'decryption-error'
  | 'unknown-security-model'
  | 'invalid-message'
  | 'unknown-pdu-handler'
  | 'unavailable-context'
  | 'unknown-context'
  /** A report that names nothing of the above. */
  | 'other';

/** usmStats 1.3.6.1.6.3.15.1.1 (RFC 3414 §5). */
const USM_STATS = Uint8Array.of(0x2b, 6, 1, 6, 3, 15, 1, 1);
const USM_KINDS = [
  'unsupported-security-level',
  'not-in-time-window',
  'unknown-user-name',
  'unknown-engine-id',
  'wrong-digest',
  'decryption-error',
] as const satisfies readonly ReportKind[];

export type UsmReportKind = (typeof USM_KINDS)[number];
/** snmpMPDStats 1.3.6.1.6.3.11.2.1 (RFC 3412 §5). */
const MPD_STATS = Uint8Array.of(0x2b, 6, 1, 6, 3, 11, 2, 1);
const MPD_KINDS: readonly ReportKind[] = [
  'unknown-security-model',
  'invalid-message',
  'unknown-pdu-handler',
];
/** snmpTargetObjects 1.3.6.1.6.3.12.1 (RFC 3413 §4.1.2). */
const TARGET_OBJECTS = Uint8Array.of(0x2b, 6, 1, 6, 3, 12, 1);
const TARGET_KINDS: readonly (ReportKind | undefined)[] = [
  undefined,
  undefined,
  undefined,
  'unavailable-context',
  'unknown-context',
];

const TABLES = [
  [USM_STATS, USM_KINDS],
  [MPD_STATS, MPD_KINDS],
  [TARGET_OBJECTS, TARGET_KINDS],
] as const;

/** What the report in a view says; null when it holds another PDU. The first varbind decides. */
export function reportKind(pdu: PduView): ReportKind | null {
  if (pdu.tag !== REPORT) return null;
  if (pdu.count === 0 || pdu.columns.types[0] === UNREADABLE) return 'other';
  const start = pdu.columns.nameStarts[0]!;
  const end = pdu.columns.nameEnds[0]!;
  for (const [root, kinds] of TABLES) {
    if (!isOidWithin(root, pdu.octets, start, end)) continue;
    const object = start + root.length < end ? pdu.octets[start + root.length]! : 0;
    return kinds[object - 1] ?? 'other';
  }
  return 'other';
}

/** The report that we send as authoritative engine; `count` is our counter after this event. */
export function usmReport(kind: UsmReportKind, requestId: number, count: number): Pdu {
  const oid = `1.3.6.1.6.3.15.1.1.${USM_KINDS.indexOf(kind) + 1}.0`;
  const varbinds = [{ oid, type: 'counter32', value: count >>> 0 } as const];
  return { type: 'report', requestId, errorStatus: 0, errorIndex: 0, varbinds };
}
