/** A process of its own: writes the journal of a network over some days, as an engine would have kept it. */
import { type DomainEvent, LEASE_INTERVAL_MS, subjectOf } from '../../alerting/events.ts';
import type { Topology } from '../../alerting/topology.ts';
import type { Tier } from '../../config/model.ts';
import type { NewEntry } from '../../lib/journal.ts';
import { seededRandom } from '../../lib/random.ts';
import { DAY, type EpochMs, HOUR, MINUTE, SECOND } from '../../lib/time.ts';
import { openJournal } from '../../storage/open-journal.ts';
import { deviceName, largeTopology } from '../engine/large-network.ts';
import { takeTask, tell } from '../processes.ts';
import { incidentEvents } from './incident-events.ts';

export interface PeriodTask {
  readonly folder: string;
  readonly from: EpochMs;
  readonly days: number;
  readonly devices: number;
  readonly outagesPerDevice: number;
  readonly seed: number;
}

const SITES = 50;
const APPEND_AT_ONCE = 20_000;
/** Every so many outages one is an incident that somebody is paged for. */
const INCIDENT_EVERY = 20;
const LONGEST_OUTAGE = 4 * MINUTE;

const task = takeTask<PeriodTask>();
const random = seededRandom(task.seed);
const opened = openJournal<DomainEvent>(task.folder, { reserveBytes: 0 });
if (!opened.ok) throw new Error(opened.problem.message);
using journal = opened.journal;
let waiting: NewEntry<DomainEvent>[] = [];

async function keep(event: DomainEvent): Promise<void> {
  waiting.push({ at: event.at, subject: subjectOf(event), event });
  if (waiting.length < APPEND_AT_ONCE) return;
  await journal.append(waiting);
  waiting = [];
}

const { from, days, devices, outagesPerDevice } = task;
const to = from + days * DAY;
const beginning = from - HOUR;
await keep({ type: 'service-started', at: beginning, version: 'bench' });
await keep({ type: 'topology-loaded', at: beginning, hash: 'bench', topology: topology() });
for (let place = 0; place < devices; place += 1) {
  await keep(change(deviceName(place), beginning, 'up', 'unknown'));
}
const events = transitions();
let lease = beginning;
for (const event of events) {
  for (; lease <= event.at; lease += LEASE_INTERVAL_MS) {
    await keep({ type: 'lease-renewed', at: lease });
  }
  await keep(event);
}
for (; lease <= to + HOUR; lease += LEASE_INTERVAL_MS) {
  await keep({ type: 'lease-renewed', at: lease });
}
if (waiting.length > 0) await journal.append(waiting);
tell({ entries: journal.lastSequence(), transitions: events.length });

function topology(): Topology {
  const large = largeTopology(devices, 0);
  const sites = Array.from({ length: SITES }, (_, place) => {
    return { id: `site-${place}`, name: `Site ${place}`, timeZone: 'Asia/Shanghai' };
  });
  return {
    ...large,
    sites,
    devices: large.devices
      .filter(({ id }) => id.startsWith('access-'))
      .map((device, place) => ({
        ...device,
        siteId: `site-${place % SITES}`,
        customers: 1 + (place % 400),
        tags: [place % 2 === 0 ? 'fibre' : 'copper'],
        powerFeeds: place % 3 === 0 ? [deviceName(place - (place % 30))] : [],
      })),
    redundancyGroups: [
      { id: 'pair', name: 'First pair', deviceIds: [deviceName(0), deviceName(1)], need: 1 },
    ],
  };
}

/** Every outage, as the changes of health and the incidents it makes, in the order of their instants. */
function transitions(): DomainEvent[] {
  const found: DomainEvent[] = [];
  let outages = 0;
  for (let place = 0; place < devices; place += 1) {
    const slot = (to - from) / outagesPerDevice;
    for (let index = 0; index < outagesPerDevice; index += 1) {
      const start = from + Math.floor((index + random.next() * 0.8) * slot);
      const length = Math.floor(random.next() * Math.min(slot / 8, LONGEST_OUTAGE)) + SECOND;
      const deviceId = deviceName(place);
      const end = start + length;
      found.push(change(deviceId, start, 'down', 'up'), change(deviceId, end, 'up', 'down'));
      outages += 1;
      if (outages % INCIDENT_EVERY !== 0) continue;
      const tier = (1 + Math.floor(random.next() * 4)) as Tier;
      const answeredMs = Math.floor(random.next() * random.next() * 40 * MINUTE);
      found.push(...incidentEvents({ number: outages, deviceId, start, end, tier, answeredMs }));
    }
  }
  return found.sort((a, b) => a.at - b.at);
}

function change(
  deviceId: string,
  since: EpochMs,
  to: 'up' | 'down',
  before: 'up' | 'down' | 'unknown',
): DomainEvent {
  const reason = to === 'up' ? 'confirmed-recovery' : 'confirmed-failure';
  const at = since + 10 * SECOND;
  return { type: 'health-changed', at, deviceId, from: before, to, since, reason };
}
