import { join } from 'node:path';
import { apply } from '../alerting/apply.ts';
import type { DomainEvent } from '../alerting/events.ts';
import { emptyState } from '../alerting/state.ts';
import { createLiveLedger } from '../reports/live-ledger.ts';
import { type ChainTail, EMPTY_CHAIN } from './chain.ts';
import {
  type FoldIdentity,
  type FoldSnapshot,
  readSnapshot,
  writeSnapshot,
} from './fold-snapshot.ts';
import { JOURNAL_FILE } from './journal-file.ts';
import { describeError } from './journal-problem.ts';
import { visitProvenHere } from './proven-events.ts';
import { readJournal } from './read-journal.ts';

export type MadeSnapshot =
  | { readonly ok: true; readonly sequence: number }
  | { readonly ok: false; readonly reason: string };

/**
 * Folds the journal of `folder`, from the snapshot that is there if it is one of this journal, and
 * writes the next one, beside a running service. It is made of the entries on the disk, proven by
 * their hashes, not of what a process has in memory. `through`: the last entry to fold; left out:
 * the last there is.
 */
export function makeSnapshot(
  folder: string,
  fold: FoldIdentity,
  through: number = Number.MAX_SAFE_INTEGER,
): MadeSnapshot {
  try {
    const end = endOf(folder, through);
    if (end === null) return { ok: false, reason: 'there is no journal that can be read' };
    const folded = foldProven(folder, fold, end);
    if (folded === null) return { ok: false, reason: 'the journal is not what was written' };
    const reason = writeSnapshot(folder, fold, folded);
    return reason === null ? { ok: true, sequence: end.sequence } : { ok: false, reason };
  } catch (error) {
    return { ok: false, reason: describeError(error) };
  }
}

/** Entry `through`, or the last one before it. */
function endOf(folder: string, through: number): ChainTail | null {
  const opened = readJournal<DomainEvent>(folder);
  if (!opened?.ok) return null;
  using reader = opened.reader;
  const sequence = Math.min(through, reader.lastSequence());
  return { sequence, hash: reader.hashOf(sequence) ?? EMPTY_CHAIN.hash };
}

/** Null where an entry is not what was written. */
function foldProven(folder: string, fold: FoldIdentity, end: ChainTail): FoldSnapshot | null {
  const base = baseOf(folder, fold, end.sequence);
  const engine = base?.engine ?? emptyState();
  const ledger = createLiveLedger(fold.timeZone, base?.ledger);
  const part = { from: base ?? EMPTY_CHAIN, through: end.sequence };
  const isProven = visitProvenHere<DomainEvent>(join(folder, JOURNAL_FILE), part, (event) => {
    apply(engine, event);
    ledger.apply({ event });
  });
  return isProven ? { ...end, engine, ledger: ledger.state } : null;
}

/** The snapshot that is there, where its entry is in this journal and not behind the end. */
function baseOf(folder: string, fold: FoldIdentity, end: number): FoldSnapshot | null {
  const read = readSnapshot(folder, fold);
  if (!read.ok || read.snapshot.sequence > end) return null;
  const opened = readJournal<DomainEvent>(folder);
  if (!opened?.ok) return null;
  using reader = opened.reader;
  return reader.hashOf(read.snapshot.sequence) === read.snapshot.hash ? read.snapshot : null;
}
