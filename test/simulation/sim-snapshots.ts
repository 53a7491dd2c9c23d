import { createLiveLedger } from '../../reports/live-ledger.ts';
import { decodeFold, encodeFold } from '../../storage/fold-snapshot.ts';
import { Chance } from './chance.ts';
import type { SimJournal } from './sim-journal.ts';
import type { SimulatedStart } from './simulated-service.ts';

/** How often one is made at a step, and used at a start. */
const MADE_AT = 0.02;
const USED_AT = 0.5;

/**
 * What the journal was folded to at some step, as the disk keeps it: now and then a start goes on from
 * there. It draws by itself, so that a seed plays the same story with it and without.
 */
export class SimSnapshots {
  readonly #journal: SimJournal;
  readonly #chance: Chance;
  readonly #ledger = createLiveLedger('UTC').state;
  #kept: { readonly octets: Uint8Array; readonly sequence: number } | null = null;

  constructor(journal: SimJournal, seed: number) {
    this.#journal = journal;
    this.#chance = new Chance(-seed);
  }

  /** Makes one now and then, of what is durable. */
  step(): void {
    if (!this.#chance.sometimes(MADE_AT)) return;
    const { shadow, texts } = this.#journal;
    const octets = encodeFold({ engine: shadow, ledger: this.#ledger });
    this.#kept = { octets, sequence: texts.length };
  }

  /** Where a start goes on from; null: it folds the whole journal. */
  start(): SimulatedStart | null {
    if (this.#kept === null || !this.#chance.sometimes(USED_AT)) return null;
    const { octets, sequence } = this.#kept;
    return { engine: decodeFold(octets).engine, sequence };
  }
}
