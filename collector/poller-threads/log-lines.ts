import { LOG_LEVELS, type Logger } from '../../lib/logger.ts';

type Level = 'debug' | 'info' | 'warn' | 'error';

/** Pino's numbers of the levels, ten apart from 20 on. */
const LEVEL_STEP = 10;
const LOWEST_LEVEL = 20;

/** Says in this thread's log what another thread has said: lines of `createLineLogger`. */
export function relayLogLines(log: Logger, lines: readonly string[], droppedCount: number): void {
  for (const line of lines) {
    const { level, msg, ...fields } = JSON.parse(line) as { level: number; msg?: string };
    log[levelOf(level)](fields, msg ?? '');
  }
  if (droppedCount > 0) log.warn({ count: droppedCount }, 'lines of a poller thread are dropped');
}

function levelOf(number: number): Level {
  const name = LOG_LEVELS[(number - LOWEST_LEVEL) / LEVEL_STEP];
  return name === undefined || name === 'silent' ? 'error' : name;
}
