import { createHash } from 'node:crypto';
import { closeSync, futimesSync, openSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInbox } from '../alerting/channels/inbox.ts';
import { consoleLinks } from '../alerting/page-content.ts';
import type { Config } from '../config/model.ts';
import { type Clock, delay } from '../lib/clock.ts';
import type { HttpClient } from '../lib/http-client.ts';
import { type LocalText, say } from '../lib/local-text.ts';
import type { Logger } from '../lib/logger.ts';
import type { MailClient } from '../lib/mail-client.ts';
import { type DurationMs, type EpochMs, MINUTE, SECOND } from '../lib/time.ts';
import { tellDirectly } from './tell-directly.ts';

/** While it lasts it is told again so often, and not more often, however often the service starts. */
const TELL_AGAIN_MS: DurationMs = 15 * MINUTE;
/** What nobody took is tried again so soon. */
const TRY_AGAIN_MS: DurationMs = MINUTE;
/** Channels have time-outs of their own; this one is for all of them together. */
const LONGEST_TELLING_MS: DurationMs = 20 * SECOND;
/** Where nothing can be put down of having told, a process that ends over it lasts so long before. */
const PAUSE_MS: DurationMs = MINUTE;
const SUBJECT = 'journal';

export interface JournalAlarmOptions {
  /** As it is in force: who is told. */
  readonly getConfig: () => Config;
  readonly dataFolder: string;
  readonly clock: Clock;
  readonly http: HttpClient;
  readonly mail: MailClient;
  readonly log: Logger;
  /** Folders to put down in that it was told, the first that takes it; left out: the data folder, then the system's temporary one. */
  readonly noteFolders?: readonly string[];
}

/** Since when, and when last, people were told, on the wall clock. */
interface Told {
  readonly since: EpochMs;
  readonly at: EpochMs;
}

/**
 * The second path of a journal that cannot be written or opened: without it the service can prove
 * nothing and pages nobody, so the catch-all is told here and now, past engine and outbox.
 *
 *   well ──tell──▶ told (a note of it on disk outlives the process) ──tellOver──▶ well
 *
 * Told is once, and again every quarter of an hour while it lasts. Never rejects.
 */
export class JournalAlarm {
  readonly #options: JournalAlarmOptions;
  readonly #notes: readonly string[];
  /** Of this process; where no disk takes a note, all there is. */
  #told: Told | null = null;
  #triedMs: DurationMs | null = null;
  #telling: Promise<boolean> | null = null;

  constructor(options: JournalAlarmOptions) {
    this.#options = options;
    const { dataFolder, noteFolders } = options;
    // The temporary folder serves all data folders of the machine.
    const name = createHash('sha256').update(resolve(dataFolder)).digest('hex').slice(0, 16);
    const folders = noteFolders ?? [dataFolder, tmpdir()];
    this.#notes = folders.map((folder) => join(folder, `threenines-told-${name}`));
  }

  /** Whether somebody was told of it, by this process or an earlier one, and not yet that it is over. */
  get isTold(): boolean {
    return this.#lastTold() !== null;
  }

  /** Tells that nothing is paged any more and why, unless that is told already. Resolves when it has. */
  async tell(problem: string): Promise<void> {
    const { clock } = this.#options;
    const now = clock.now();
    const last = this.#lastTold();
    const sinceMs = last === null ? null : now - last.at;
    if (sinceMs !== null && sinceMs >= 0 && sinceMs < TELL_AGAIN_MS) return;
    if (!this.#mayTry()) return;
    const text = say(
      `the service records nothing and pages nobody until this is mended: ${problem}`,
      `服务无法记录，修复之前不会发出任何通知：${problem}`,
    );
    const since = last?.since ?? now;
    if (!(await this.#send(text, since, false))) return;
    this.#told = { since, at: now };
    this.#notes.some((path) => putDown(path, now));
  }

  /** As `tell`, before the process ends: where no disk takes a note of having told, it is kept for a minute. */
  async tellAndEnd(problem: string): Promise<void> {
    await this.tell(problem);
    const isNoted = this.#notes.some((path) => noted(path) !== null);
    if (this.#told !== null && !isNoted) await delay(this.#options.clock, PAUSE_MS);
  }

  /** Tells whoever was told that it is over; nothing where nobody was. Until somebody takes it, it may be called again. */
  async tellOver(): Promise<void> {
    const last = this.#lastTold();
    if (last === null || !this.#mayTry()) return;
    const text = say(
      'the journal is written again: what fell due meanwhile is paged late, what was not watched counts as unknown',
      '日志已恢复写入：期间到期的通知将补发，未监测的时段计为未知',
    );
    if (!(await this.#send(text, last.since, true))) return;
    this.#told = null;
    this.#triedMs = null;
    for (const path of this.#notes) remove(path);
  }

  /** One message at a time, and what nobody takes not again and again. */
  #mayTry(): boolean {
    if (this.#telling !== null) return false;
    const nowMs = this.#options.clock.monotonicMs();
    if (this.#triedMs !== null && nowMs - this.#triedMs < TRY_AGAIN_MS) return false;
    this.#triedMs = nowMs;
    return true;
  }

  /** Whether somebody took it. */
  async #send(text: LocalText, since: EpochMs, isOver: boolean): Promise<boolean> {
    const { getConfig, clock, http, mail, log } = this.#options;
    const delivery = { http, mail, inbox: createInbox(), linksFor: consoleLinks };
    const news = { finding: { subject: SUBJECT, text }, since, isOver };
    const isEnough = new AbortController();
    this.#telling = Promise.race([
      tellDirectly({ config: getConfig(), delivery, log }, news, clock.now()).then(
        (count) => count > 0,
      ),
      delay(clock, LONGEST_TELLING_MS, isEnough.signal).then(() => false),
    ]).catch(() => false);
    const isTaken = await this.#telling;
    isEnough.abort();
    this.#telling = null;
    // The end is told as soon as it has come, whenever the start was.
    if (isTaken) this.#triedMs = null;
    return isTaken;
  }

  #lastTold(): Told | null {
    if (this.#told !== null) return this.#told;
    const times = this.#notes.flatMap((path) => noted(path) ?? []);
    const at = times.length === 0 ? null : Math.max(...times);
    return at === null ? null : { since: at, at };
  }
}

/** When it was told; null: never, or that is over. */
function noted(path: string): EpochMs | null {
  try {
    return statSync(path).mtimeMs;
  } catch {
    return null;
  }
}

/** An empty file whose time says it: that takes no room on a full disk. */
function putDown(path: string, at: EpochMs): boolean {
  try {
    const handle = openSync(path, 'a', 0o600);
    try {
      futimesSync(handle, at / SECOND, at / SECOND);
    } finally {
      closeSync(handle);
    }
    return true;
  } catch {
    return false;
  }
}

function remove(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // It says that it was told for a little longer than it was so.
  }
}
