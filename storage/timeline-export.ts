import { hash } from 'node:crypto';
import { canonicalJson } from '../lib/canonical-json.ts';
import type { JournalEntry } from '../lib/journal.ts';
import type { EpochMs } from '../lib/time.ts';

/** Written into the file, so that a verifier knows what it reads. */
export const TIMELINE_FORMAT = 'threenines-timeline-1';

/** One entry of the journal, with the hash that the journal chained to it. */
export interface ExportedEntry {
  readonly sequence: number;
  readonly at: EpochMs;
  readonly event: unknown;
  /** Of the journal: found again there under the same sequence. */
  readonly journalHash: string;
  /** Of this file: SHA-256 over the hash before it and this entry. */
  readonly hash: string;
}

/** Everything that happened in an incident, each entry chained to the one before. */
export interface TimelineExport {
  readonly format: typeof TIMELINE_FORMAT;
  readonly incidentId: string;
  readonly exportedAt: EpochMs;
  readonly entries: readonly ExportedEntry[];
  /** The hash of the last entry: kept elsewhere, it proves the whole file. */
  readonly hash: string;
}

export type TimelineVerdict =
  | { readonly ok: true; readonly entries: number; readonly hash: string }
  | { readonly ok: false; readonly sequence: number; readonly reason: string };

/** Chains the entries of one incident, oldest first. */
export function exportTimeline(
  incidentId: string,
  entries: Iterable<JournalEntry<unknown>>,
  exportedAt: EpochMs,
): TimelineExport {
  let previous = startOf(incidentId);
  const chained: ExportedEntry[] = [];
  for (const { sequence, at, event, hash: journalHash } of entries) {
    previous = hashOf(previous, { sequence, at, event, journalHash });
    chained.push({ sequence, at, event, journalHash, hash: previous });
  }
  return { format: TIMELINE_FORMAT, incidentId, exportedAt, entries: chained, hash: previous };
}

/**
 * Proves that no entry of an export was changed, removed, inserted or reordered. `journalHashOf`
 * gives the hash that the journal has under a sequence number, null for none: with it, each entry is
 * also held against the journal it came from.
 */
export function verifyTimeline(
  file: unknown,
  journalHashOf: ((sequence: number) => string | null) | null = null,
): TimelineVerdict {
  if (!isExport(file)) return bad(0, `it is no timeline export (expected ${TIMELINE_FORMAT})`);
  let previous = startOf(file.incidentId);
  let last = 0;
  for (const entry of file.entries) {
    const { sequence, at, event, journalHash } = entry;
    if (sequence <= last) return bad(sequence, `entry ${sequence} follows entry ${last}`);
    last = sequence;
    previous = hashOf(previous, { sequence, at, event, journalHash });
    if (entry.hash !== previous) {
      return bad(sequence, `entry ${sequence} or one before it was changed, removed or inserted`);
    }
    if (journalHashOf !== null && journalHashOf(sequence) !== journalHash) {
      return bad(sequence, `the journal has another entry ${sequence}`);
    }
  }
  if (file.hash !== previous) return bad(last, 'entries at the end are missing');
  return { ok: true, entries: file.entries.length, hash: previous };
}

function hashOf(previous: string, entry: Omit<ExportedEntry, 'hash'>): string {
  return hash('sha256', previous + canonicalJson(entry));
}

function startOf(incidentId: string): string {
  return hash('sha256', `${TIMELINE_FORMAT} ${incidentId}`);
}

function isExport(value: unknown): value is TimelineExport {
  if (value === null || typeof value !== 'object') return false;
  const { format, incidentId, entries, hash: last } = value as Partial<TimelineExport>;
  if (format !== TIMELINE_FORMAT || typeof incidentId !== 'string') return false;
  if (typeof last !== 'string' || !Array.isArray(entries)) return false;
  return entries.every(
    (entry: Partial<ExportedEntry> | null) =>
      Number.isSafeInteger(entry?.sequence) &&
      Number.isSafeInteger(entry?.at) &&
      typeof entry?.hash === 'string' &&
      typeof entry.journalHash === 'string' &&
      entry.event !== undefined,
  );
}

function bad(sequence: number, reason: string): TimelineVerdict {
  return { ok: false, sequence, reason };
}
