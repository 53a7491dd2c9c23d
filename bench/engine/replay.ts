/** A process of its own: what the service does with its journal before it is ready. */
import { Registry } from 'prom-client';
import { EngineShell } from '../../alerting/engine-shell.ts';
import type { DomainEvent } from '../../alerting/events.ts';
import { createEngineMetrics } from '../../alerting/self-metrics.ts';
import { systemClock } from '../../lib/clock.ts';
import { silentLogger } from '../../lib/logger.ts';
import { systemRandom } from '../../lib/random.ts';
import { SECOND } from '../../lib/time.ts';
import { createLiveLedger } from '../../reports/live-ledger.ts';
import { openJournal } from '../../storage/open-journal.ts';
import { ownCpuSeconds, ownPeakMemoryMb } from '../cpu-time.ts';
import { takeTask, tell } from '../processes.ts';

export interface ReplayResult {
  readonly events: number;
  readonly openSeconds: number;
  readonly replaySeconds: number;
  readonly cpuSeconds: number;
  readonly memoryMb: number;
}

const { folder } = takeTask<{ readonly folder: string }>();
const startedMs = systemClock.monotonicMs();
const opened = openJournal<DomainEvent>(folder);
if (!opened.ok) throw new Error(opened.problem.message);
using journal = opened.journal;
const openedMs = systemClock.monotonicMs();
const ledger = createLiveLedger('UTC');
const shell = new EngineShell({
  journal,
  clock: systemClock,
  random: systemRandom,
  log: silentLogger,
  metrics: createEngineMetrics(new Registry()),
  version: 'bench',
  onReplay: (event) => ledger.apply({ event }),
  onProbe: () => {},
  onFatal: (error) => {
    throw error;
  },
});
if (shell.state.devices.size === 0) throw new Error('nothing was replayed');
const result: ReplayResult = {
  events: journal.lastSequence(),
  openSeconds: (openedMs - startedMs) / SECOND,
  replaySeconds: (systemClock.monotonicMs() - openedMs) / SECOND,
  cpuSeconds: ownCpuSeconds(),
  memoryMb: ownPeakMemoryMb(),
};
tell(result);
