import type { EpochMs } from './time.ts';

/** What is handed in: one fact, when it was decided, and what it is about (an incident, a device, or null). */
export interface NewEntry<Event> {
  readonly at: EpochMs;
  readonly subject: string | null;
  readonly event: Event;
}

/** What stands in the journal. `sequence` counts from 1 without gaps; `hash` chains over all entries before. */
export interface JournalEntry<Event> extends NewEntry<Event> {
  readonly sequence: number;
  readonly hash: string;
}

/** Where a journal ends: how many entries it has, and the hash of the last, which covers all of them. */
export interface JournalTail {
  readonly entries: number;
  readonly hash: string;
}

/** Which entries to read: all by default, oldest first. */
export interface JournalRange {
  /** First sequence number wanted. */
  readonly fromSequence?: number;
  /** Only entries of this subject. */
  readonly subject?: string;
  /** Only entries decided before this instant. */
  readonly beforeAt?: EpochMs;
}

/**
 * The append-only, hash-chained log that is the truth of the service. Everything else is a fold
 * over it. An effect happens only after the entries that decided it are durable.
 */
export interface Journal<Event> {
  /**
   * Appends all entries or none and resolves when they are durable (fsynced). Rejects with
   * JournalError when that is not certain: the caller must then stop and restart from disk.
   */
  append(entries: readonly NewEntry<Event>[]): Promise<readonly JournalEntry<Event>[]>;
  read(range?: JournalRange): Iterable<JournalEntry<Event>>;
  /**
   * Hands every event after entry `after` over (left out: all), oldest first, with its sequence
   * number: the events of `read`, at a fraction of its cost.
   */
  visitEvents(visit: (event: Event, sequence: number) => void, after?: number): void;
  /** 0 when the journal is empty. */
  lastSequence(): number;
}

/** The journal could not prove that an append is durable. It may be there or not; only a restart from disk can tell. */
export class JournalError extends Error {
  override name = 'JournalError';
}
