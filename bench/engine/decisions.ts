/** A process of its own: the engine decides over polls of 10,000 devices, without a journal. */
import { Engine } from '../../alerting/engine.ts';
import { emptyState } from '../../alerting/state.ts';
import { systemClock } from '../../lib/clock.ts';
import { SECOND } from '../../lib/time.ts';
import { ownCpuSeconds, ownPeakMemoryMb } from '../cpu-time.ts';
import { takeTask, tell } from '../processes.ts';
import { deliverPages, deviceName, largeTopology, observation, PARENT } from './large-network.ts';

export interface DecisionsTask {
  readonly devices: number;
  /** Hang on one parent. */
  readonly behindParent: number;
  /** Fall silent, the parent among them where there are any behind it. */
  readonly failing: number;
}

export interface DecisionsResult {
  readonly observations: number;
  readonly cpuSeconds: number;
  readonly longestTickMs: number;
  readonly events: number;
  readonly incidents: number;
  readonly pages: number;
  readonly memoryMb: number;
}

/** Observations that wait while one decision is made durable. */
const BATCH = 50;
const ROUNDS = 6;
/** All devices are polled once in this long. */
const ROUND_MS = 15 * SECOND;
const WARM_UP_ROUNDS = 3;
const START = Date.UTC(2026, 0, 1);

const task = takeTask<DecisionsTask>();
const engine = new Engine(emptyState());
const ids = [PARENT, ...Array.from({ length: task.devices }, (_, place) => deviceName(place))];
const silent = new Set(
  task.failing === 0 ? [] : ids.slice(task.behindParent > 0 ? 0 : 1, task.failing + 1),
);
let now = START;
let longestTickMs = 0;
let events = 0;
let observations = 0;
engine.tick(
  [
    { kind: 'started', version: 'bench', runId: 'bench' },
    { kind: 'topology', topology: largeTopology(task.devices, task.behindParent) },
  ],
  now,
);

/** One poll of every device, spread over the round as the collector spreads it. */
function round(isFailing: boolean): void {
  const stepMs = (ROUND_MS * BATCH) / ids.length;
  for (let from = 0; from < ids.length; from += BATCH) {
    now += stepMs;
    const batch = ids.slice(from, from + BATCH);
    const inputs = batch.map((id) => ({
      kind: 'observation' as const,
      observation: observation(id, !(isFailing && silent.has(id)), now),
    }));
    const startedMs = systemClock.monotonicMs();
    const result = engine.tick([{ kind: 'lease' }, ...inputs], now);
    longestTickMs = Math.max(longestTickMs, systemClock.monotonicMs() - startedMs);
    events += result.events.length;
    observations += batch.length;
  }
  events += deliverPages(engine, now).length;
}

for (let warmUp = 0; warmUp < WARM_UP_ROUNDS; warmUp += 1) round(false);
longestTickMs = 0;
events = 0;
observations = 0;
const cpuBefore = ownCpuSeconds();
for (let count = 0; count < ROUNDS; count += 1) round(true);
const result: DecisionsResult = {
  observations,
  cpuSeconds: ownCpuSeconds() - cpuBefore,
  longestTickMs,
  events,
  incidents: engine.state.incidents.size,
  pages: engine.state.pages.size,
  memoryMb: ownPeakMemoryMb(),
};
tell(result);
