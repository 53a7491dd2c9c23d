import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** What another system makes of the same recording: a reference, not the truth. */
export interface Reference {
  readonly name: string;
  readonly ports: readonly ReferencePort[];
  readonly processors: readonly { readonly oid: string; readonly percent: number }[];
  readonly memory: readonly { readonly oids: readonly string[]; readonly percent: number }[];
  readonly sensors: readonly ReferenceSensor[];
  readonly states: readonly ReferenceSensor[];
}

export interface ReferencePort {
  readonly ifIndex: number;
  readonly adminStatus: string | null;
  readonly operStatus: string | null;
  readonly speedBps: number | null;
  readonly inOctets: number | null;
  readonly outOctets: number | null;
}

export interface ReferenceSensor {
  readonly oid: string;
  readonly class: string;
  readonly title: string;
  readonly value: number;
  /** Of a state: 0 ok, 1 warning, 2 critical, 3 unknown; null: the reference does not say. */
  readonly grade: number | null;
}

/** Beside the checkout, also beside the folder that a second working tree is in. */
const FOLDERS = ['../../../shared/recordings', '../../../../shared/recordings'];

/** Where the recordings are; null where there are none. */
export const RECORDINGS =
  FOLDERS.map((folder) => resolve(import.meta.dirname, folder)).find((folder) =>
    existsSync(folder),
  ) ?? null;

/** Names of the recordings that have a reference. */
export function recordedDevices(folder: string): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .sort();
}

/** Rows that are physically impossible, as `device oid`, with the value that must not be shown. */
export function knownBad(folder: string): ReadonlyMap<string, number> {
  const lines = readFileSync(join(folder, 'known_bad_expected.csv'), 'utf8').trim().split('\n');
  return new Map(
    lines.slice(1).map((line) => {
      const cells = line.match(/("[^"]*"|[^,]*)(,|$)/g)!.map((cell) => cell.replace(/,$/, ''));
      return [`${cells[0]} ${cells[1]}`, Number(cells[4])];
    }),
  );
}

type Raw = Record<string, unknown>;

/** Reads the reference of one device, without the rows that are known to be bad. */
export function readReference(folder: string, name: string): Reference {
  const file = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as Raw;
  const bad = knownBad(folder);
  const sensors = rowsOf(file, 'sensors', 'sensors').filter(
    (row) => !bad.has(`${name} ${oidOf(row.sensor_oid)}`),
  );
  const grades = new Map(
    rowsOf(file, 'sensors', 'state_indexes').map((row) => [
      `${row.state_name} ${row.state_value}`,
      Number(row.state_generic_value),
    ]),
  );
  const read = sensors.map(
    (row): ReferenceSensor => ({
      oid: oidOf(row.sensor_oid),
      class: String(row.sensor_class),
      title: String(row.sensor_descr),
      value: Number(row.sensor_current),
      grade: grades.get(`${row.sensor_type} ${row.sensor_current}`) ?? null,
    }),
  );
  return {
    name,
    ports: rowsOf(file, 'ports', 'ports').map((row) => ({
      ifIndex: Number(row.ifIndex),
      adminStatus: textOrNull(row.ifAdminStatus),
      operStatus: textOrNull(row.ifOperStatus),
      speedBps: numberOrNull(row.ifSpeed),
      inOctets: numberOrNull(row.ifInOctets),
      outOctets: numberOrNull(row.ifOutOctets),
    })),
    processors: rowsOf(file, 'processors', 'processors').map((row) => ({
      oid: oidOf(row.processor_oid),
      percent: Number(row.processor_usage),
    })),
    memory: rowsOf(file, 'mempools', 'mempools').map((row) => ({
      oids: [row.mempool_perc_oid, row.mempool_used_oid, row.mempool_free_oid].flatMap((oid) =>
        oid ? [oidOf(oid)] : [],
      ),
      percent: Number(row.mempool_perc),
    })),
    sensors: read.filter(
      (row) => row.class !== 'state' && !isLeftOut(row) && !isNothing(name, row),
    ),
    states: read.filter((row) => row.class === 'state' && row.grade !== null),
  };
}

/** Counts of sessions and the like, and power of light of one lane of many. */
function isLeftOut({ class: sensorClass, title }: ReferenceSensor): boolean {
  return sensorClass === 'count' || (sensorClass === 'dbm' && /lane/i.test(title));
}

/**
 * What the reference shows although it is not there: the lines 2 and 3 of a UPS of one line, and no watts at
 * an input at which amperes flow.
 */
const NOTHING: Readonly<Record<string, RegExp>> = {
  netmanplus_204: /^1\.3\.6\.1\.2\.1\.33\.1\.(3\.3|4\.4|5\.3)\.1\.\d+\.[23]$/,
  'eaton-mgeups_93ps': /^1\.3\.6\.1\.2\.1\.33\.1\.3\.3\.1\.5\.[123]$/,
};

function isNothing(name: string, { oid, value }: ReferenceSensor): boolean {
  return value <= 0 && (NOTHING[name]?.test(oid) ?? false);
}

function rowsOf(file: Raw, module: string, list: string): Raw[] {
  const own = file[module] as Raw | undefined;
  const found = own?.discovery ?? own?.poller;
  const rows = typeof found === 'object' && found !== null ? (found as Raw)[list] : undefined;
  if (Array.isArray(rows)) return rows as Raw[];
  const polled = typeof own?.poller === 'object' ? (own.poller as Raw)[list] : undefined;
  return Array.isArray(polled) ? (polled as Raw[]) : [];
}

function oidOf(value: unknown): string {
  return String(value).replace(/^\./, '');
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function numberOrNull(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}
