/** A process of its own: appends to a journal on the disk, each append fsynced. */
import type { DomainEvent } from '../../alerting/events.ts';
import { subjectOf } from '../../alerting/events.ts';
import { systemClock } from '../../lib/clock.ts';
import type { NewEntry } from '../../lib/journal.ts';
import { SECOND } from '../../lib/time.ts';
import { openJournal } from '../../storage/open-journal.ts';
import { ownCpuSeconds } from '../cpu-time.ts';
import { takeTask, tell } from '../processes.ts';
import { deviceName } from './large-network.ts';

export interface AppendsTask {
  readonly folder: string;
  readonly batch: number;
  readonly seconds: number;
}

export interface AppendsResult {
  readonly events: number;
  readonly appends: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
}

const task = takeTask<AppendsTask>();
const opened = openJournal<DomainEvent>(task.folder);
if (!opened.ok) throw new Error(opened.problem.message);
using journal = opened.journal;
const at = Date.UTC(2026, 0, 1);
let place = 0;

function nextEntry(): NewEntry<DomainEvent> {
  const event: DomainEvent = {
    type: 'health-changed',
    at: at + place,
    deviceId: deviceName(place++ % 10_000),
    from: 'up',
    to: 'down',
    since: at,
    reason: 'confirmed-failure',
  };
  return { at: event.at, subject: subjectOf(event), event };
}

const startedMs = systemClock.monotonicMs();
const cpuBefore = ownCpuSeconds();
let appends = 0;
while (systemClock.monotonicMs() - startedMs < task.seconds * SECOND) {
  await journal.append(Array.from({ length: task.batch }, nextEntry));
  appends += 1;
}
const result: AppendsResult = {
  events: place,
  appends,
  seconds: (systemClock.monotonicMs() - startedMs) / SECOND,
  cpuSeconds: ownCpuSeconds() - cpuBefore,
};
tell(result);
