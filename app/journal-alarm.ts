import { createHash } from 'node:crypto';
import { closeSync, futimesSync, openSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInbox } from '../alerting/channels/inbox.ts';
import { consoleLinks } from '../alerting/page-content.ts';
import type { Config } from '../config/model.ts';
import { type Clock, delay } from '../lib/clock.ts';
import type { HttpClient } from '../lib/http-client.ts';
import { say } from '../lib/local-text.ts';
import type { Logger } from '../lib/logger.ts';
import type { MailClient } from '../lib/mail-client.ts';
import { type DurationMs, type EpochMs, MINUTE, SECOND } from '../lib/time.ts';
import { tellDirectly } from './tell-directly.ts';

/** A supervisor starts the service again at once: nobody is told of each time. */
const TELL_AGAIN_MS: DurationMs = 15 * MINUTE;
/** Channels have time-outs of their own; this one is for all of them together. */
const LONGEST_TELLING_MS: DurationMs = 20 * SECOND;
/** Where nothing can be put down of having told, the process lasts so long before it ends. */
const PAUSE_MS: DurationMs = MINUTE;

export interface JournalAlarm {
  readonly config: Config;
  readonly dataFolder: string;
  readonly clock: Clock;
  readonly http: HttpClient;
  readonly mail: MailClient;
  readonly log: Logger;
  /** Folders to put down in that it was told, the first that takes it; left out: the data folder, then the system's temporary one. */
  readonly noteFolders?: readonly string[];
}

/**
 * The second path of a journal that cannot be written or opened: without it the service can prove
 * nothing and stops, so the catch-all is told here and now, past engine and outbox. At most once in
 * a quarter of an hour over restarts; where no disk takes even a note of that, at most once a
 * minute. Resolves when the process may end; never rejects.
 */
export async function tellOfJournal(alarm: JournalAlarm, problem: string): Promise<void> {
  const { config, clock, http, mail, log } = alarm;
  const now = clock.now();
  const notes = notePaths(alarm);
  if (notes.some((path) => wasTold(path, now))) return;
  const finding = {
    subject: 'journal',
    text: say(
      `the service has stopped, and nothing is paged until it runs again: ${problem}`,
      `服务已停止，恢复运行之前不会发出任何通知：${problem}`,
    ),
  };
  const delivery = { http, mail, inbox: createInbox(), linksFor: consoleLinks };
  const telling = tellDirectly({ config, delivery, log }, finding, now);
  const isEnough = new AbortController();
  const taken = await Promise.race([telling, delay(clock, LONGEST_TELLING_MS, isEnough.signal)]);
  isEnough.abort();
  // What nobody took is told again at the next start.
  if (!taken || notes.some((path) => noteTold(path, now))) return;
  await delay(clock, PAUSE_MS);
}

/** The temporary folder serves all data folders of the machine. */
function notePaths({ dataFolder, noteFolders }: JournalAlarm): readonly string[] {
  const folders = noteFolders ?? [dataFolder, tmpdir()];
  const name = createHash('sha256').update(resolve(dataFolder)).digest('hex').slice(0, 16);
  return folders.map((folder) => join(folder, `threenines-told-${name}`));
}

function wasTold(path: string, now: EpochMs): boolean {
  try {
    const sinceMs = now - statSync(path).mtimeMs;
    return sinceMs >= 0 && sinceMs < TELL_AGAIN_MS;
  } catch {
    return false;
  }
}

/** An empty file whose time says it: that takes no room on a full disk. */
function noteTold(path: string, now: EpochMs): boolean {
  try {
    const handle = openSync(path, 'a', 0o600);
    try {
      futimesSync(handle, now / SECOND, now / SECOND);
    } finally {
      closeSync(handle);
    }
    return true;
  } catch {
    return false;
  }
}
