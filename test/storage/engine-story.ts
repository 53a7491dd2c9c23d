import { Engine } from '../../alerting/engine.ts';
import { type DomainEvent, subjectOf } from '../../alerting/events.ts';
import type { Input } from '../../alerting/inputs.ts';
import { emptyState } from '../../alerting/state.ts';
import {
  deliverPages,
  deviceName,
  largeTopology,
  observation,
} from '../../bench/engine/large-network.ts';
import type { NewEntry } from '../../lib/journal.ts';
import { seededRandom } from '../../lib/random.ts';
import { HOUR, SECOND } from '../../lib/time.ts';

const DEVICES = 12;
const ROUND_MS = 15 * SECOND;
/** Now and then the service is down for so long. */
const DOWN_MS = 2 * HOUR;

/** So many entries as an engine comes to decide them, over failures, acknowledgements and restarts drawn from the seed. */
export function engineStory(count: number, seed: number): NewEntry<DomainEvent>[] {
  const random = seededRandom(seed);
  const engine = new Engine(emptyState());
  const topology = largeTopology(DEVICES, DEVICES / 2);
  const isDown = new Array<boolean>(DEVICES).fill(false);
  const events: DomainEvent[] = [];
  let now = Date.UTC(2026, 9, 31, 22);
  const tick = (inputs: readonly Input[]) => events.push(...engine.tick(inputs, now).events);
  const start = (run: number) =>
    tick([
      { kind: 'started', version: 'test', runId: `run-${run}` },
      { kind: 'topology', topology },
    ]);
  start(0);
  while (events.length < count) {
    now += ROUND_MS;
    if (random.next() < 0.005) {
      tick([{ kind: 'stopping', unreportedPageIds: [] }]);
      now += DOWN_MS;
      start(events.length);
    }
    const observations = isDown.map((_, place): Input => {
      if (random.next() < 0.01) isDown[place] = !isDown[place];
      return {
        kind: 'observation',
        observation: observation(deviceName(place), !isDown[place], now),
      };
    });
    tick([{ kind: 'lease' }, ...observations]);
    events.push(...deliverPages(engine, now));
    const open = [...engine.state.openIncidentIds];
    if (open.length === 0 || random.next() > 0.02) continue;
    const incidentId = open[Math.floor(random.next() * open.length)]!;
    const by = topology.people[0]!.id;
    tick([{ kind: 'command', command: { type: 'acknowledge', incidentId, by, via: 'api' } }]);
  }
  return events
    .slice(0, count)
    .map((event) => ({ at: event.at, subject: subjectOf(event), event }));
}
