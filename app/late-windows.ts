import type { Topology } from '../alerting/topology.ts';
import type { Problem } from '../config/problem.ts';
import { type EpochMs, formatInstant } from '../lib/time.ts';
import type { LiveLedger } from '../reports/live-ledger.ts';

/** A warning for each maintenance window that has begun and will not count in full, since it was loaded too late. */
export function lateWindowProblems(topology: Topology, ledger: LiveLedger, at: EpochMs): Problem[] {
  return ledger.lateWindows(topology, at).map(({ id, startsAt }) => ({
    file: 'maintenance.yaml',
    line: 0,
    path: '',
    severity: 'warning',
    message: `"${id}" began at ${formatInstant(startsAt)}, before it was loaded as it is now: pages are held back, but reports count the time that was not announced before as it was observed`,
  }));
}
