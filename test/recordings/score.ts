import type {
  PoolView,
  ReadingView,
  RecordingExplanation,
} from '../../collector/recording/explain-recording.ts';
import type { RecordedPort } from '../../collector/recording/recorded-ports.ts';
import type { Reference, ReferencePort, ReferenceSensor } from './reference.ts';

/** How many rows of the reference were told the same. */
export interface Tally {
  readonly right: number;
  readonly all: number;
  readonly missed: readonly string[];
}

export interface Score {
  readonly ports: Tally;
  readonly processors: Tally;
  readonly memory: Tally;
  readonly sensors: Tally;
  readonly states: Tally;
}

/** In a cubic metre: the reference counts air in cubic feet. */
const CUBIC_FEET = 35.3147;

/** What the reference calls a class is ours, and a value in its unit. */
const CLASSES: Readonly<
  Record<string, { readonly ours: readonly string[]; readonly perUnit: number }>
> = {
  charge: { ours: ['charge'], perUnit: 100 },
  load: { ours: ['load', 'processor'], perUnit: 100 },
  percent: { ours: ['percent', 'load', 'charge', 'memory'], perUnit: 100 },
  humidity: { ours: ['humidity'], perUnit: 100 },
  runtime: { ours: ['runtime', 'duration'], perUnit: 1 / 60 },
  cooling: { ours: ['power'], perUnit: 1 },
  airflow: { ours: ['airflow'], perUnit: CUBIC_FEET },
  delay: { ours: ['runtime', 'duration'], perUnit: 1 },
  power_consumed: { ours: ['energy'], perUnit: 1 / 3_600_000 },
  power_factor: { ours: ['power-factor'], perUnit: 1 },
  power: { ours: ['power', 'apparent-power'], perUnit: 1 },
  snr: { ours: ['decibel'], perUnit: 1 },
  pressure: { ours: ['pressure'], perUnit: 1 / 1000 },
};

function classOf(name: string) {
  return CLASSES[name] ?? { ours: [name], perUnit: 1 };
}

/** Values alike within this share, or this much. */
const SHARE = 0.02;
const LITTLE = 0.011;

/** Whether two values are the same for whoever compares them. */
export function isAlike(a: number, b: number): boolean {
  return Math.abs(a - b) <= Math.max(LITTLE, Math.abs(b) * SHARE);
}

/** Holds what was understood against the reference, row by row. */
export function scoreOf(told: RecordingExplanation, reference: Reference): Score {
  return {
    ports: tally(reference.ports, (port) => portTrouble(told.ports, port)),
    processors: tally(reference.processors, ({ oid, percent }) => {
      const found = told.processors.filter(
        (one) => one.oid === oid || Math.abs(one.value * 100 - percent) <= 1,
      );
      const isRight = found.some((one) => Math.abs(one.value * 100 - percent) <= 1);
      return isRight ? null : `${oid} ${percent} %`;
    }),
    memory: tally(reference.memory, ({ oids, percent }) =>
      hasPool(told.memory, percent) ? null : `${oids[0]} ${percent} %`,
    ),
    sensors: sensorTally(told.readings, reference.sensors),
    states: stateTally(told.readings, reference.states),
  };
}

function tally<Row>(rows: readonly Row[], trouble: (row: Row) => string | null): Tally {
  const missed = rows.flatMap((row) => trouble(row) ?? []);
  return { right: rows.length - missed.length, all: rows.length, missed };
}

function portTrouble(ports: readonly RecordedPort[], expected: ReferencePort): string | null {
  const port = ports.find(({ ifIndex }) => ifIndex === expected.ifIndex);
  if (port === undefined) return `${expected.ifIndex} is missing`;
  const differing = [
    wordDiffers(port.adminStatus, expected.adminStatus) && 'adminStatus',
    wordDiffers(port.operStatus, expected.operStatus) && 'operStatus',
    (expected.speedBps ?? 0) > 0 && port.speedBps !== expected.speedBps && 'speed',
    countDiffers(port.inOctets, expected.inOctets) && 'inOctets',
    countDiffers(port.outOctets, expected.outOctets) && 'outOctets',
  ].filter(Boolean);
  return differing.length === 0 ? null : `${expected.ifIndex} ${differing.join(', ')}`;
}

/** `lowerLayerDown` is `lower-layer-down`. */
function wordDiffers(told: string, expected: string | null): boolean {
  if (expected === null) return false;
  return told.replace(/-/g, '').toLowerCase() !== expected.toLowerCase();
}

function countDiffers(told: string | null, expected: number | null): boolean {
  // The reference has 0 where there is no counter.
  return expected !== null && expected !== 0 && Number(told) !== expected;
}

function hasPool(pools: readonly PoolView[], percent: number): boolean {
  return pools.some(({ value }) => value !== null && Math.abs(value * 100 - percent) <= 1);
}

/** Joined by OID; what is left by class and value, each reading once. */
function sensorTally(
  readings: readonly ReadingView[],
  expected: readonly ReferenceSensor[],
): Tally {
  const byOid = new Map(readings.map((reading) => [reading.oid, reading]));
  const used = new Set<ReadingView>();
  const agrees = (row: ReferenceSensor, reading: ReadingView) => {
    const { ours, perUnit } = classOf(row.class);
    return ours.includes(reading.class ?? '') && isAlike(reading.value * perUnit, row.value);
  };
  const left = expected.filter((row) => {
    const reading = byOid.get(row.oid);
    if (reading === undefined || !agrees(row, reading)) return true;
    used.add(reading);
    return false;
  });
  return {
    all: expected.length,
    ...missedOf(expected.length, left, (row) => {
      const found = readings.find((reading) => !used.has(reading) && agrees(row, reading));
      if (found !== undefined) used.add(found);
      const other = byOid.get(row.oid);
      const shown =
        other === undefined ? 'not read' : `${other.class} ${other.value} ${other.unit}`;
      return found === undefined
        ? `${row.class} ${row.oid} "${row.title}" ${row.value}: ${shown}`
        : null;
    }),
  };
}

function stateTally(readings: readonly ReadingView[], expected: readonly ReferenceSensor[]): Tally {
  const byOid = new Map(readings.map((reading) => [reading.oid, reading]));
  return tally(expected, (row) => {
    const reading = byOid.get(row.oid);
    if (reading?.state === row.grade) return null;
    const shown = reading === undefined ? 'not read' : `graded ${reading.state}`;
    return `${row.oid} "${row.title}" ${row.value} is ${row.grade}: ${shown}`;
  });
}

function missedOf<Row>(
  all: number,
  left: readonly Row[],
  trouble: (row: Row) => string | null,
): Omit<Tally, 'all'> {
  const missed = left.flatMap((row) => trouble(row) ?? []);
  return { right: all - missed.length, missed };
}

/** Several scores together. */
export function sumOf(scores: readonly Score[]): Score {
  const add = (part: keyof Score): Tally => ({
    right: scores.reduce((sum, score) => sum + score[part].right, 0),
    all: scores.reduce((sum, score) => sum + score[part].all, 0),
    missed: scores.flatMap((score) => score[part].missed),
  });
  return {
    ports: add('ports'),
    processors: add('processors'),
    memory: add('memory'),
    sensors: add('sensors'),
    states: add('states'),
  };
}

/** `93.4 %` of the rows; all of none. */
export function shareOf({ right, all }: Tally): number {
  return all === 0 ? 1 : right / all;
}

/** A line for each device, and one for all. */
export function renderScores(scores: ReadonlyMap<string, Score>): string {
  const parts = ['ports', 'processors', 'memory', 'sensors', 'states'] as const;
  const line = (name: string, score: Score) =>
    [
      name.padEnd(28),
      ...parts.map((part) => {
        const { right, all } = score[part];
        const percent = all === 0 ? '' : `${((right / all) * 100).toFixed(0)}%`;
        return `${part} ${right}/${all} ${percent}`.padEnd(22);
      }),
    ].join(' ');
  const lines = [...scores].map(([name, score]) => line(name, score));
  return [...lines, line('all', sumOf([...scores.values()]))].join('\n');
}
