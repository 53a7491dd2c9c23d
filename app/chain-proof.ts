import { join } from 'node:path';
import type { EngineHost } from '../alerting/engine-host.ts';
import type { CancelTimer, Clock } from '../lib/clock.ts';
import { say } from '../lib/local-text.ts';
import type { Logger } from '../lib/logger.ts';
import { startTaskThread, type TaskThread } from '../lib/task-thread.ts';
import { type DurationMs, SECOND } from '../lib/time.ts';
import type { ChainWatchTask } from '../storage/chain-watch-thread.ts';
import { JOURNAL_FILE } from '../storage/journal-file.ts';
import type { ChainVerdict } from '../storage/verify-chain.ts';

const THREAD = new URL('../storage/chain-watch-thread.ts', import.meta.url);
/** Pages that fell due meanwhile, and the first polls, go first. */
const BEGIN_AFTER_MS: DurationMs = 30 * SECOND;
/** A fifth of a core: of a million entries all are proven within half a minute. */
const PAUSE_RATIO = 4;
const HEAP_MB = 256;

export interface ChainProofOptions {
  readonly dataFolder: string;
  /** Entries to prove, from the first on. */
  readonly through: number;
  readonly host: Pick<EngineHost, 'submit'>;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * Proves after a start what the start itself has not proven: the hash chain from the first entry on.
 * One that is broken is an incident, until a later start finds it whole. Returns how to stop.
 */
export function proveChain(options: ChainProofOptions): () => Promise<void> {
  const { dataFolder, through, host, clock, log } = options;
  let thread: TaskThread<ChainVerdict> | null = null;
  let cancel: CancelTimer = () => {};
  const tell = (verdict: ChainVerdict) => {
    if (verdict.ok) {
      host.submit({ kind: 'journal-proof', findings: [] });
      return;
    }
    const { sequence, reason } = verdict;
    log.error({ sequence, reason }, 'the journal is not what was written');
    host.submit({ kind: 'journal-proof', findings: [finding(verdict)] });
  };
  const prove = async () => {
    const task: ChainWatchTask = {
      ...{ file: join(dataFolder, JOURNAL_FILE), through, pauseRatio: PAUSE_RATIO },
    };
    thread = startTaskThread(THREAD, task, { maxOldGenerationSizeMb: HEAP_MB });
    try {
      const verdict = await thread.result;
      if (thread !== null) tell(verdict);
    } catch (error) {
      if (thread !== null) log.error({ error: String(error) }, 'the journal was not proven');
    }
    thread = null;
  };
  cancel = clock.after(through === 0 ? 0 : BEGIN_AFTER_MS, () => {
    // A small journal was proven as a whole before the service was ready.
    if (through === 0) tell({ ok: true, entries: 0 });
    else void prove();
  });
  return async () => {
    cancel();
    const running = thread;
    thread = null;
    await running?.stop();
  };
}

function finding({ sequence, reason }: Extract<ChainVerdict, { ok: false }>) {
  return {
    subject: 'journal',
    text: say(
      `the journal is damaged at entry ${sequence}: ${reason}; keep the folder as it is and restore a backup`,
      `日志自第 ${sequence} 条起与写入时不一致；请保持数据目录原样并恢复备份`,
    ),
  };
}
