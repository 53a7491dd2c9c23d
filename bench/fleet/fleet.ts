import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SECOND } from '../../lib/time.ts';
import type { Bench, BenchContext } from '../bench.ts';
import { writeServiceFolder } from '../network/service-folder.ts';
import { startSimulatedNetwork } from '../network/simulated-network.ts';
import { runWorker } from '../processes.ts';
import type { Figure } from '../report.ts';
import { ratio } from '../statistics.ts';
import type { FleetTally, FleetTask } from './paced-collector.ts';

const DEVICES = 10_000;
const FULL_POLL_SECONDS = 30;
/** Every twentieth address of the simulated network never answers. */
const DEAD_EVERY = 20;
/** The first polls of all devices, and dead ones confirmed. */
const WARM_UP_SECONDS = 50;
const SPARE_SECONDS = 60;
const MEMORY_OPTION = '--max-old-space-size=8192';

/** A large network at its ordinary pace: does the collector keep up, and at what cost. */
export const fleetBench: Bench = {
  name: 'fleet',
  title: '10,000 devices × 48 ports, full poll each 30 s, heartbeat each 15 s',
  isLong: true,
  async run(context) {
    const alive = await pollFleet(context, 0);
    const partly = typeof alive === 'string' ? alive : await pollFleet(context, DEAD_EVERY);
    if (typeof alive === 'string' || typeof partly === 'string') {
      return { tables: [], figures: [], notes: [String(alive)] };
    }
    const columns = [
      'devices',
      'of a core',
      'MB',
      'full polls/s',
      'heartbeats/s',
      'failed polls',
      'late polls',
      'latest, s',
      'kernel drops',
    ];
    const rows = [rowOf('all answer', alive), rowOf('5 % dead', partly)];
    return {
      tables: [{ columns, rows }],
      figures: figuresOf(alive, partly, DEVICES * context.scale),
      notes: [
        `the collector alone, in one process; measured for ${FULL_POLL_SECONDS} s after ${WARM_UP_SECONDS} s; late: begun more than 1 s after it was due`,
      ],
    };
  },
};

async function pollFleet(
  { folder, scale, progress }: BenchContext,
  deadEvery: number,
): Promise<FleetTally | string> {
  const network = await startSimulatedNetwork(folder, { hasUps: false, deadEvery });
  if ('why' in network) return network.why;
  await using _stop = network;
  progress(`fleet: ${deadEvery === 0 ? 'all devices answer' : '5 % of the devices are dead'}`);
  const configFolder = writeServiceFolder(folder, {
    devices: Math.round(DEVICES * scale),
    snmpPort: network.port,
    httpPort: 1 + deadEvery,
    heartbeat: '15s',
    fullPoll: `${FULL_POLL_SECONDS}s`,
    concurrency: 1_000,
  });
  const task: FleetTask = {
    configFolder,
    warmUpSeconds: WARM_UP_SECONDS,
    seconds: FULL_POLL_SECONDS,
  };
  const lifeSeconds = WARM_UP_SECONDS + FULL_POLL_SECONDS + SPARE_SECONDS;
  // Awaited here: the network ends with this function.
  return await runWorker<FleetTally>(new URL('./paced-collector.ts', import.meta.url), task, {
    nodeOptions: [MEMORY_OPTION],
    // As the running service does, where a command enables it before it loads anything.
    environment: { NODE_COMPILE_CACHE: join(tmpdir(), 'node-compile-cache') },
    timeoutMs: lifeSeconds * SECOND,
  });
}

const coreShare = ({ cpuSeconds, seconds }: FleetTally) => cpuSeconds / seconds;

function rowOf(name: string, tally: FleetTally) {
  return [
    name,
    coreShare(tally),
    tally.memoryMb,
    tally.fullPolls / tally.seconds,
    tally.heartbeats / tally.seconds,
    tally.failures,
    tally.latePolls,
    tally.latestSeconds,
    tally.kernelDrops,
  ];
}

function figuresOf(alive: FleetTally, partly: FleetTally, devices: number): Figure[] {
  return [
    {
      key: 'fleet_core_share',
      what: 'the collector’s share of a core',
      value: coreShare(alive),
      goal: { atMost: 0.4, unit: 'cores' },
    },
    {
      key: 'fleet_memory_mb',
      what: 'memory',
      value: alive.memoryMb,
      goal: { atMost: 400, unit: 'MB' },
    },
    {
      key: 'fleet_latest_poll_s',
      what: 'the latest poll',
      value: alive.latestSeconds,
      goal: { atMost: 1, unit: 's' },
    },
    {
      key: 'fleet_full_polls_to_due',
      what: 'full polls done to full polls due',
      value: ratio(alive.fullPolls / alive.seconds, devices / FULL_POLL_SECONDS),
      goal: { atLeast: 0.99, unit: '×' },
    },
    {
      key: 'fleet_core_share_with_dead',
      what: 'share of a core with 5 % dead to without',
      value: ratio(coreShare(partly), coreShare(alive)),
      goal: { atMost: 1.05, unit: '×' },
    },
    {
      key: 'fleet_latest_poll_with_dead_s',
      what: 'the latest poll with 5 % dead',
      value: partly.latestSeconds,
      goal: { atMost: 1, unit: 's' },
    },
    {
      key: 'fleet_kernel_drops',
      what: 'datagrams that the kernel dropped',
      value: alive.kernelDrops + partly.kernelDrops,
      goal: { atMost: 0, unit: 'datagrams' },
    },
  ];
}
