import type { Config } from '../config/model.ts';
import { type DurationMs, HOUR } from '../lib/time.ts';

/** What `reports.after` is where nothing is sent by itself. */
const DEFAULT_WAIT_MS = 6 * HOUR;

/** How long after the end of a period its report is frozen at the earliest, by whomever. */
export function freezeWaitMs({ reports }: Pick<Config, 'reports'>): DurationMs {
  return reports?.afterMs ?? DEFAULT_WAIT_MS;
}
