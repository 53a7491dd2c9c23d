import type { JournalEntry } from '../lib/journal.ts';
import type { DomainEvent } from './events.ts';
import type { Command, CommandOutcome, Input } from './inputs.ts';
import type { EngineState } from './state.ts';

/** The running engine as the rest of the program uses it. */
export interface EngineHost {
  /** The live state, to read only. */
  readonly state: EngineState;
  /** Hands in what was seen; decided and durable soon after. Never throws. */
  submit(input: Input): void;
  /** The same, and resolves when what it led to is durable; rejects when the journal cannot tell. */
  record(input: Input): Promise<void>;
  /** Resolves when what the command led to is durable. */
  command(command: Command): Promise<CommandOutcome>;
  /** Called with every durable entry, in order. Returns how to stop. */
  subscribe(listener: (entries: readonly JournalEntry<DomainEvent>[]) => void): () => void;
}
