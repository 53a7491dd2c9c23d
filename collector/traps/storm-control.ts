import { type DurationMs, type EpochMs, MINUTE, SECOND } from '../../lib/time.ts';
import { OTHER_KIND } from './known-traps.ts';

/**
 * Notifications of one kind from one source while they are too many to be recorded one by one. Every
 * source has a budget, and so has every kind of it; what is over goes into a summary, which is handed
 * out after a while. Nothing is dropped: what the bounds below do not keep apart is counted together.
 */
export interface StormSummary {
  readonly deviceId: string | null;
  readonly sourceAddress: string;
  readonly kind: string;
  readonly oid: string;
  count: number;
  readonly firstAt: EpochMs;
  lastAt: EpochMs;
  /** An inform is among them: somebody waits until they are stored. */
  hasInform: boolean;
  /** Settles when they are stored, or cannot be. */
  readonly stored: PromiseWithResolvers<void>;
}

/** Of whom and of what a notification is. */
export interface StormSubject {
  readonly deviceId: string | null;
  readonly sourceAddress: string;
  readonly kind: string;
  readonly oid: string;
}

/** What becomes of one notification: recorded by itself (null), or counted in a summary. */
export type StormVerdict = StormSummary | null;

interface Budget {
  tokens: number;
  filledMs: number;
}

interface KindEntry extends Budget {
  summary: StormSummary | null;
  /** Instant of the monotonic clock at which the summary is due. */
  dueMs: number;
  /** How long the summary gathers: longer while the storm goes on. */
  gatherMs: DurationMs;
}

interface SourceEntry extends Budget {
  readonly kinds: Map<string, KindEntry>;
}

/** In a row, and then one a minute: a UPS on battery says so every minute. */
const KIND_TOKENS = 5;
const KIND_REFILL_MS = MINUTE;
/** Of all kinds together, so that a rare kind is still seen by itself in a storm of another. */
const SOURCE_TOKENS = 30;
const SOURCE_REFILL_MS = 10 * SECOND;
const FIRST_GATHER_MS = 10 * SECOND;
const LONG_GATHER_MS = MINUTE;
/** Whoever waits for an answer must have it before it asks again. */
const INFORM_GATHER_MS = 250;
/** Kinds that are kept apart for one source, and over all sources. */
const MOST_KINDS_OF_SOURCE = 32;
const MOST_ENTRIES = 4_096;

/** The budgets and summaries of all sources. Times are of the monotonic clock unless named `at`. */
export class StormControl {
  readonly #sources = new Map<string, SourceEntry>();
  #entryCount = 0;

  /** How many kinds of how many sources are held; bounded. */
  get size(): number {
    return this.#entryCount;
  }

  /** Takes in one notification. */
  take(subject: StormSubject, isInform: boolean, nowMs: number, at: EpochMs): StormVerdict {
    const { source, entry, kept } = this.#find(subject, nowMs);
    fill(entry, KIND_TOKENS, KIND_REFILL_MS, nowMs);
    fill(source, SOURCE_TOKENS, SOURCE_REFILL_MS, nowMs);
    if (entry.tokens >= 1 && source.tokens >= 1) {
      entry.tokens -= 1;
      source.tokens -= 1;
      return null;
    }
    entry.summary ??= begin(entry, kept, nowMs, at);
    const { summary } = entry;
    summary.count += 1;
    summary.lastAt = at;
    if (isInform && !summary.hasInform) {
      summary.hasInform = true;
      entry.dueMs = Math.min(entry.dueMs, nowMs + INFORM_GATHER_MS);
    }
    return summary;
  }

  /** Hands out the summaries that are due, or all of them; each once. */
  takeDue(nowMs: number, all: boolean = false): StormSummary[] {
    const due: StormSummary[] = [];
    for (const [sourceKey, source] of this.#sources) {
      for (const [kind, entry] of source.kinds) {
        if (entry.summary !== null && (all || entry.dueMs <= nowMs)) {
          due.push(entry.summary);
          entry.summary = null;
          entry.gatherMs = LONG_GATHER_MS;
        } else if (entry.summary === null) this.#forgetIfIdle(source, kind, entry, nowMs);
      }
      fill(source, SOURCE_TOKENS, SOURCE_REFILL_MS, nowMs);
      if (source.kinds.size === 0 && source.tokens >= SOURCE_TOKENS) {
        this.#sources.delete(sourceKey);
      }
    }
    return due;
  }

  #forgetIfIdle(source: SourceEntry, kind: string, entry: KindEntry, nowMs: number): void {
    fill(entry, KIND_TOKENS, KIND_REFILL_MS, nowMs);
    if (entry.tokens < KIND_TOKENS) return;
    source.kinds.delete(kind);
    this.#entryCount -= 1;
  }

  /** The entry that the subject is counted in, and as what. */
  #find(
    subject: StormSubject,
    nowMs: number,
  ): { source: SourceEntry; entry: KindEntry; kept: StormSubject } {
    const { deviceId, sourceAddress, kind, oid } = subject;
    const sourceKey = `${sourceAddress} ${deviceId ?? ''}`;
    let source = this.#sources.get(sourceKey);
    const known = source?.kinds.get(kind === OTHER_KIND ? oid : kind);
    if (source !== undefined && known !== undefined) return { source, entry: known, kept: subject };
    if (source === undefined) {
      source = { tokens: SOURCE_TOKENS, filledMs: nowMs, kinds: new Map() };
      this.#sources.set(sourceKey, source);
    }
    const isFull = this.#entryCount >= MOST_ENTRIES || source.kinds.size >= MOST_KINDS_OF_SOURCE;
    const kept = isFull ? { deviceId, sourceAddress, kind: OTHER_KIND, oid: '' } : subject;
    const key = kept.kind === OTHER_KIND ? kept.oid : kept.kind;
    let entry = source.kinds.get(key);
    if (entry === undefined) {
      entry = newEntry(nowMs);
      source.kinds.set(key, entry);
      this.#entryCount += 1;
    }
    return { source, entry, kept };
  }
}

function newEntry(nowMs: number): KindEntry {
  const budget = { tokens: KIND_TOKENS, filledMs: nowMs };
  return { ...budget, summary: null, dueMs: 0, gatherMs: FIRST_GATHER_MS };
}

function begin(entry: KindEntry, subject: StormSubject, nowMs: number, at: EpochMs): StormSummary {
  entry.dueMs = nowMs + entry.gatherMs;
  const stored = Promise.withResolvers<void>();
  // Most summaries hold no inform, and then nobody waits for this.
  stored.promise.catch(() => {});
  return { ...subject, count: 0, firstAt: at, lastAt: at, hasInform: false, stored };
}

function fill(budget: Budget, most: number, refillMs: DurationMs, nowMs: number): void {
  const gained = Math.floor((nowMs - budget.filledMs) / refillMs);
  if (gained <= 0) return;
  budget.tokens = Math.min(most, budget.tokens + gained);
  budget.filledMs += gained * refillMs;
}
