import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { topologyOf } from '../../alerting/topology-of.ts';
import { loadConfig } from '../../config/load.ts';
import type { Tier } from '../../config/model.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import { Network, rule, topology } from './network.ts';

const DEMO = fileURLToPath(new URL('../../config/demo', import.meta.url));
/** The people, channels, policy and promises that are shipped. */
const { people, channels, escalationPolicies, tiers } = topologyOf(loadConfig(DEMO, {}).config!);

/** A core switch that fell silent and stays so, graded as the tier; nobody acknowledges. */
function shippedDefaults(tier: Tier): Network {
  const gradingRules = [rule('any', tier, {})];
  return silent(topology({ people, channels, escalationPolicies, tiers, gradingRules }));
}

function silent(topo = topology()): Network {
  const network = new Network(topo);
  network.silence('core-1');
  network.run(30 * SECOND);
  return network;
}

/** Time as the service lives it: a look each second, a poll every ten. */
function live(network: Network, durationMs: number): void {
  const until = network.now + durationMs;
  while (network.now < until) {
    network.now += SECOND;
    if (network.now % (10 * SECOND) === 0) network.pollAll();
    else network.tick([]);
  }
}

/** What each recipient was told and when, in minutes since the incident opened. */
function told(network: Network): Record<string, string[]> {
  const { openedAt } = network.incidents()[0]!;
  const byPerson: Record<string, string[]> = {};
  for (const page of network.pages()) {
    const minutes = Math.round((page.queuedAt - openedAt) / (MINUTE / 10)) / 10;
    byPerson[page.personId] = [...(byPerson[page.personId] ?? []), `${minutes} ${page.kind}`];
  }
  return byPerson;
}

/** `step → who was told by which kind of page instead`. */
function toldByOthers(network: Network): string[] {
  return network.eventsOf('clock-step-taken').flatMap(({ step, toldBy = [] }) => {
    const others = toldBy.map((each) => `${each.personId} ${each.pageId.split('/').at(-1)}`);
    return others.length === 0 ? [] : [`${step} → ${others.join(', ')}`];
  });
}

describe('with the shipped defaults', () => {
  test.each([1, 2, 3, 4] as const)('tier %i: never two pages of one moment', (tier) => {
    const network = shippedDefaults(tier);
    live(network, 70 * MINUTE);
    expect(network.incidents()).toHaveLength(1);
    const last = new Map<string, number>();
    for (const { personId, channelId, queuedAt } of network.pages()) {
      const sinceMs = queuedAt - (last.get(`${personId} ${channelId}`) ?? 0);
      expect(sinceMs, `${personId} at ${queuedAt}`).toBeGreaterThan(10 * SECOND);
      last.set(`${personId} ${channelId}`, queuedAt);
    }
    expect(network.eventsOf('response-breached')).toHaveLength(1);
    expect(network.liveText()).toBe(network.replayedText());
  });

  test('tier 2: escalation meets repeat, reminder meets escalation, breach meets repeat', () => {
    const network = shippedDefaults(2);
    live(network, 16 * MINUTE);
    expect(told(network)).toEqual({
      'duty-primary': ['0 opened', '5 repeat', '7.5 reminder', '10 repeat', '12 reminder'].concat(
        '15 breached',
      ),
      'duty-secondary': ['5 escalated', '7.5 reminder', '10 repeat', '12 reminder', '15 breached'],
      'duty-manager': ['7.5 reminder', '10 repeat', '12 escalated', '15 breached'],
    });
    expect(toldByOthers(network)).toEqual([
      'reminder:0.8 → duty-manager escalated',
      'repeat:2:3 → duty-primary breached, duty-secondary breached, duty-manager breached',
    ]);
  });

  test('tier 3 and 4: whoever is told for the first time is not reminded in the same breath', () => {
    const third = shippedDefaults(3);
    live(third, 16 * MINUTE);
    expect(told(third)['duty-secondary']).toEqual(['15 escalated']);
    const fourth = shippedDefaults(4);
    live(fourth, 49 * MINUTE);
    expect(told(fourth)['duty-manager']).toEqual(['30 reminder', '48 escalated']);
  });

  test('a breach waits for nothing, and is never before its time', () => {
    const network = shippedDefaults(2);
    const { acknowledgeBy } = network.incidents()[0]!;
    live(network, 16 * MINUTE);
    const [breach] = network.eventsOf('response-breached');
    expect(breach!.at).toBe(acknowledgeBy + SECOND);
    const late = network.eventsOf('clock-step-taken').filter((event) => event.late);
    expect(late).toEqual([]);
  });
});

describe('steps a few seconds apart', () => {
  const base = topology();
  const withSteps = (afterMs: number, repeatEveryMs: number | null, reminderRatios = [0.5]) =>
    topology({
      escalationPolicies: [
        {
          ...base.escalationPolicies[0]!,
          steps: {
            ...base.escalationPolicies[0]!.steps,
            2: [
              { afterMs: 0, personIds: ['first'], channelIds: [] },
              { afterMs, personIds: ['first', 'second'], channelIds: [] },
            ],
          },
        },
      ],
      tiers: { ...base.tiers, 2: { ...base.tiers[2], reminderRatios, repeatEveryMs } },
    });

  test('a repeat just before an escalation of the same person waits for it', () => {
    const network = silent(withSteps(5 * MINUTE + 2 * SECOND, 5 * MINUTE, []));
    live(network, 6 * MINUTE);
    expect(told(network)).toEqual({ first: ['0 opened', '5 escalated'], second: ['5 escalated'] });
    expect(toldByOthers(network)).toEqual(['repeat:2:1 → first escalated']);
  });

  test('a repeat just after one is told by it', () => {
    const network = silent(withSteps(5 * MINUTE - 2 * SECOND, 5 * MINUTE, []));
    live(network, 6 * MINUTE);
    expect(told(network)).toEqual({ first: ['0 opened', '5 escalated'], second: ['5 escalated'] });
    expect(toldByOthers(network)).toEqual(['repeat:2:1 → first escalated, second escalated']);
  });

  test('after a pause of the service each person gets one page, the most important', () => {
    const network = silent(withSteps(5 * MINUTE, 3 * MINUTE, [0.5, 0.8]));
    const before = network.pages().length;
    network.now += 13 * MINUTE;
    network.restart(withSteps(5 * MINUTE, 3 * MINUTE, [0.5, 0.8]));
    network.now += SECOND;
    network.tick([]);
    expect(network.pageList().slice(before)).toEqual(['first escalated', 'second escalated']);
    const steps = network.eventsOf('clock-step-taken').map(({ step, late }) => [step, late]);
    expect(steps.slice(1)).toEqual([
      ['step:2:1', true],
      ['reminder:0.5', true],
      ['reminder:0.8', true],
      ['repeat:2:4', true],
    ]);
  });

  test('a journal from before, without who was told otherwise, still folds', () => {
    const network = silent();
    live(network, 16 * MINUTE);
    for (const [index, event] of network.events.entries()) {
      if (event.type !== 'clock-step-taken') continue;
      const { toldBy: _, ...older } = event;
      network.events[index] = older;
    }
    expect(network.replayedText()).toBe(network.liveText());
  });
});
