import type { Journal, NewEntry } from '../lib/journal.ts';
import {
  type ChainTail,
  chainEntries,
  EMPTY_CHAIN,
  type StoredEntry,
  toJournalEntry,
} from './chain.ts';

/** A journal that lasts as long as the process: for tests and simulation. It keeps the same contract as the one on disk. */
export function createMemoryJournal<Event>(): Journal<Event> {
  const stored: StoredEntry[] = [];
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
    visitEvents(visit, after = 0) {
      for (const entry of stored.slice(after))
        visit(toJournalEntry<Event>(entry).event, entry.sequence);
    },
    lastSequence: () => tail.sequence,
  };
}
