/** A process of its own: the collector polls a large network at its ordinary pace. */
import dgram from 'node:dgram';
import { existsSync, writeFileSync } from 'node:fs';
import { Registry } from 'prom-client';
import { readProc } from '../../app/system-world.ts';
import { createCollector } from '../../collector/collector.ts';
import { createSelfMetrics } from '../../collector/self-metrics.ts';
import { loadConfig } from '../../config/load.ts';
import { formatProblem } from '../../config/problem.ts';
import { delay, systemClock } from '../../lib/clock.ts';
import { boundHeapGrowth } from '../../lib/heap-growth.ts';
import { silentLogger } from '../../lib/logger.ts';
import { systemRandom } from '../../lib/random.ts';
import { SECOND } from '../../lib/time.ts';
import { loadNativeUdp } from '../../lib/udp/native-udp.ts';
import { ownCpuSeconds, ownPeakMemoryMb } from '../cpu-time.ts';
import { takeTask, tell } from '../processes.ts';
import { StartUp } from './start-up.ts';

export interface FleetTask {
  readonly configFolder: string;
  /** The longest wait until every device is learned; after that it is measured as it is. */
  readonly mostStartUpSeconds: number;
  readonly seconds: number;
  /** Files that say that this fleet is learned, and those to wait for: all are measured at once. */
  readonly readyFile: string;
  readonly awaitedFiles: readonly string[];
}

/** What it took until no device was to be learned any more. */
export interface StartUpTally {
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** Of polls until then, first ones too. */
  readonly latestSeconds: number;
  /** Devices that were not learned in time. */
  readonly left: number;
}

export interface FleetTally {
  readonly startUp: StartUpTally;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly memoryMb: number;
  readonly fullPolls: number;
  readonly heartbeats: number;
  readonly failures: number;
  /** Polls that began more than a second after they were due. */
  readonly latePolls: number;
  readonly latestSeconds: number;
  readonly kernelDrops: number;
}

const LATE_SECONDS = 1;
const LOOK_EVERY_MS = 100;
/** After the last device is learned, its first turn at the ordinary pace is waited for. */
const SETTLE_SECONDS = 5;

// As the running service does.
boundHeapGrowth();
const task = takeTask<FleetTask>();
const loaded = loadConfig(task.configFolder, {});
if (loaded.config === null) throw new Error(loaded.problems.map(formatProblem).join('\n'));
const { config } = loaded;
const counts = {
  full: 0,
  heartbeat: 0,
  failures: 0,
  latePolls: 0,
  latestSeconds: 0,
  kernelDrops: 0,
};
const startUp = new StartUp(config.devices.length);
const counted = createSelfMetrics(new Registry());
const collector = createCollector({
  clock: systemClock,
  random: systemRandom,
  network: {
    createSocket: (options) => dgram.createSocket(options),
    batchedUdp: loadNativeUdp(),
  },
  config,
  profiles: config.profiles,
  log: silentLogger,
  readProc,
  selfMetrics: {
    ...counted,
    pollStarted(kind, latenessSeconds) {
      counts.latestSeconds = Math.max(counts.latestSeconds, latenessSeconds);
      if (latenessSeconds > LATE_SECONDS) counts.latePolls += 1;
      counted.pollStarted(kind, latenessSeconds);
    },
    kernelDropped(count) {
      counts.kernelDrops += count;
      counted.kernelDropped(count);
    },
  },
  onObservation(observation) {
    const { kind, outcome } = observation;
    counts[kind] += 1;
    if (outcome !== 'ok') counts.failures += 1;
    startUp.note(observation);
  },
});
const startUpTally = await untilLearned();
writeFileSync(task.readyFile, '');
while (!task.awaitedFiles.every((file) => existsSync(file)))
  await delay(systemClock, LOOK_EVERY_MS);
await delay(systemClock, SETTLE_SECONDS * SECOND);
const before = { ...counts };
counts.latestSeconds = 0;
const cpuBefore = ownCpuSeconds();
const startedMs = systemClock.monotonicMs();
await delay(systemClock, task.seconds * SECOND);
const tally: FleetTally = {
  startUp: startUpTally,
  seconds: (systemClock.monotonicMs() - startedMs) / SECOND,
  cpuSeconds: ownCpuSeconds() - cpuBefore,
  memoryMb: ownPeakMemoryMb(),
  fullPolls: counts.full - before.full,
  heartbeats: counts.heartbeat - before.heartbeat,
  failures: counts.failures - before.failures,
  latePolls: counts.latePolls - before.latePolls,
  latestSeconds: counts.latestSeconds,
  kernelDrops: counts.kernelDrops - before.kernelDrops,
};
tell(tally);
process.exit(0);

async function untilLearned(): Promise<StartUpTally> {
  const cpuBefore = ownCpuSeconds();
  const startedMs = systemClock.monotonicMs();
  const untilMs = startedMs + task.mostStartUpSeconds * SECOND;
  collector.start();
  while (startUp.left > 0 && systemClock.monotonicMs() < untilMs) {
    await delay(systemClock, LOOK_EVERY_MS);
  }
  return {
    seconds: (systemClock.monotonicMs() - startedMs) / SECOND,
    cpuSeconds: ownCpuSeconds() - cpuBefore,
    latestSeconds: counts.latestSeconds,
    left: startUp.left,
  };
}
