import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { openJournal } from '../../storage/open-journal.ts';
import type { SqliteJournal } from '../../storage/sqlite-journal.ts';
import type { TestEvent } from './journal-contract.ts';

const folders: string[] = [];
const journals: SqliteJournal<TestEvent>[] = [];

/** A folder of its own that is gone after the test, and every journal opened in it closed before. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'threenines-journal-'));
  folders.push(folder);
  return folder;
}

/** Opens a journal that must open. No disk reserve: the tests are about the journal. */
export function openOrFail(folder: string, largestBytes?: number): SqliteJournal<TestEvent> {
  const opened = openJournal<TestEvent>(folder, {
    reserveBytes: 0,
    ...(largestBytes === undefined ? {} : { largestBytes }),
  });
  if (!opened.ok) throw new Error(opened.problem.message);
  journals.push(opened.journal);
  return opened.journal;
}

export function noted(seconds: number, subject: string | null = null, text = '') {
  return { at: 1_795_000_000_000 + seconds * 1000, subject, event: { type: 'noted', text } };
}

afterEach(() => {
  for (const journal of journals.splice(0)) journal[Symbol.dispose]();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});
