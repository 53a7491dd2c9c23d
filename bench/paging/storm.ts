import { join } from 'node:path';
import type { DomainEvent } from '../../alerting/events.ts';
import { delay, systemClock } from '../../lib/clock.ts';
import { type DurationMs, type EpochMs, MINUTE, SECOND } from '../../lib/time.ts';
import { readJournal } from '../../storage/read-journal.ts';
import { deviceAddress } from '../network/port-columns.ts';
import { startSimulatedNetwork } from '../network/simulated-network.ts';
import { startPagingService, writePagingConfig } from './paging-service.ts';
import type { Receiver } from './receiver.ts';

/** Each of them falls silent by itself: fewer than would look like our own blindness. */
const SILENT_EVERY = 20;
const POLLING = `{ heartbeat: 15s, fullPoll: 10m, timeout: 2s, retries: 1, failuresToConfirm: 3,
           successesToClear: 2, confirm: 1s, deadline: 20s, concurrency: 500 }`;
const LOOK_EVERY_MS = SECOND;
/** Ten thousand devices are walked within three minutes on a core that is theirs alone. */
const UP_WITHIN_MS = 12 * MINUTE;
const STORM_WITHIN_MS = 3 * MINUTE;
const LIFE_MS = UP_WITHIN_MS + STORM_WITHIN_MS + 2 * MINUTE;
const DEVICES_OF_A_SITE = 100;

export interface StormResult {
  readonly devices: number;
  /** Devices that fall silent. */
  readonly expected: number;
  /** Those of which a page has arrived. */
  readonly faults: number;
  /** Pages that came again with the same key. */
  readonly pagesTwice: number;
  /** Fault confirmed → provider called, of each. */
  readonly callMs: readonly DurationMs[];
}

/** One in twenty of so many devices falls silent at once, each an incident of tier 1 with a page of its own; or why not. */
export async function measureStorm(
  folder: string,
  receiver: Receiver,
  devices: number,
): Promise<StormResult | { readonly why: string }> {
  const options = {
    hasUps: false,
    deadEvery: 0,
    silentEvery: SILENT_EVERY,
    lifeSeconds: LIFE_MS / SECOND,
  };
  const network = await startSimulatedNetwork(folder, options);
  if ('why' in network) return network;
  await using simulated = network;
  const config = join(folder, 'storm');
  const list = devicesFile(devices, simulated.port);
  writePagingConfig(config, { receiver, devices: list, polling: POLLING });
  await using service = await startPagingService(config, { lifeMs: LIFE_MS });
  await until(UP_WITHIN_MS, async () => (await devicesUp(service.url)) >= devices);
  const from = receiver.arrivals.length;
  simulated.fall();
  const expected = Math.floor(devices / SILENT_EVERY);
  await until(STORM_WITHIN_MS, async () => pagesIn(receiver, from) >= expected);
  const callMs = callTimes(join(config, 'data'), receiver, from);
  const pagesTwice = repeatedPages(receiver, from);
  return { devices, expected, faults: callMs.length, pagesTwice, callMs };
}

function repeatedPages({ arrivals }: Receiver, from: number): number {
  const keys = arrivals.slice(from).flatMap(({ path, key }) => (path === '/pages' ? [key] : []));
  return keys.length - new Set(keys).size;
}

function devicesFile(count: number, port: number): string {
  const devices = Array.from(
    { length: count },
    (_, place) =>
      `  - { id: dev-${place}, address: ${deviceAddress(place)}, port: ${port}, site: lab-${Math.floor(place / DEVICES_OF_A_SITE)}, role: access, credential: bench }`,
  );
  const sites = Array.from(
    { length: Math.ceil(count / DEVICES_OF_A_SITE) },
    (_, place) => `  - { id: lab-${place}, name: Lab ${place} }`,
  );
  return `credentials:
  - { id: bench, version: v2c, community: plain:public }
sites:
${sites.join('\n')}
devices:
${devices.join('\n')}
`;
}

async function devicesUp(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const found = text.matchAll(/^threenines_site_devices\{[^}]*state="up"[^}]*\} (\d+)$/gm);
  return [...found].reduce((sum, [, count]) => sum + Number(count), 0);
}

async function until(withinMs: DurationMs, isThere: () => Promise<boolean>): Promise<void> {
  const untilMs = systemClock.monotonicMs() + withinMs;
  while (!(await isThere()) && systemClock.monotonicMs() < untilMs)
    await delay(systemClock, LOOK_EVERY_MS);
}

function pagesIn({ arrivals }: Receiver, from: number): number {
  return new Set(
    arrivals.slice(from).flatMap(({ path, body }) => (path === '/pages' ? [body.incident] : [])),
  ).size;
}

/** From each fault of a device, as the journal has it, to the first request about its incident. */
function callTimes(dataFolder: string, { arrivals }: Receiver, from: number): DurationMs[] {
  const called = new Map<string, EpochMs>();
  for (const { at, body } of arrivals.slice(from))
    if (body.incident !== undefined && !called.has(body.incident)) called.set(body.incident, at);
  const confirmedAt = new Map<string, EpochMs>();
  const times: DurationMs[] = [];
  const opened = readJournal<DomainEvent>(dataFolder);
  if (!opened?.ok) throw new Error('the storm has left no journal');
  using reader = opened.reader;
  reader.visitEvents(reader.lastSequence(), (event) => {
    if (event.type === 'fault-raised') confirmedAt.set(event.faultKey, event.at);
    if (event.type !== 'incident-opened') return;
    const at = called.get(event.incidentId);
    if (at !== undefined) times.push(at - confirmedAt.get(event.rootFaultKey)!);
  });
  return times;
}
