import { describe, expect, test } from 'vitest';
import type { Topology } from '../../alerting/topology.ts';
import { NO_FACTS } from '../../collector/observation.ts';
import { say } from '../../lib/local-text.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import { defaultRules } from '../config/default-rules.ts';
import { Network, rule, topology } from './network.ts';
import { tellsDown } from './ports-down.ts';

const POLL_EVERY = 10;
const NORTH = ['agg-1', 'acc-1', 'acc-2', 'ups-2'];
const IDS = ['core-1', 'core-2', ...NORTH, 'srv-1', 'agg-2'];
const ORDERS = [0, 2, 5].map((at) => [...IDS.slice(at), ...IDS.slice(0, at)]);

/** A site on one link and one UPS, which is reached through the site or by itself. */
function north(isInBand: boolean, change: Partial<Topology> = {}): Topology {
  const base = topology({ gradingRules: defaultRules(), ...change });
  const devices = base.devices.map((each) => {
    const powerFeeds = NORTH.includes(each.id) ? ['ups-2'] : [];
    if (each.id !== 'ups-1') return { ...each, powerFeeds };
    const above = isInBand
      ? { deviceId: 'agg-1', port: 'Gi10' }
      : { deviceId: 'core-2', port: null };
    return { ...each, id: 'ups-2', name: 'ups-2', siteId: 'north', parents: [above] };
  });
  return { ...base, devices };
}

/** Polls every device each ten seconds at its own moment, in the order given. */
function run(network: Network, order: readonly string[], durationMs: number): void {
  const until = network.now + durationMs;
  while (network.now < until) {
    const at = Math.round(network.now / SECOND) % POLL_EVERY;
    if (at === 0) network.tick([{ kind: 'lease' }]);
    for (const [index, id] of order.entries()) if (index % POLL_EVERY === at) network.poll(id);
    network.tick([]);
    network.deliverAll();
    network.now += SECOND;
  }
}

function onBattery(network: Network, minutes: number | null, charge: number | null = null): void {
  const facts = { ...NO_FACTS, batteryMinutes: minutes, chargeRatio: charge };
  const text = say('on battery', '由电池供电');
  network.setConditions('ups-2', [
    { component: 'battery', kind: 'on-battery', level: 'critical', text, facts },
  ]);
}

function loseNorth(network: Network): void {
  for (const id of NORTH) network.silence(id);
  tellsDown(network, 'core-1', 'Te1');
}

function restoreNorth(network: Network): void {
  for (const id of NORTH) network.restore(id);
  network.setConditions('ups-2', []);
  tellsDown(network, 'core-1');
}

type Story = (network: Network, order: readonly string[]) => void;

function counting(...minutes: readonly number[]): Story {
  return (network, order) => {
    for (const left of minutes) {
      onBattery(network, left);
      run(network, order, MINUTE);
    }
  };
}

/** What the UPS told until its battery was empty. */
const STORIES: Readonly<Record<string, Story>> = {
  'it told to the end': counting(3, 2, 1, 0),
  'the battery gave out before it was to': counting(5, 4, 3),
  'its card fell silent before': (network, order) => {
    counting(5, 4)(network, order);
    network.silence('ups-2');
    run(network, order, 4 * MINUTE);
  },
  'it told its minutes no longer': (network, order) => {
    counting(5, 4)(network, order);
    onBattery(network, null);
    run(network, order, 3 * MINUTE);
  },
  'it told nothing but its charge': (network, order) => {
    onBattery(network, null, 0.5);
    run(network, order, MINUTE);
    onBattery(network, null, 0.03);
    run(network, order, MINUTE);
  },
  'it never told how long': (network, order) => {
    onBattery(network, null);
    run(network, order, 26 * MINUTE);
  },
};

const cases = Object.keys(STORIES).flatMap((name) =>
  [true, false].map((isInBand) => ({ name, way: isInBand ? 'its loads' : 'itself', isInBand })),
);

describe('a battery that runs out', () => {
  test.each(cases)('is one incident where $name, reached by $way', ({ name, isInBand }) => {
    for (const order of ORDERS) {
      const network = new Network(north(isInBand));
      loseNorth(network);
      run(network, order, 6 * MINUTE);
      restoreNorth(network);
      run(network, order, 3 * MINUTE);
      const linkOnly = network.incidents().length;
      STORIES[name]!(network, order);
      loseNorth(network);
      run(network, order, 8 * MINUTE);
      const [incident, ...others] = network.incidents().slice(linkOnly);
      expect(others).toEqual([]);
      expect(incident).toMatchObject({ rootKind: 'on-battery', rootDeviceId: 'ups-2', tier: 2 });
      expect(network.eventsOf('incident-reopened')).toEqual([]);
      expect(incident!.evidence.sentence.en).toContain('devices unreachable behind it');
      restoreNorth(network);
      run(network, order, 9 * MINUTE);
      expect(network.incidents().filter(({ resolvedAt }) => resolvedAt === null)).toEqual([]);
      const told = network.pages().filter(({ incidentId }) => incidentId === incident!.id);
      expect(
        told.filter(({ kind, personId }) => `${personId} ${kind}` === 'first opened'),
      ).toHaveLength(1);
      expect(network.liveText()).toBe(network.replayedText());
    }
  });

  test('is told as a forecast of the last word while its loads live, and dark since they are', () => {
    const network = new Network(north(false));
    counting(6, 5)(network, IDS);
    network.silence('ups-2');
    run(network, IDS, 3 * MINUTE);
    const [incident] = network.incidents();
    const { sentence } = incident!.evidence;
    expect(sentence.en).toMatch(/runs on battery, \d min left \(ups-2 does not answer any more\)/);
    expect(sentence['zh-CN']).toMatch(/剩余 \d 分钟（ups-2 已无响应）/);
    run(network, IDS, 4 * MINUTE);
    expect(incident!.evidence.sentence.en).toContain('less than 1 min left (ups-2 does not');
    loseNorth(network);
    run(network, IDS, 5 * MINUTE);
    expect(incident!.evidence.sentence.en).toContain('is dark since 00:09 GMT');
    expect(network.incidents()).toHaveLength(1);
  });

  test.each(ORDERS)('is told by the UPS after its loads were lost: %s', (...order) => {
    const network = new Network(north(false, { gradingRules: [rule('any', 3, {})] }));
    run(network, order, MINUTE);
    for (const id of ['agg-1', 'acc-1', 'acc-2']) network.silence(id);
    tellsDown(network, 'core-1', 'Te1');
    run(network, order, MINUTE);
    onBattery(network, 0);
    run(network, order, 3 * MINUTE);
    expect(network.incidents()).toMatchObject([{ rootKind: 'on-battery' }]);
    expect(network.liveText()).toBe(network.replayedText());
  });

  test.each(ORDERS)(
    'is not blamed for a lost link while it was to last for long: %s',
    (...order) => {
      const network = new Network(north(true));
      run(network, order, MINUTE);
      onBattery(network, 40);
      run(network, order, 3 * MINUTE);
      loseNorth(network);
      run(network, order, 6 * MINUTE);
      const roots = network.incidents().map(({ rootKind }) => rootKind);
      expect(roots).toEqual(['on-battery', 'port-down']);
      expect(network.incidents()[1]!.evidence.sentence.en).toContain(
        'no answer since from ups-2, which feeds it: power may be the cause as well',
      );
    },
  );

  test.each(ORDERS)('is waited for where a lost port is an incident at once: %s', (...order) => {
    const rules = [rule('any', 3, {})];
    const network = new Network(north(true, { gradingRules: rules }));
    run(network, order, MINUTE);
    counting(4, 3)(network, order);
    loseNorth(network);
    run(network, order, 3 * MINUTE);
    expect(network.incidents().map(({ rootKind }) => rootKind)).toEqual(['on-battery']);
  });
});
