import type { EngineHost } from '../alerting/engine-host.ts';
import type { DomainEvent } from '../alerting/events.ts';
import type { Logger } from '../lib/logger.ts';
import type { World } from '../lib/world.ts';
import { foldDigest } from '../storage/fold-digest.ts';
import {
  type FoldIdentity,
  type FoldSnapshot,
  type ReadSnapshot,
  readSnapshot,
} from '../storage/fold-snapshot.ts';
import { type OpenedJournal, openJournal } from '../storage/open-journal.ts';
import { proveChain } from './chain-proof.ts';
import { keepSnapshots } from './snapshots.ts';

/** How the fold of the journal is kept over a restart. */
export interface KeptFold {
  readonly fold: FoldIdentity;
  /** The snapshot that the start goes on from; null: there is none of this journal. */
  readonly snapshot: FoldSnapshot | null;
  /** Entries, from the first on, whose hashes the start has not proven. */
  readonly unprovenCount: number;
}

export type OpenedFolder =
  | (Extract<OpenedJournal<DomainEvent>, { ok: true }> & { readonly keptFold: KeptFold })
  | Extract<OpenedJournal<DomainEvent>, { ok: false }>;

/**
 * Opens the journal of a data folder with the snapshot that stands for its first entries. A snapshot
 * that is not whole, of another program or of another journal is passed over with a line in the log.
 */
export function openFolder(folder: string, timeZone: string, log: Logger): OpenedFolder {
  const fold = { digest: foldDigest(), timeZone };
  const read = readSnapshot(folder, fold);
  const known = read.ok ? read.snapshot : null;
  const opened = openJournal<DomainEvent>(folder, { known });
  if (!opened.ok) return opened;
  const why = opened.holdsKnown ? null : whyNot(read);
  if (why !== null) log.warn({ why }, 'the snapshot is not used: the whole journal is read');
  const snapshot = opened.holdsKnown ? known : null;
  return { ...opened, keptFold: { fold, snapshot, unprovenCount: opened.unprovenCount } };
}

/** Null where there is no snapshot. */
function whyNot(read: ReadSnapshot): string | null {
  return read.ok ? 'it is of another journal' : read.why;
}

/**
 * Keeps the snapshot near the end of the journal while the service runs, and proves what the start has
 * not. Returns how to stop; does nothing where nothing is kept.
 */
export function keepFold(
  { dataFolder, keptFold, world, log }: KeepFoldOptions,
  host: Pick<EngineHost, 'submit'>,
): () => Promise<void> {
  if (dataFolder === undefined || keptFold === undefined) return async () => {};
  const { fold, snapshot, unprovenCount: through } = keptFold;
  const { clock, journal } = world;
  const from = snapshot?.sequence ?? 0;
  const stops = [
    keepSnapshots({ dataFolder, fold, from, journal, clock, log }),
    proveChain({ dataFolder, through, host, clock, log }),
  ];
  return async () => {
    for (const stop of stops) await stop();
  };
}

interface KeepFoldOptions {
  readonly dataFolder?: string;
  readonly keptFold?: KeptFold;
  readonly world: World<DomainEvent>;
  readonly log: Logger;
}
