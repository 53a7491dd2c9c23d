/** A process of its own: the collector polls devices as fast as it can. */
import dgram from 'node:dgram';
import { Registry } from 'prom-client';
import { createCollector } from '../../collector/collector.ts';
import { createSelfMetrics } from '../../collector/self-metrics.ts';
import { loadConfig } from '../../config/load.ts';
import { formatProblem } from '../../config/problem.ts';
import { delay, systemClock } from '../../lib/clock.ts';
import { silentLogger } from '../../lib/logger.ts';
import { systemRandom } from '../../lib/random.ts';
import { SECOND } from '../../lib/time.ts';
import { loadNativeUdp } from '../../lib/udp/native-udp.ts';
import { ownCpuSeconds, ownPeakMemoryMb } from '../cpu-time.ts';
import { takeTask, tell } from '../processes.ts';

export interface CollectorTask {
  readonly configFolder: string;
  readonly inFlight: number;
  readonly warmUpSeconds: number;
  readonly seconds: number;
}

export interface CollectorTally {
  readonly polls: number;
  readonly failures: number;
  readonly requests: number;
  readonly cpuSeconds: number;
  readonly seconds: number;
  readonly memoryMb: number;
  /** Series of one device, and the characters of its text. */
  readonly series: number;
  readonly characters: number;
}

const task = takeTask<CollectorTask>();
const loaded = loadConfig(task.configFolder, {});
if (loaded.config === null) throw new Error(loaded.problems.map(formatProblem).join('\n'));
const { config } = loaded;
const counted = createSelfMetrics(new Registry());
const counts = { polls: 0, failures: 0, requests: 0 };
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
  selfMetrics: {
    ...counted,
    requestSent(operation, isRetry) {
      counts.requests += 1;
      counted.requestSent(operation, isRetry);
    },
  },
  onObservation: () => {},
});
let place = 0;

async function keepPolling(): Promise<never> {
  for (;;) {
    const device = config.devices[place++ % config.devices.length]!;
    const observation = await collector.pollNow(device.id);
    if (observation?.outcome === 'ok') counts.polls += 1;
    else counts.failures += 1;
  }
}

collector.start();
for (let count = 0; count < task.inFlight; count += 1) void keepPolling();
// Everything that is learned is learned at the first poll of each device.
while (counts.polls + counts.failures < config.devices.length + task.inFlight)
  await delay(systemClock, 100);
await delay(systemClock, task.warmUpSeconds * SECOND);
const before = { ...counts };
const cpuBefore = ownCpuSeconds();
const startedMs = systemClock.monotonicMs();
await delay(systemClock, task.seconds * SECOND);
const text = collector.view.renderDevice(config.devices[0]!.id) ?? '';
const tally: CollectorTally = {
  polls: counts.polls - before.polls,
  failures: counts.failures - before.failures,
  requests: counts.requests - before.requests,
  cpuSeconds: ownCpuSeconds() - cpuBefore,
  seconds: (systemClock.monotonicMs() - startedMs) / SECOND,
  memoryMb: ownPeakMemoryMb(),
  series: text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length,
  characters: text.length,
};
tell(tally);
process.exit(0);
