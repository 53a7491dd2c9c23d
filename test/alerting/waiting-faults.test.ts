import { describe, expect, test } from 'vitest';
import { isFlapping } from '../../alerting/flaps.ts';
import type { Topology } from '../../alerting/topology.ts';
import type { Link } from '../../config/model.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import { Network, RULES, rule, topology } from './network.ts';
import { tellsDown } from './ports-down.ts';

const LEFT: Link = {
  id: 'left',
  ends: [
    { deviceId: 'core-1', port: 'Te2' },
    { deviceId: 'agg-2', port: 'Te49' },
  ],
};

/** A port that comes and goes is an incident at once, of equipment that counts. */
const FLAPPING = rule('flapping', 3, { roles: ['core', 'aggregation'], flapping: true });
const PATIENT = RULES.map((each) => ({ ...each, forMs: Math.max(each.forMs, 20 * SECOND) }));

function withLeft(): Topology {
  const flapping = { windowMs: 30 * MINUTE, enterAbove: 2, leaveBelow: 1 };
  return topology({ links: [LEFT], gradingRules: [FLAPPING, ...PATIENT], flapping });
}

const open = (network: Network) =>
  network.incidents().filter(({ resolvedAt }) => resolvedAt === null);

/** Core 1 dies between two polls of it: the port of its neighbour tells of it first. */
function diesUnseen(network: Network): void {
  network.now += 5 * SECOND;
  network.silence('core-1');
  tellsDown(network, 'agg-2', 'Te49');
  network.poll('agg-2');
  network.now += SECOND;
  network.tick([]);
}

function returns(network: Network): void {
  network.restore('core-1');
  tellsDown(network, 'agg-2');
  network.run(2 * MINUTE);
}

describe('a device that fails again soon after several failures', () => {
  test('takes in the ports that tell of it first, though they flap', () => {
    const network = new Network(withLeft());
    for (let time = 0; time < 6; time++) {
      diesUnseen(network);
      network.run(MINUTE);
      expect(open(network).map(({ rootFaultKey }) => rootFaultKey)).toEqual([
        'core-1/*/device-down',
      ]);
      returns(network);
    }
    expect(network.incidents()).toHaveLength(1);
    expect(isFlapping(network.state, 'agg-2/port:Te49/port-down')).toBe(true);
    expect(network.liveText()).toBe(network.replayedText());
  });

  test('is asked at once, and when it answers the port stands for itself', () => {
    const network = new Network(withLeft());
    for (let time = 0; time < 3; time++) {
      diesUnseen(network);
      network.run(MINUTE);
      returns(network);
    }
    network.now += 5 * SECOND;
    tellsDown(network, 'agg-2', 'Te49');
    network.poll('agg-2');
    network.now += SECOND;
    expect(network.engine.tick([], network.now).probeDeviceIds).toEqual(['core-1']);
    network.now += SECOND;
    network.poll('core-1');
    network.now += SECOND;
    network.tick([]);
    expect(open(network).map(({ rootFaultKey }) => rootFaultKey)).toContain(
      'agg-2/port:Te49/port-down',
    );
  });
});

describe('a lost port with a device behind it', () => {
  const site = { atLeast: 50, atMost: null };
  /** Graded mildly for itself, worse once what it has cut off is known. */
  const rulesOf = (own: 1 | 2 | 3 | 4) => [
    rule('cut-off', 2, { devicesDown: { atLeast: 1, atMost: null }, sitePercent: site }),
    rule('port', own, { faultKinds: ['port-down'] }),
    ...RULES,
  ];

  /** Lost between two polls of what lies behind. */
  function loses(network: Network): void {
    network.now += 5 * SECOND;
    for (const id of ['agg-1', 'acc-1', 'acc-2']) network.silence(id);
    tellsDown(network, 'core-1', 'Te1');
    network.poll('core-1');
    network.deliverAll();
  }

  test('pages once, with what it has cut off', () => {
    const network = new Network(topology({ gradingRules: rulesOf(4) }));
    network.run(MINUTE);
    loses(network);
    network.now += SECOND;
    // They are asked at once, and again quickly once they have failed to answer.
    expect(network.engine.tick([], network.now).probeDeviceIds).toEqual([
      'agg-1',
      'acc-1',
      'acc-2',
    ]);
    for (let second = 0; second < 5; second++) {
      network.now += SECOND;
      for (const id of ['core-1', 'agg-1', 'acc-1', 'acc-2']) network.poll(id);
    }
    expect(network.incidents()).toHaveLength(1);
    network.run(MINUTE);
    expect(network.pageList()).toEqual(['first opened']);
    expect(network.pages()[0]!.facts).toMatchObject({ tier: 2, affectedCount: 3 });
  });

  test.each([1, 2] as const)('does not hold back tier %i', (tier) => {
    const network = new Network(topology({ gradingRules: rulesOf(tier) }));
    network.run(MINUTE);
    loses(network);
    const lostAt = network.now;
    network.now += SECOND;
    network.tick([]);
    expect(network.incidents()[0]).toMatchObject({ tier });
    expect(network.incidents()[0]!.openedAt - lostAt).toBeLessThanOrEqual(SECOND);
  });

  test('waits no longer than twenty seconds for word of it', () => {
    const network = new Network(topology({ gradingRules: rulesOf(4) }));
    network.run(MINUTE);
    network.now += 5 * SECOND;
    const at = network.now;
    tellsDown(network, 'core-1', 'Te1');
    network.poll('core-1');
    for (let second = 0; second < 40 && network.incidents().length === 0; second++) {
      network.now += SECOND;
      network.tick([]);
    }
    expect(network.incidents()[0]).toMatchObject({ tier: 4 });
    expect(network.incidents()[0]!.openedAt - at).toBe(20 * SECOND);
  });
});

describe('what is said in several incidents', () => {
  test('of one redundancy group is the same within a second', () => {
    const network = new Network();
    network.run(MINUTE);
    network.silence('core-1');
    network.run(10 * SECOND);
    network.silence('core-2');
    network.run(30 * SECOND);
    const lostAt = network.now;
    const sentences = open(network).map(({ evidence }) => evidence.sentence.en);
    expect(sentences).toHaveLength(2);
    for (const each of sentences) expect(each).toContain('0 of 2 left in cores');
    // Back before the figures of the other incident are due to be told anew.
    network.restore('core-2');
    for (let poll = 0; poll < 2; poll++) {
      network.now += 2 * SECOND;
      network.poll('core-2');
    }
    network.now += SECOND;
    network.tick([]);
    expect(network.now - lostAt).toBeLessThan(15 * SECOND);
    const left = open(network).filter(({ rootDeviceId }) => rootDeviceId === 'core-1');
    expect(left[0]!.evidence.sentence.en).toContain('1 of 2 left in cores');
  });
});

describe('the sites of an incident', () => {
  test('are that of its device first, and those that it reaches besides', () => {
    const network = new Network();
    network.run(MINUTE);
    for (const id of ['agg-1', 'acc-1', 'acc-2']) network.silence(id);
    tellsDown(network, 'core-1', 'Te1');
    network.run(MINUTE);
    expect(network.incidents()[0]!.evidence.inputs).toMatchObject({
      siteId: 'north',
      siteIds: ['north'],
    });
    network.tick([]);
    network.run(10 * MINUTE);
    const late = network.pages().at(-1)!;
    expect(late.facts).toMatchObject({ siteName: 'hq', otherSiteNames: ['north'] });
    for (const id of ['agg-1', 'acc-1', 'acc-2']) network.restore(id);
    tellsDown(network, 'core-1');
    network.run(5 * MINUTE);
    const end = network.pages().at(-1)!;
    expect(end).toMatchObject({ kind: 'resolved' });
    expect(end.facts).toMatchObject({ siteName: 'hq', otherSiteNames: ['north'] });
  });

  test('are one where nothing else is reached', () => {
    const network = new Network();
    network.silence('acc-1');
    network.run(2 * MINUTE);
    expect(network.pages()[0]!.facts.siteName).toBe('north');
    expect(network.pages()[0]!.facts.otherSiteNames).toBeUndefined();
  });
});
