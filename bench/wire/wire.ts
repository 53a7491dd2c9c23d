import type { Bench, BenchContext } from '../bench.ts';
import { VARBINDS_PER_POLL } from '../network/port-columns.ts';
import { startSimulatedNetwork } from '../network/simulated-network.ts';
import { runForJson, runWorker } from '../processes.ts';
import { compileC, type Found, MEASURED_CORE } from '../programs.ts';
import type { BenchReport, Figure } from '../report.ts';
import { median, noise, ratio } from '../statistics.ts';
import type { PollTally, PollTask } from './poll-task.ts';
import { compareValues } from './same-values.ts';

const DEVICES = 1_000;
const IN_FLIGHT = 200;
const WARM_UP_SECONDS = 1.5;
const PER_THOUSAND = 1_000;
const MICROSECONDS = 1_000_000;

interface Shape {
  readonly columnsAtOnce: number;
  readonly maxRepetitions: number;
}

/** Eleven columns of seven rows fill an Ethernet frame; one column of fifty is what most pollers ask. */
const WIDE: Shape = { columnsAtOnce: 11, maxRepetitions: 7 };
const SINGLE: Shape = { columnsAtOnce: 1, maxRepetitions: 50 };

interface Poller {
  readonly key: string;
  readonly name: string;
  readonly shape: Shape;
  /** Why it cannot run here, or null. */
  readonly missing: string | null;
  poll(task: PollTask): Promise<PollTally>;
}

const worker = (file: string) => (task: PollTask) =>
  runWorker<PollTally>(new URL(file, import.meta.url), task);
const missingOf = (found: Found) => (found.ok ? null : found.why);
const pathOf = (found: Found) => (found.ok ? found.path : '');

function pollersFor({ folder }: BenchContext): Poller[] {
  const sourceOf = (name: string) => new URL(name, import.meta.url).pathname;
  const floor = compileC(sourceOf('./floor-poller.c'), folder);
  const library = compileC(sourceOf('./libnetsnmp-poller.c'), folder, ['netsnmp']);
  const pollFloor = (task: PollTask) =>
    runForJson<PollTally>(pathOf(floor), floorArguments(task), { core: MEASURED_CORE });
  const pollLibrary = (task: PollTask) =>
    runForJson<PollTally>(pathOf(library), libraryArguments(task), { core: MEASURED_CORE });
  const transport = worker('./transport-poller.ts');
  const codec = worker('./codec-poller.ts');
  const ours = { missing: null };
  return [
    { key: 'floorWide', name: 'C floor', shape: WIDE, missing: missingOf(floor), poll: pollFloor },
    { key: 'ownWide', name: 'Threenines', shape: WIDE, ...ours, poll: transport },
    { key: 'codecWide', name: 'Threenines, codec only', shape: WIDE, ...ours, poll: codec },
    { key: 'floor', name: 'C floor', shape: SINGLE, missing: missingOf(floor), poll: pollFloor },
    { key: 'own', name: 'Threenines', shape: SINGLE, ...ours, poll: transport },
    {
      key: 'library',
      name: 'libnetsnmp, asynchronous',
      shape: SINGLE,
      missing: missingOf(library),
      poll: pollLibrary,
    },
    {
      key: 'package',
      name: 'npm net-snmp, subtree',
      shape: SINGLE,
      ...ours,
      poll: worker('./package-poller.ts'),
    },
  ];
}

function floorArguments(task: PollTask): string[] {
  const { port, devices, inFlight, columnsAtOnce, maxRepetitions, seconds } = task;
  const numbers = { p: port, n: devices, w: inFlight, k: columnsAtOnce, r: maxRepetitions };
  const options = { ...numbers, s: Math.ceil(seconds) };
  return Object.entries(options).flatMap(([name, value]) => [`-${name}`, String(value)]);
}

function libraryArguments({ port, devices, inFlight, maxRepetitions, seconds }: PollTask) {
  return [port, devices, inFlight, maxRepetitions, seconds].map(String);
}

/** How much CPU time it takes to poll 48 ports × 22 columns, side by side with what else there is. */
export const wireBench: Bench = {
  name: 'wire',
  title: 'polling 48 ports × 22 columns, CPU time of the poller',
  async run(context) {
    const network = await startSimulatedNetwork(context.folder);
    if ('why' in network)
      return { tables: [], figures: figuresOf(new Map()), notes: [network.why] };
    await using _stop = network;
    const pollers = pollersFor(context);
    const tallies = new Map<string, PollTally[]>(pollers.map(({ key }) => [key, []]));
    const common = { port: network.port, devices: DEVICES, inFlight: IN_FLIGHT };
    const taskOf = (shape: Shape): PollTask => ({
      ...common,
      ...shape,
      warmUpSeconds: WARM_UP_SECONDS,
      seconds: context.seconds,
    });
    for (let round = 1; round <= context.rounds; round += 1) {
      context.progress(`wire: round ${round} of ${context.rounds}`);
      for (const { key, shape, missing, poll } of pollers) {
        if (missing === null) tallies.get(key)!.push(await poll(taskOf(shape)));
      }
    }
    const compared = [await compareValues(taskOf(WIDE)), await compareValues(taskOf(SINGLE))];
    return reportOf(pollers, tallies, compared);
  },
};

type Compared = Awaited<ReturnType<typeof compareValues>>;

function reportOf(
  pollers: readonly Poller[],
  tallies: ReadonlyMap<string, readonly PollTally[]>,
  compared: readonly Compared[],
): BenchReport {
  const rows = pollers.map(({ key, name, shape }) => rowOf(name, shape, tallies.get(key)!));
  const whole = compared.flatMap((each) => ('why' in each ? [] : [each]));
  const sum = (key: 'same' | 'grown' | 'different') =>
    whole.reduce((total, each) => total + each[key], 0);
  const notes = pollers.flatMap(({ name, missing }) =>
    missing === null ? [] : [`${name} is left out: ${missing}`],
  );
  notes.push(
    ...compared.flatMap((each) => ('why' in each ? [each.why] : [])).slice(0, 1),
    ...([...tallies.values()].some((rounds) => rounds.some(({ timeouts }) => timeouts > 0))
      ? ['requests timed out: the machine is too busy for a fair run']
      : []),
  );
  const waited = pollers.filter(({ key }) => {
    const busy = median(tallies.get(key)!.map(busyRatio));
    return busy !== null && busy < LEAST_BUSY_RATIO;
  });
  if (waited.length > 0) {
    notes.push(
      `${waited.length} of ${pollers.length} pollers were not busy all the time: something else ran on the cores, and their figures are too high`,
    );
  }
  if (whole.length > 0) {
    notes.push(
      `compared with snmpbulkwalk, both shapes: ${sum('same')} values the same, ${sum('grown')} live counters grown, ${sum('different')} different`,
    );
  }
  const different = whole.length === 0 ? null : sum('different');
  const columns = [
    'poller',
    'columns × rows',
    'CPU s per 1,000 polls',
    'noise',
    'µs per PDU',
    'PDUs per poll',
    'polls/s',
    'busy',
    'MB',
  ];
  return { tables: [{ columns, rows }], figures: figuresOf(tallies, different), notes };
}

/** A poller that waits is woken for every single answer, and needs more CPU time for each. */
const LEAST_BUSY_RATIO = 0.85;

const busyRatio = ({ cpuSeconds, seconds }: PollTally) => cpuSeconds / seconds;
const cpuPerThousand = ({ cpuSeconds, polls }: PollTally) => (cpuSeconds / polls) * PER_THOUSAND;

function rowOf(name: string, shape: Shape, rounds: readonly PollTally[]) {
  const of = (value: (tally: PollTally) => number) => median(rounds.map(value));
  return [
    name,
    `${shape.columnsAtOnce} × ${shape.maxRepetitions}`,
    of(cpuPerThousand),
    noise(rounds.map(cpuPerThousand)),
    of(({ cpuSeconds, pdus }) => (cpuSeconds / pdus) * MICROSECONDS),
    of(({ pdus, varbinds }) => (pdus / varbinds) * VARBINDS_PER_POLL),
    of(({ polls, seconds }) => polls / seconds),
    of(busyRatio),
    of(({ memoryMb }) => memoryMb),
  ];
}

function figuresOf(
  tallies: ReadonlyMap<string, readonly PollTally[]>,
  different: number | null = null,
): Figure[] {
  const cpu = (key: string) => median((tallies.get(key) ?? []).map(cpuPerThousand));
  return [
    {
      key: 'wire_own_to_c_floor',
      what: 'CPU of codec and transport to the C floor, one column at once',
      value: ratio(cpu('own'), cpu('floor')),
      goal: { atMost: 2.2, unit: '×' },
    },
    {
      key: 'wire_own_to_c_floor_wide',
      what: 'the same, eleven columns at once',
      value: ratio(cpu('ownWide'), cpu('floorWide')),
      goal: { atMost: 2.2, unit: '×' },
    },
    {
      key: 'wire_codec_to_c_floor_wide',
      what: 'CPU of the codec on a bare socket to the C floor',
      value: ratio(cpu('codecWide'), cpu('floorWide')),
      goal: null,
    },
    {
      key: 'wire_own_to_libnetsnmp',
      what: 'CPU to the C library’s asynchronous API',
      value: ratio(cpu('own'), cpu('library')),
      goal: { atMost: 1, unit: '×' },
    },
    {
      key: 'wire_net_snmp_to_own',
      what: 'CPU of npm net-snmp to ours',
      value: ratio(cpu('package'), cpu('own')),
      goal: { atLeast: 8, unit: '×' },
    },
    {
      key: 'wire_values_different',
      what: 'values that differ from snmpbulkwalk’s',
      value: different,
      goal: { atMost: 0, unit: 'values' },
    },
  ];
}
