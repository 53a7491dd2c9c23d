/** A process of its own: writes a journal of as many events as told, the way an engine comes to decide them. */
import { Engine } from '../../alerting/engine.ts';
import { type DomainEvent, subjectOf } from '../../alerting/events.ts';
import { emptyState } from '../../alerting/state.ts';
import type { NewEntry } from '../../lib/journal.ts';
import { SECOND } from '../../lib/time.ts';
import { openJournal } from '../../storage/open-journal.ts';
import { takeTask, tell } from '../processes.ts';
import { deliverPages, deviceName, largeTopology, observation, PARENT } from './large-network.ts';

export interface HistoryTask {
  readonly folder: string;
  readonly events: number;
}

const DEVICES = 1_000;
/** Devices that fail together and come back together, so that something is always going on. */
const FAILING = 20;
const ROUND_MS = 15 * SECOND;
const ROUNDS_DOWN = 6;
const ROUNDS_UP = 6;
const APPEND_AT_ONCE = 2_000;

const task = takeTask<HistoryTask>();
const opened = openJournal<DomainEvent>(task.folder);
if (!opened.ok) throw new Error(opened.problem.message);
using journal = opened.journal;
const engine = new Engine(emptyState());
let now = Date.UTC(2025, 0, 1);
let waiting: NewEntry<DomainEvent>[] = [];
let cycle = 0;

async function keep(events: readonly DomainEvent[]): Promise<void> {
  for (const event of events) waiting.push({ at: event.at, subject: subjectOf(event), event });
  if (waiting.length < APPEND_AT_ONCE) return;
  await journal.append(waiting);
  waiting = [];
}

async function poll(places: readonly number[], isUp: boolean): Promise<void> {
  now += ROUND_MS;
  const inputs = places.map((place) => ({
    kind: 'observation' as const,
    observation: observation(deviceName(place), isUp, now),
  }));
  await keep(engine.tick([{ kind: 'lease' }, ...inputs], now).events);
  await keep(deliverPages(engine, now));
}

const topology = largeTopology(DEVICES, 0);
const everyone = Array.from({ length: DEVICES }, (_, place) => place);
await keep(
  engine.tick(
    [
      { kind: 'started', version: 'bench', runId: 'bench' },
      { kind: 'topology', topology },
    ],
    now,
  ).events,
);
const parent = { kind: 'observation' as const, observation: observation(PARENT, true, now) };
await keep(engine.tick([parent], now).events);
for (let round = 0; round < 3; round += 1) await poll(everyone, true);
while (journal.lastSequence() + waiting.length < task.events) {
  const from = (cycle++ * FAILING) % DEVICES;
  const failing = everyone.slice(from, from + FAILING);
  for (let round = 0; round < ROUNDS_DOWN; round += 1) await poll(failing, false);
  for (let round = 0; round < ROUNDS_UP; round += 1) await poll(failing, true);
}
if (waiting.length > 0) await journal.append(waiting);
tell({ events: journal.lastSequence() });
