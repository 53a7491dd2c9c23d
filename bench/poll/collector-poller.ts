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
import { readAgentCounters } from '../network/agent-counters.ts';
import { takeTask, tell } from '../processes.ts';

export interface CollectorTask {
  readonly configFolder: string;
  readonly snmpPort: number;
  readonly inFlight: number;
  readonly warmUpSeconds: number;
  readonly seconds: number;
}

export interface CollectorTally {
  readonly polls: number;
  readonly failures: number;
  /** As the devices counted them. */
  readonly requests: number;
  /** How full their replies were, of one Ethernet frame. */
  readonly fill: number;
  readonly cpuSeconds: number;
  readonly seconds: number;
  readonly memoryMb: number;
  /** Series of one device, and the characters of its text. */
  readonly series: number;
  readonly characters: number;
}

const POLLS_TO_LEARN = 6;
/** UDP payload of one Ethernet frame, which the agent fills at most. */
const FRAME_OCTETS = 1_472;

const task = takeTask<CollectorTask>();
const loaded = loadConfig(task.configFolder, {});
if (loaded.config === null) throw new Error(loaded.problems.map(formatProblem).join('\n'));
const { config } = loaded;
const counts = { polls: 0, failures: 0 };
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
  selfMetrics: createSelfMetrics(new Registry()),
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
// What is learned of a device is learned in its first few polls.
while (counts.polls + counts.failures < POLLS_TO_LEARN * config.devices.length + task.inFlight)
  await delay(systemClock, 100);
await delay(systemClock, task.warmUpSeconds * SECOND);
const agentBefore = await readAgentCounters(task.snmpPort);
const before = { ...counts };
const cpuBefore = ownCpuSeconds();
const startedMs = systemClock.monotonicMs();
await delay(systemClock, task.seconds * SECOND);
const cpuSeconds = ownCpuSeconds() - cpuBefore;
const after = { ...counts };
const seconds = (systemClock.monotonicMs() - startedMs) / SECOND;
const agent = await readAgentCounters(task.snmpPort);
// One of the requests between is the second reading itself.
const requests = agent.requests - agentBefore.requests - 1;
const text = collector.view.renderDevice(config.devices[0]!.id) ?? '';
const tally: CollectorTally = {
  polls: after.polls - before.polls,
  failures: after.failures - before.failures,
  requests,
  fill: (agent.octets - agentBefore.octets) / requests / FRAME_OCTETS,
  cpuSeconds,
  seconds,
  memoryMb: ownPeakMemoryMb(),
  series: text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length,
  characters: text.length,
};
tell(tally);
process.exit(0);
