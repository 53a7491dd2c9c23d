import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nextStepAt } from '../../alerting/response-clock.ts';
import type { Page } from '../../alerting/state.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import { Network, topology } from './network.ts';

const deviceId = fc.constantFrom(...topology().devices.map((device) => device.id));

const step = fc.oneof(
  fc.record({ do: fc.constant('silence' as const), deviceId }),
  fc.record({ do: fc.constant('refuse' as const), deviceId }),
  fc.record({ do: fc.constant('restore' as const), deviceId }),
  fc.record({ do: fc.constant('heat' as const), deviceId }),
  fc.record({ do: fc.constant('cool' as const), deviceId }),
  fc.record({ do: fc.constant('run' as const), seconds: fc.integer({ min: 1, max: 1500 }) }),
  fc.record({ do: fc.constant('pause' as const), seconds: fc.integer({ min: 1, max: 4000 }) }),
  fc.record({ do: fc.constant('stepBack' as const), seconds: fc.integer({ min: 1, max: 4000 }) }),
  fc.record({ do: fc.constant('acknowledge' as const), pick: fc.nat(5) }),
  fc.record({ do: fc.constant('restart' as const) }),
  fc.record({ do: fc.constant('delivery' as const), works: fc.boolean() }),
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

function play(network: Network, each: Step): void {
  switch (each.do) {
    case 'silence':
      network.silence(each.deviceId);
      return;
    case 'refuse':
      network.silence(each.deviceId, 'auth-failed');
      return;
    case 'restore':
      network.restore(each.deviceId);
      return;
    case 'heat':
      network.setConditions(each.deviceId, [{ kind: 'on-battery', component: 'battery' }]);
      return;
    case 'cool':
      network.setConditions(each.deviceId, []);
      return;
    case 'run':
      network.run(each.seconds * SECOND);
      return;
    case 'pause':
      network.now += each.seconds * SECOND;
      return;
    case 'stepBack':
      network.now -= each.seconds * SECOND;
      return;
    case 'acknowledge': {
      const open = network.incidents()[each.pick];
      if (open !== undefined) network.acknowledge(open.id);
      return;
    }
    case 'restart':
      network.restart();
      return;
    case 'delivery':
      network.delivers = each.works;
      return;
  }
}

function threadOf(page: Page): string {
  return `${page.incidentId} ${page.personId} ${page.channelId}`;
}

describe('whatever happens', () => {
  test('replay gives the live state, no page is doubled, no open clock is without a next step', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 5, maxLength: 40 }), (steps) => {
        const network = new Network();
        for (const each of steps) play(network, each);
        network.now += SECOND;
        network.tick([]);
        expect(network.liveText()).toBe(network.replayedText());
        const queued = network.eventsOf('page-queued').map((event) => event.pageId);
        expect(new Set(queued).size).toBe(queued.length);
        const waiting = network.pages().filter((page) => page.status === 'queued');
        expect(new Set(waiting.map(threadOf)).size).toBe(waiting.length);
        for (const incident of network.incidents()) {
          if (incident.resolvedAt !== null || incident.acknowledgedAt !== null) continue;
          const next = nextStepAt(network.engine, incident);
          if (incident.breachedAt === null) expect(next).not.toBeNull();
        }
      }),
      { numRuns: 150, seed: 20261122 },
    );
  });

  test('once all is well again everyone who was told of a start is told of the end', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 5, maxLength: 30 }), (steps) => {
        const network = new Network();
        for (const each of steps) play(network, each);
        for (const { id } of topology().devices) {
          network.restore(id);
          network.setConditions(id, []);
        }
        network.delivers = true;
        network.now = Math.max(network.now, network.events.at(-1)?.at ?? network.now);
        network.run(45 * MINUTE);
        expect(network.incidents().filter((each) => each.resolvedAt === null)).toEqual([]);
        const last = new Map<string, Page>();
        for (const page of network.pages()) {
          if (page.status === 'sent') last.set(threadOf(page), page);
        }
        for (const page of last.values()) {
          expect(page.kind, `${page.id} was never followed by the end`).toBe('resolved');
        }
      }),
      { numRuns: 100, seed: 7 },
    );
  });
});
