import { readFileSync, writeSync } from 'node:fs';
import type { DomainEvent } from '../../alerting/events.ts';
import type { NewEntry } from '../../lib/journal.ts';
import type { FoldIdentity } from '../../storage/fold-snapshot.ts';
import { makeSnapshot } from '../../storage/make-snapshot.ts';
import { openJournal } from '../../storage/open-journal.ts';

/** The story to append, and which fold its snapshots are of: read from a file, which is quicker than to decide it. */
export interface SnapshotStory {
  readonly fold: FoldIdentity;
  readonly entries: readonly NewEntry<DomainEvent>[];
}

// node append-and-snapshot.ts FOLDER STORY BATCH: appends a story, a snapshot after each batch, and prints
// what became of each as a line of JSON. Exit code 3: an append, or the start, was refused.
const [folder, file, batch] = [process.argv[2]!, process.argv[3]!, Number(process.argv[4])];
const opened = openJournal<DomainEvent>(folder, { reserveBytes: 0 });
if (!opened.ok) process.exit(3);
const { journal } = opened;
const { fold, entries } = JSON.parse(readFileSync(file, 'utf8')) as SnapshotStory;
for (let from = journal.lastSequence(); from < entries.length; from = journal.lastSequence()) {
  try {
    await journal.append(entries.slice(from, from + batch));
  } catch {
    process.exit(3);
  }
  const made = makeSnapshot(folder, fold);
  writeSync(1, `${JSON.stringify({ acknowledged: journal.lastSequence(), made })}\n`);
}
