import dgram from 'node:dgram';
import { join } from 'node:path';
import { labCredentials } from '../../lab/credential.ts';
import { type Lab, startLab } from '../../lab/lab.ts';
import { delay, systemClock } from '../../lib/clock.ts';
import { silentLogger } from '../../lib/logger.ts';
import { seededRandom } from '../../lib/random.ts';
import { type DurationMs, type EpochMs, SECOND } from '../../lib/time.ts';
import { community } from '../../test/collector/client-fixtures.ts';
import { compileShim, DISK_ERRORS } from '../../test/storage/disk-faults.ts';
import { LINK_DOWN, message, notificationPdu } from '../../test/traps/trap-messages.ts';
import { COMMUNITY, TestSender } from '../../test/traps/trap-rig.ts';
import { freePort } from '../network/free-port.ts';
import {
  BEAT_EVERY_MS,
  HANGING_PERSON,
  killHard,
  type PagingService,
  raiseAlert,
  STEPS,
  startPagingService,
  writePagingConfig,
} from './paging-service.ts';
import type { Receiver } from './receiver.ts';

const MOST_LOOKS = 60;
const POLLING = `{ heartbeat: 15s, fullPoll: 1h, timeout: 1s, retries: 1, failuresToConfirm: 3,
           successesToClear: 2, confirm: 1s, deadline: 10s, concurrency: 10 }`;
/** A watcher outside alarms when two beats have stayed away, and a little for the way. */
const WATCHER_PATIENCE_MS = 2.5 * BEAT_EVERY_MS;
/** So long after the kill the service stays dead, so that steps fall due. */
const DEAD_MS = 5 * SECOND;

export interface OneServiceResult {
  /** Trap sent → page arrived. */
  readonly trapMs: DurationMs;
  /** Step due → page arrived; negative: too early. */
  readonly stepMs: readonly DurationMs[];
  /** Provider that hangs asked → the other channel of the person has it. */
  readonly deadReceiverMs: DurationMs;
  /** Start after a kill → pages of steps that fell due meanwhile. */
  readonly overdueMs: readonly DurationMs[];
  /** Pages of those steps that arrived more than once, or never. */
  readonly overdueNotOnce: number;
  /** The longest between two beats while it was well. */
  readonly beatGapMs: DurationMs;
  /** kill -9 → a watcher of the beat alarms. */
  readonly deadServiceMs: DurationMs;
}

/** The running service with one switch: traps, clocks, a provider that hangs, a restart, its death. */
export async function measureOneService(
  folder: string,
  receiver: Receiver,
): Promise<OneServiceResult> {
  const lab = await startSwitch();
  try {
    const trapPort = await freePort();
    const devices = devicesFile(lab.ports.get('switch-1')!);
    writePagingConfig(folder, { receiver, devices, trapPort, polling: POLLING });
    await using service = await startPagingService(folder);
    await untilPolled(service);
    const trapMs = await trapToPage(lab, receiver, trapPort);
    const { stepMs, deadReceiverMs } = await clocks(service, receiver);
    const beatGapMs = longestGap(receiver);
    const restarted = await restart(folder, service, receiver);
    const deadServiceMs = await dieAndBeMissed(restarted.service, receiver);
    const { overdueMs, overdueNotOnce } = restarted;
    return { trapMs, stepMs, deadReceiverMs, overdueMs, overdueNotOnce, beatGapMs, deadServiceMs };
  } finally {
    await lab.stop();
  }
}

/** A journal whose disk begins to fail: from the first refusal to the message of the second path. */
export async function measureFailingDisk(folder: string, receiver: Receiver): Promise<DurationMs> {
  const library = compileShim(folder);
  const config = join(folder, 'failing');
  writePagingConfig(config, { receiver, devices: devicesFile(9), polling: POLLING });
  const fault = { DISK_ERRNO: `${DISK_ERRORS.ENOSPC}`, DISK_FAIL_AT: '90', TMPDIR: folder };
  await using service = await startPagingService(config, {
    environment: { LD_PRELOAD: library, ...fault },
  });
  let count = 0;
  while (await raiseAlert(service, `full-${count}`)) count += 1;
  const refusedAt = systemClock.now();
  const told = await receiver.first(({ body }) => body.incident === 'self-watch');
  return told.at - refusedAt;
}

/** Until its ports are known: of a port that was never seen up, nothing is lost. */
async function untilPolled({ url }: PagingService): Promise<void> {
  for (let count = 0; count < MOST_LOOKS; count += 1) {
    const text = await (await fetch(`${url}/metrics/devices/switch-1`)).text();
    if (text.includes('threenines_interface_')) return;
    await delay(systemClock, SECOND);
  }
  throw new Error('the ports of the switch are not polled');
}

async function startSwitch(): Promise<Lab> {
  const place = { id: 'switch-1', address: '127.0.0.1', port: 0, role: 'core' } as const;
  const started = await startLab({
    devices: [{ ...place, parents: [], powerFeeds: [], credentialId: 'device' }],
    credentials: labCredentials(new Map([['device', community(COMMUNITY)]])),
    clock: systemClock,
    random: seededRandom(7),
    network: dgram,
    log: silentLogger,
    onAction: () => {},
  });
  if (!started.ok) throw new Error(started.problem.text);
  return started.lab;
}

function devicesFile(port: number): string {
  return `credentials: [{ id: device, version: v2c, community: plain:${COMMUNITY} }]
sites: [{ id: lab, name: Laboratory }]
devices:
  - { id: switch-1, name: Switch one, address: 127.0.0.1, port: ${port}, site: lab, role: core,
      credential: device }
`;
}

async function trapToPage(lab: Lab, receiver: Receiver, trapPort: number): Promise<DurationMs> {
  await using sender = await TestSender.open();
  const from = receiver.arrivals.length;
  lab.act({ verb: 'fail', deviceId: 'switch-1', part: 'Te1/2' });
  const sentAt = systemClock.now();
  await sender.send(message(notificationPdu(LINK_DOWN)), trapPort);
  const page = await receiver.first(({ path }) => path === '/pages', from);
  return page.at - sentAt;
}

async function clocks(service: PagingService, receiver: Receiver) {
  const from = receiver.arrivals.length;
  await raiseAlert(service, 'clocks');
  const stepMs: DurationMs[] = [];
  let asked: EpochMs = 0;
  for (let place = 0; place < STEPS; place += 1) {
    const page = await receiver.first((arrival) => isFor(arrival, place), from);
    const openedAt = Date.parse(page.body.openedAt!);
    stepMs.push(page.at - (openedAt + place * SECOND));
    asked = page.at;
  }
  const instead = await receiver.first(
    (arrival) => arrival.path === '/pages' && isFor(arrival, HANGING_PERSON),
    from,
  );
  return { stepMs, deadReceiverMs: instead.at - asked };
}

const isFor = ({ body }: Receiver['arrivals'][number], place: number) =>
  body.recipient?.id === `p${place}`;

/** Kills it behind the first page of an incident, lets steps fall due, and starts it again. */
async function restart(folder: string, service: PagingService, receiver: Receiver) {
  const before = receiver.arrivals.length;
  await raiseAlert(service, 'restart');
  await receiver.first((arrival) => isFor(arrival, 0), before);
  await killHard(service);
  const [first] = receiver.arrivals.slice(before).filter((arrival) => isFor(arrival, 0));
  await delay(systemClock, DEAD_MS);
  const from = receiver.arrivals.length;
  const again = await startPagingService(folder);
  const openedAt = Date.parse(first!.body.openedAt!);
  const due = Math.floor((again.startedAt - openedAt) / SECOND);
  const known = new Set(receiver.arrivals.slice(before, from).map(({ key }) => key));
  const overdueMs: DurationMs[] = [];
  for (let place = 1; place <= Math.min(due, HANGING_PERSON - 1); place += 1) {
    if (receiver.arrivals.slice(before, from).some((arrival) => isFor(arrival, place))) continue;
    const page = await receiver.first((arrival) => isFor(arrival, place), from);
    overdueMs.push(page.at - again.startedAt);
  }
  await delay(systemClock, 3 * SECOND);
  const late = receiver.arrivals
    .slice(from)
    .filter(({ path, key }) => path === '/pages' && !known.has(key));
  const overdueNotOnce = late.length - new Set(late.map(({ key }) => key)).size;
  return { service: again, overdueMs, overdueNotOnce };
}

function longestGap({ arrivals }: Receiver): DurationMs {
  const beats = arrivals.filter(({ path }) => path === '/beat').map(({ at }) => at);
  return Math.max(0, ...beats.slice(1).map((at, place) => at - beats[place]!));
}

/** A watcher as a careful customer would have it: it alarms when the beat has stayed away too long. */
async function dieAndBeMissed(service: PagingService, receiver: Receiver): Promise<DurationMs> {
  await receiver.first(({ path, at }) => path === '/beat' && at >= service.startedAt);
  const killedAt = await killHard(service);
  const lastBeat = receiver.arrivals.findLast(({ path }) => path === '/beat')!;
  await delay(systemClock, Math.max(0, lastBeat.at + WATCHER_PATIENCE_MS - systemClock.now()));
  return systemClock.now() - killedAt;
}
