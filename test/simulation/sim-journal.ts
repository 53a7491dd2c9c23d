import { apply } from '../../alerting/apply.ts';
import type { DomainEvent } from '../../alerting/events.ts';
import { type EngineState, emptyState } from '../../alerting/state.ts';
import { type Journal, type JournalEntry, JournalError, type NewEntry } from '../../lib/journal.ts';
import type { DurationMs } from '../../lib/time.ts';
import type { SimClock } from './sim-clock.ts';

/** What a dead process waits for. */
const NEVER = new Promise<never>(() => {});

/** What the next append meets. */
export type AppendFate = 'quick' | 'slow' | 'refused' | 'written-and-refused';

interface Pending {
  readonly owner: object;
  readonly texts: readonly string[];
}

/**
 * A disk that outlives processes. Entries are kept as text, as on a real disk; an append under way
 * when the process dies is there as a whole or not at all, as SQLite's log makes it.
 */
export class SimJournal {
  /** Durable entries, oldest first. */
  readonly texts: string[] = [];
  /** The fold over what is durable, from its text. */
  readonly shadow: EngineState = emptyState();
  readonly pageIds = new Set<string>();
  fate: () => AppendFate = () => 'quick';
  onDurable: (events: readonly DomainEvent[]) => void = () => {};
  #pending: Pending | null = null;
  readonly #dead = new WeakSet<object>();
  readonly #clock: SimClock;
  readonly #slowMs: () => DurationMs;

  constructor(clock: SimClock, slowMs: () => DurationMs) {
    this.#clock = clock;
    this.#slowMs = slowMs;
  }

  get isAppending(): boolean {
    return this.#pending !== null;
  }

  /** Whether the health of any device is known, as far as it is durable. */
  get knowsAnyDevice(): boolean {
    return [...this.shadow.devices.values()].some(({ health }) => health !== 'unknown');
  }

  /** The journal as one process has it. */
  openFor(owner: object): Journal<DomainEvent> {
    return {
      append: (entries) => this.#append(owner, entries),
      read: () => this.#read(),
      visitEvents: (visit, after = 0) => {
        for (const { event, sequence } of this.#read(after)) visit(event, sequence);
      },
      lastSequence: () => this.texts.length,
    };
  }

  /** The process died; `keeps`: whether what it was appending is found on the disk. */
  afterKill(owner: object, keeps: boolean): void {
    this.#dead.add(owner);
    const pending = this.#pending;
    this.#pending = null;
    if (pending?.owner === owner && keeps) this.#store(pending.texts);
  }

  /** As if a process had appended it. */
  store(events: readonly DomainEvent[]): void {
    this.#store(events.map((event) => JSON.stringify(event)));
  }

  #append(
    owner: object,
    entries: readonly NewEntry<DomainEvent>[],
  ): Promise<readonly JournalEntry<DomainEvent>[]> {
    if (this.#dead.has(owner)) return NEVER;
    const texts = entries.map(({ event }) => JSON.stringify(event));
    const fate = this.fate();
    if (fate === 'refused') return Promise.reject(new JournalError('no space left'));
    if (fate === 'written-and-refused') {
      this.#store(texts);
      return Promise.reject(new JournalError('input/output error'));
    }
    const finish = () => {
      if (this.#dead.has(owner)) return NEVER;
      const sequence = this.texts.length;
      this.#pending = null;
      this.#store(texts);
      return entries.map((entry, place) => ({
        ...entry,
        event: JSON.parse(texts[place]!) as DomainEvent,
        sequence: sequence + place + 1,
        hash: '',
      }));
    };
    this.#pending = { owner, texts };
    if (fate === 'quick') return Promise.resolve().then(finish);
    return new Promise((resolve) => {
      this.#clock.after(this.#slowMs(), () => resolve(finish()), owner);
    });
  }

  #store(texts: readonly string[]): void {
    const events = texts.map((text) => JSON.parse(text) as DomainEvent);
    for (const [place, event] of events.entries()) {
      this.texts.push(texts[place]!);
      apply(this.shadow, event);
      if (event.type === 'page-queued') this.pageIds.add(event.pageId);
    }
    this.onDurable(events);
  }

  *#read(after = 0): Generator<JournalEntry<DomainEvent>> {
    for (let place = after; place < this.texts.length; place += 1) {
      const event = JSON.parse(this.texts[place]!) as DomainEvent;
      yield { sequence: place + 1, hash: '', at: event.at, subject: null, event };
    }
  }
}

/** A state as text, insertion order and all: what follows from the same events is the same. */
export function plainText(state: EngineState): string {
  return JSON.stringify(state, (_key, value: unknown) =>
    value instanceof Map || value instanceof Set ? [...value] : value,
  );
}
