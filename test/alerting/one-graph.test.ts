import { describe, expect, test } from 'vitest';
import type { Topology, TopologyDevice } from '../../alerting/topology.ts';
import { say } from '../../lib/local-text.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import { defaultRules } from '../config/default-rules.ts';
import { Network, topology } from './network.ts';

function copyOf(id: string, change: Partial<TopologyDevice>): TopologyDevice {
  const like = topology().devices.find((each) => each.id === 'acc-1')!;
  return { ...like, id, name: id, ...change };
}

const open = (network: Network) =>
  network.incidents().filter(({ resolvedAt }) => resolvedAt === null);

describe('a thousand devices behind one dead parent', () => {
  const FEW = 20;
  const PER_SWITCH = 49;
  const switches = Array.from({ length: FEW }, (_, at) =>
    copyOf(`sw-${at}`, { parents: [{ deviceId: 'agg-1', port: null }] }),
  );
  const behind = switches.flatMap(({ id }) =>
    Array.from({ length: PER_SWITCH }, (_, at) =>
      copyOf(`${id}-cpe-${at}`, { role: 'cpe', parents: [{ deviceId: id, port: null }] }),
    ),
  );
  const many = [...switches, ...behind];

  test('are one incident and one page for each recipient, and one end', () => {
    const base = topology();
    const network = new Network({ ...base, devices: [...base.devices, ...many] });
    expect(many).toHaveLength(1000);
    for (const { id } of many) network.silence(id);
    for (const id of ['agg-1', 'acc-1', 'acc-2']) network.silence(id);
    network.run(2 * MINUTE);
    expect(network.incidents()).toHaveLength(1);
    expect(network.pageList()).toEqual(['first opened']);
    expect(network.incidents()[0]).toMatchObject({ rootDeviceId: 'agg-1' });
    expect(network.incidents()[0]!.evidence.inputs.devicesDown).toBe(1003);
    const perPerson = new Map<string, number>();
    network.run(10 * MINUTE);
    for (const page of network.pages()) {
      const slot = `${page.personId} ${page.kind} ${page.step}`;
      perPerson.set(slot, (perPerson.get(slot) ?? 0) + 1);
    }
    expect(Math.max(...perPerson.values())).toBe(1);
    for (const { id } of many) network.restore(id);
    for (const id of ['agg-1', 'acc-1', 'acc-2']) network.restore(id);
    network.run(2 * MINUTE);
    expect(open(network)).toEqual([]);
    expect(network.incidents()).toHaveLength(1);
    const ends = network.pageList().filter((page) => page.endsWith(' resolved'));
    expect(ends.sort()).toEqual(['first resolved', 'lead resolved', 'second resolved']);
  });
});

describe('what is left when the root recovers', () => {
  test('a device fed by a battery that died has an incident of its own when mains is back', () => {
    const network = new Network();
    network.setConditions('ups-1', [onBattery(0)]);
    network.silence('srv-1');
    network.run(2 * MINUTE);
    expect(network.incidents()).toHaveLength(1);
    network.setConditions('ups-1', []);
    network.run(3 * MINUTE);
    // It may be starting.
    expect(network.incidents()).toHaveLength(1);
    network.run(4 * MINUTE);
    expect(open(network)).toMatchObject([{ rootDeviceId: 'srv-1', rootKind: 'device-down' }]);
    expect(network.incidents()[0]!.resolvedAt).not.toBeNull();
    expect(network.liveText()).toBe(network.replayedText());
  });

  test('a device behind one that is back is down by itself, and told as such once', () => {
    const network = new Network();
    for (const id of ['agg-1', 'acc-1', 'acc-2']) network.silence(id);
    network.run(2 * MINUTE);
    for (const id of ['agg-1', 'acc-2']) network.restore(id);
    network.run(3 * MINUTE);
    expect(open(network).map(({ rootDeviceId }) => rootDeviceId)).toEqual(['acc-1']);
    const about = network.pages().map(({ facts, kind }) => `${facts.rootDeviceId} ${kind}`);
    expect(about.filter((each) => each === 'acc-1 opened')).toHaveLength(1);
    expect(about.filter((each) => each === 'agg-1 resolved')).toHaveLength(1);
  });
});

function onBattery(minutes: number) {
  return {
    component: 'battery',
    kind: 'on-battery' as const,
    text: say('on battery', '由电池供电'),
    facts: { port: null, batteryMinutes: minutes, chargeRatio: null, value: null },
  };
}

describe('a power system on battery, by the shipped grading', () => {
  /** A room of batteries alone, which feeds an aggregation device and its switch elsewhere. */
  function withPowerRoom(feeds: Readonly<Record<string, readonly string[]>>): Topology {
    const base = topology();
    const power = (id: string) =>
      copyOf(id, { role: 'power', siteId: 'room', parents: [], customers: 0 });
    const devices = base.devices.map((each) => ({ ...each, powerFeeds: feeds[each.id] ?? [] }));
    return {
      ...base,
      devices: [...devices, power('bat-1'), power('bat-2')],
      sites: [...base.sites, { id: 'room', name: 'room', timeZone: 'UTC' }],
      gradingRules: defaultRules(),
    };
  }

  test('is the outage it will become: worse as the minutes go, and one incident when it is dark', () => {
    const network = new Network(withPowerRoom({ 'agg-1': ['bat-1'], 'acc-1': ['bat-1'] }));
    network.setConditions('bat-1', [onBattery(40)]);
    network.run(10 * SECOND);
    const [incident] = network.incidents();
    expect(incident).toMatchObject({ tier: 3, rootKind: 'on-battery' });
    expect(incident!.evidence.inputs).toMatchObject({ siteRole: 'aggregation', devicesDown: 0 });
    expect(network.pages()[0]!.facts.affectedNames).toEqual(['agg-1', 'acc-1', 'acc-2']);
    network.setConditions('bat-1', [onBattery(12)]);
    network.run(20 * SECOND);
    expect(incident).toMatchObject({ tier: 2 });
    expect(incident!.evidence.sentence.en).toContain('12 min left');
    network.setConditions('bat-1', [onBattery(0)]);
    for (const id of ['agg-1', 'acc-1', 'acc-2']) network.silence(id);
    network.run(3 * MINUTE);
    expect(network.incidents()).toHaveLength(1);
    expect(incident!.evidence.inputs.devicesDown).toBe(3);
    expect([...incident!.members.values()].sort()).toEqual(['fed-by', 'root']);
  });

  test('runs down while nobody hears of it: the minutes are those of its last word, less the silence', () => {
    const network = new Network(withPowerRoom({ 'agg-1': ['bat-1'], 'acc-1': ['bat-1'] }));
    network.setConditions('bat-1', [onBattery(40)]);
    network.run(10 * MINUTE);
    const [incident] = network.incidents();
    // While it tells, what it tells counts: a forecast that stands is not counted down.
    expect(incident!.evidence.inputs.batteryMinutes).toBe(40);
    network.silence('bat-1');
    network.run(25 * MINUTE);
    expect(incident!.evidence.inputs.batteryMinutes).toBeLessThanOrEqual(15);
    expect(incident).toMatchObject({ tier: 2 });
    expect(network.liveText()).toBe(network.replayedText());
  });

  test('whose load has another feed counts as where it stands, until that is on battery as well', () => {
    const network = new Network(withPowerRoom({ 'agg-1': ['bat-1', 'bat-2'] }));
    network.setConditions('bat-1', [onBattery(40)]);
    network.run(3 * MINUTE);
    expect(network.incidents()[0]).toMatchObject({ tier: 4 });
    network.setConditions('bat-2', [onBattery(12)]);
    network.run(MINUTE);
    expect(network.incidents().map(({ tier }) => tier)).toEqual([3, 2]);
  });
});
