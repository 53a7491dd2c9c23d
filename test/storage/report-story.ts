import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type DomainEvent, subjectOf } from '../../alerting/events.ts';
import { type Period, parsePeriod } from '../../reports/period.ts';
import { openJournal } from '../../storage/open-journal.ts';
import { down } from '../reports/ledger-case.ts';
import { health, inOrder, leases, second, started, topology } from '../reports/story.ts';
import { temporaryFolder } from './journal-folder.ts';

export const DAY_SECONDS = 86_400;
export const OPERATOR = { by: 'operator', waitMs: 0 };

/** Adds to the journal in `folder`, as the service does. */
export async function append(folder: string, events: readonly DomainEvent[]): Promise<void> {
  const opened = openJournal<DomainEvent>(folder, { reserveBytes: 0 });
  if (!opened.ok) throw new Error(opened.problem.message);
  using journal = opened.journal;
  const entries = events.map((event) => ({ at: event.at, subject: subjectOf(event), event }));
  await journal.append(entries);
}

export function periodNamed(name: string, timeZone = 'UTC'): Period {
  const parsed = parsePeriod(name, timeZone);
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.period;
}

/** A day in which device a is down for ten minutes, and a little of the day after it. */
export async function journalOfADay(): Promise<string> {
  const folder = temporaryFolder();
  await append(
    folder,
    inOrder(
      [started(-600), topology(-600), health(-590, -595, 'up')],
      leases(-600, DAY_SECONDS + 600),
      down(3600, 4200),
    ),
  );
  return folder;
}

/** The day of the story, asked for so many seconds after its beginning. */
export function request(dataFolder: string, seconds: number) {
  return { dataFolder, period: periodNamed('2026-11-01'), siteId: null, now: second(seconds) };
}

export function unwrap<T>(result: { ok: true; value: T } | { ok: false; message: string }): T {
  if (!result.ok) throw new Error(result.message);
  return result.value;
}

/** Changes a journal behind its back, as somebody with a tool for SQLite files would. */
export function falsify(folder: string, sql: string, ...values: (string | number)[]): void {
  using database = new DatabaseSync(join(folder, 'journal.sqlite'));
  const { changes } = database.prepare(sql).run(...values);
  if (changes === 0) throw new Error('nothing was changed');
}
