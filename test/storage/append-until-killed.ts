import { openJournal } from '../../storage/open-journal.ts';
import type { TestEvent } from './journal-contract.ts';

// Appends for ever and prints the last sequence number after each append that resolved.
const opened = openJournal<TestEvent>(process.argv[2]!, { reserveBytes: 0 });
if (!opened.ok) throw new Error(opened.problem.message);
const { journal } = opened;
for (;;) {
  const first = journal.lastSequence() + 1;
  const batch = Array.from({ length: 1 + (first % 3) }, (_, index) => ({
    at: first + index,
    subject: null,
    event: { type: 'noted', text: 'x'.repeat(first % 700) },
  }));
  try {
    await journal.append(batch);
  } catch (error) {
    process.stdout.write(`refused ${(error as Error).name}\n`);
    process.exit(3);
  }
  process.stdout.write(`${journal.lastSequence()}\n`);
}
