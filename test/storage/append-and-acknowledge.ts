import { openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { openJournal } from '../../storage/open-journal.ts';
import type { TestEvent } from './journal-contract.ts';

// node append-and-acknowledge.ts FOLDER COMMITS: writes the last sequence number of every append that
// resolved into the file "acknowledged" of the folder. Exit code 3: an append, or the start, was refused.
const [folder, commits] = [process.argv[2]!, Number(process.argv[3])];
const acknowledged = openSync(join(folder, 'acknowledged'), 'a');
const opened = openJournal<TestEvent>(folder, { reserveBytes: 0 });
if (!opened.ok) {
  process.stderr.write(`${opened.problem.message}\n`);
  process.exit(3);
}
const { journal } = opened;
for (let commit = 0; commit < commits; commit++) {
  const first = journal.lastSequence() + 1;
  const batch = Array.from({ length: 1 + (first % 3) }, (_, index) => ({
    at: first + index,
    subject: null,
    event: { type: 'noted' as const, text: 'x'.repeat((first * 37) % 1500) },
  }));
  try {
    await journal.append(batch);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exit(3);
  }
  writeSync(acknowledged, `${journal.lastSequence()}\n`);
}
// As a process ends that nobody asks to: nothing is tidied up.
process.kill(process.pid, 'SIGKILL');
