import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SECOND } from '../../lib/time.ts';
import type { Bench, BenchContext } from '../bench.ts';
import { writeServiceFolder } from '../network/service-folder.ts';
import { startSimulatedNetwork } from '../network/simulated-network.ts';
import { runWorker } from '../processes.ts';
import type { Figure, Table } from '../report.ts';
import { ratio } from '../statistics.ts';
import type { FleetTally, FleetTask } from './paced-collector.ts';

const DEVICES = 10_000;
const FULL_POLL_SECONDS = 30;
/** Of the whole, in each of two fleets that share a core. */
const SHARE_OF_PAIR = 0.5;
/** Every twentieth address of the simulated network never answers. */
const DEAD_EVERY = 20;
/** The longest start: by then every device has been walked, and polled along what was learned. */
const MOST_START_UP_SECONDS = 300;
const SPARE_SECONDS = 90;
/** A fleet that is polled less often than it is due shows no share of anything. */
const LEAST_DONE_TO_DUE = 0.95;
const MEMORY_OPTION = '--max-old-space-size=8192';

interface Fleet {
  readonly name: string;
  readonly devices: number;
  /** 0: all answer. */
  readonly deadEvery: number;
  readonly tally: FleetTally;
}

/** A large network at its ordinary pace: does the collector keep up, and at what cost. */
export const fleetBench: Bench = {
  name: 'fleet',
  title: '10,000 devices × 48 ports, full poll each 30 s, heartbeat each 15 s',
  isLong: true,
  async run(context) {
    const devices = Math.round(DEVICES * context.scale);
    const half = Math.round(devices * SHARE_OF_PAIR);
    context.progress('fleet: all devices answer');
    const [whole] = await pollFleets(context, [[devices, 0]]);
    context.progress('fleet: two halves at once, in one of them 5 % of the devices are dead');
    const pair = await pollFleets(context, [
      [half, 0],
      [half, DEAD_EVERY],
    ]);
    const [alive, partly] = pair;
    if (whole === undefined || alive === undefined || partly === undefined) {
      return { tables: [], figures: [], notes: ['the simulated network does not start'] };
    }
    const fleets = [whole, ...pair];
    return {
      tables: [steadyTable(fleets), startUpTable(fleets)],
      figures: [...figuresOf(whole), ...figuresOfDead(alive, partly)],
      notes: [
        `the collector alone, in one process on one core; measured for ${FULL_POLL_SECONDS} s once every device has been walked and polled along what was learned; late: begun more than 1 s after it was due`,
        'both halves are polled and measured at the same time on the same core, each by a process of its own',
        ...fleets.flatMap(notesOf),
      ],
    };
  },
};

/** Polls these fleets at once, each in a process of its own; empty when there is no network to poll. */
async function pollFleets(
  context: BenchContext,
  kinds: readonly (readonly [devices: number, deadEvery: number])[],
): Promise<Fleet[]> {
  const { folder } = context;
  await using networks = new AsyncDisposableStack();
  const readyFileOf = (deadEvery: number) => join(folder, `ready-${kinds.length}-${deadEvery}`);
  const awaitedFiles = kinds.map(([, deadEvery]) => readyFileOf(deadEvery));
  const lifeSeconds = MOST_START_UP_SECONDS + FULL_POLL_SECONDS + SPARE_SECONDS;
  const started: Promise<Fleet>[] = [];
  for (const [devices, deadEvery] of kinds) {
    const network = await startSimulatedNetwork(folder, { hasUps: false, deadEvery, lifeSeconds });
    if ('why' in network) return [];
    networks.use(network);
    const configFolder = writeServiceFolder(folder, {
      devices,
      snmpPort: network.port,
      httpPort: 1 + deadEvery,
      heartbeat: '15s',
      fullPoll: `${FULL_POLL_SECONDS}s`,
      concurrency: 1_000,
    });
    const task: FleetTask = {
      configFolder,
      mostStartUpSeconds: MOST_START_UP_SECONDS,
      seconds: FULL_POLL_SECONDS,
      readyFile: readyFileOf(deadEvery),
      awaitedFiles,
    };
    const name = `${devices}, ${deadEvery === 0 ? 'all answer' : '5 % dead'}`;
    const polled = runWorker<FleetTally>(new URL('./paced-collector.ts', import.meta.url), task, {
      nodeOptions: [MEMORY_OPTION],
      // As the running service does, where a command enables it before it loads anything.
      environment: { NODE_COMPILE_CACHE: join(tmpdir(), 'node-compile-cache') },
      timeoutMs: lifeSeconds * SECOND,
    });
    started.push(polled.then((tally) => ({ name, devices, deadEvery, tally })));
  }
  // Awaited here: the networks end with this function.
  return await Promise.all(started);
}

const coreShare = ({ tally }: Fleet) => tally.cpuSeconds / tally.seconds;

function doneToDue({ devices, deadEvery, tally }: Fleet): number {
  const answering = deadEvery === 0 ? devices : devices * (1 - 1 / deadEvery);
  return tally.fullPolls / tally.seconds / (answering / FULL_POLL_SECONDS);
}

function steadyTable(fleets: readonly Fleet[]): Table {
  return {
    columns: [
      'devices',
      'of a core',
      'MB',
      'full polls/s',
      'done to due',
      'heartbeats/s',
      'failed polls',
      'late polls',
      'latest, s',
      'kernel drops',
    ],
    rows: fleets.map((fleet) => {
      const { name, tally } = fleet;
      return [
        name,
        coreShare(fleet),
        tally.memoryMb,
        tally.fullPolls / tally.seconds,
        doneToDue(fleet),
        tally.heartbeats / tally.seconds,
        tally.failures,
        tally.latePolls,
        tally.latestSeconds,
        tally.kernelDrops,
      ];
    }),
  };
}

function startUpTable(fleets: readonly Fleet[]): Table {
  return {
    columns: ['start-up', 's', 'CPU s', 'CPU ms each device', 'latest poll, s', 'not learned'],
    rows: fleets.map(({ name, devices, tally: { startUp } }) => [
      name,
      startUp.seconds,
      startUp.cpuSeconds,
      (startUp.cpuSeconds * 1000) / devices,
      startUp.latestSeconds,
      startUp.left,
    ]),
  };
}

function notesOf({ name, tally: { startUp } }: Fleet): string[] {
  if (startUp.left === 0) return [];
  return [`${name}: ${startUp.left} devices were still to be learned when it was measured`];
}

function figuresOf(whole: Fleet): Figure[] {
  const { tally } = whole;
  return [
    {
      key: 'fleet_core_share',
      what: 'the collector’s share of a core',
      value: coreShare(whole),
      goal: { atMost: 0.4, unit: 'cores' },
    },
    {
      key: 'fleet_memory_mb',
      what: 'memory',
      value: tally.memoryMb,
      goal: { atMost: 400, unit: 'MB' },
    },
    {
      key: 'fleet_latest_poll_s',
      what: 'the latest poll',
      value: tally.latestSeconds,
      goal: { atMost: 1, unit: 's' },
    },
    {
      key: 'fleet_full_polls_to_due',
      what: 'full polls done to full polls due',
      value: doneToDue(whole),
      goal: { atLeast: 0.99, unit: '×' },
    },
    {
      key: 'fleet_start_up_s',
      what: 'start until every device is learned, s',
      value: tally.startUp.left === 0 ? tally.startUp.seconds : null,
      goal: null,
    },
    {
      key: 'fleet_start_up_cpu_ms',
      what: 'the same, CPU ms each device',
      value: (tally.startUp.cpuSeconds * 1000) / whole.devices,
      goal: null,
    },
  ];
}

function figuresOfDead(alive: Fleet, partly: Fleet): Figure[] {
  const isFair = [alive, partly].every((fleet) => doneToDue(fleet) >= LEAST_DONE_TO_DUE);
  return [
    {
      key: 'fleet_core_share_with_dead',
      what: 'share of a core with 5 % dead to without',
      value: isFair ? ratio(coreShare(partly), coreShare(alive)) : null,
      goal: { atMost: 1.05, unit: '×' },
    },
    {
      key: 'fleet_latest_poll_with_dead_s',
      what: 'the latest poll with 5 % dead',
      value: isFair ? partly.tally.latestSeconds : null,
      goal: { atMost: 1, unit: 's' },
    },
    {
      key: 'fleet_kernel_drops',
      what: 'datagrams that the kernel dropped',
      value: alive.tally.kernelDrops + partly.tally.kernelDrops,
      goal: { atMost: 0, unit: 'datagrams' },
    },
  ];
}
