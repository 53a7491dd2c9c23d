import { SECOND } from '../../lib/time.ts';
import { cpuSecondsOf } from '../cpu-time.ts';
import { runProgram } from '../processes.ts';
import { findProgram, OTHER_CORE } from '../programs.ts';

const MICROSECONDS = 1_000_000;
const MICROSECONDS_PER_MS = 1_000;
const TIMEOUT_SECONDS = 20;

export interface ScrapeTask {
  readonly kind: 'service' | 'exporter';
  readonly httpPort: number;
  readonly snmpPort: number;
  readonly devices: number;
  readonly module: string;
  /** Scrapes under way at once. */
  readonly connections: number;
  readonly seconds: number;
  /** Whose CPU time counts. */
  readonly pid: number;
}

export interface ScrapeTally {
  readonly scrapes: number;
  readonly seconds: number;
  readonly octetsEach: number;
  readonly medianMs: number;
  readonly p99Ms: number;
  readonly errors: number;
  readonly cpuSeconds: number;
}

/** Scrapes device after device with wrk, from the core that is not measured. */
export async function scrape(task: ScrapeTask): Promise<ScrapeTally> {
  const wrk = findProgram('wrk');
  if (!wrk.ok) throw new Error(wrk.why);
  const args = [
    ...['-t1', `-c${task.connections}`, `-d${Math.ceil(task.seconds)}s`],
    ...['--timeout', `${TIMEOUT_SECONDS}s`],
    ...['-s', new URL('./scrape.lua', import.meta.url).pathname],
    `http://127.0.0.1:${task.httpPort}`,
  ];
  const cpuBefore = cpuSecondsOf(task.pid);
  const printed = await runProgram(wrk.path, args, {
    core: OTHER_CORE,
    timeoutMs: (task.seconds + 2 * TIMEOUT_SECONDS) * SECOND,
    environment: {
      SCRAPE: task.kind,
      DEVICES: String(task.devices),
      SNMP_PORT: String(task.snmpPort),
      MODULE: task.module,
    },
  });
  const cpuSeconds = cpuSecondsOf(task.pid) - cpuBefore;
  const line = /^RESULT (.*)$/m.exec(printed)?.[1];
  if (line === undefined) throw new Error(`wrk said: ${printed}`);
  const [scrapes, duration, octets, medianUs, p99Us, errors] = line.split(' ').map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return {
    scrapes,
    seconds: duration / MICROSECONDS,
    octetsEach: octets / scrapes,
    medianMs: medianUs / MICROSECONDS_PER_MS,
    p99Ms: p99Us / MICROSECONDS_PER_MS,
    errors,
    cpuSeconds,
  };
}
