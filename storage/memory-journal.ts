import type { Journal, NewEntry, Snapshot } from '../lib/journal.ts';
import {
  type ChainTail,
  chainEntries,
  EMPTY_CHAIN,
  type StoredEntry,
  toJournalEntry,
} from './chain.ts';
import { dropOldSnapshots } from './snapshots.ts';

/** A journal that lasts as long as the process: for tests and simulation. It keeps the same contract as the one on disk. */
export function createMemoryJournal<Event>(): Journal<Event> {
  const stored: StoredEntry[] = [];
  let snapshots: Snapshot[] = [];
  let tail: ChainTail = EMPTY_CHAIN;
  return {
    async append(entries: readonly NewEntry<Event>[]) {
      const chained = chainEntries(tail, entries);
      for (const entry of chained) stored.push(entry);
      tail = chained.at(-1) ?? tail;
      return chained.map((entry) => toJournalEntry<Event>(entry));
    },
    *read({ fromSequence = 1, subject, beforeAt = Number.POSITIVE_INFINITY } = {}) {
      const end = stored.length;
      for (let index = Math.max(0, fromSequence - 1); index < end; index++) {
        const entry = stored[index]!;
        if (subject !== undefined && entry.subject !== subject) continue;
        if (entry.at < beforeAt) yield toJournalEntry<Event>(entry);
      }
    },
    visitEvents(visit) {
      for (const entry of stored) visit(toJournalEntry<Event>(entry).event, entry.sequence);
    },
    lastSequence: () => tail.sequence,
    async saveSnapshot(snapshot) {
      snapshots = dropOldSnapshots([
        ...snapshots.filter(
          ({ form, sequence }) => form !== snapshot.form || sequence !== snapshot.sequence,
        ),
        snapshot,
      ]);
    },
    loadSnapshot: (form) =>
      snapshots
        .filter((snapshot) => snapshot.form === form && snapshot.sequence <= tail.sequence)
        .sort((a, b) => b.sequence - a.sequence)[0] ?? null,
  };
}
