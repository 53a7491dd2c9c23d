import { describe, expect, test } from 'vitest';
import type { Topology } from '../../alerting/topology.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import { fedCores, IDS, onBatteryFor, open, runStaggered } from './fed-cores.ts';
import { Network, START } from './network.ts';
import { tellsDown } from './ports-down.ts';

function rotations(): readonly (readonly string[])[] {
  return IDS.map((_, at) => [...IDS.slice(at), ...IDS.slice(0, at)]);
}

describe('a feed that is managed through what it feeds', () => {
  test.each(rotations())('is one incident, whoever is noticed first: %s', (...order) => {
    const network = new Network(fedCores());
    runStaggered(network, order, MINUTE);
    for (const id of IDS) network.silence(id);
    runStaggered(network, order, 5 * MINUTE);
    expect(network.incidents()).toHaveLength(1);
    const [incident] = network.incidents();
    expect(incident).toMatchObject({ rootDeviceId: 'pdu-1', rootKind: 'device-down', tier: 1 });
    expect(incident!.rootText.en).toBe(
      'its power may be the cause, or that of ups-1 which feeds it',
    );
    expect(incident!.evidence.sentence.en).toBe(
      'everything fed by pdu-1 went dark together, pdu-1 itself cannot be reached through what it ' +
        'feeds, 0 of 2 left in cores, 9 devices dark or cut off with it, 100 % of site hq down, ' +
        '200 customers affected',
    );
    const first = network.pages()[0]!;
    expect(first).toMatchObject({ kind: 'opened', facts: { rootDeviceName: 'pdu-1', tier: 1 } });
    expect(first.facts.affectedCount).toBe(IDS.length - 1);
    expect(network.pageList().filter((each) => each === 'first opened')).toHaveLength(1);
    for (const id of IDS) network.restore(id);
    runStaggered(network, order, 10 * MINUTE);
    expect(open(network)).toEqual([]);
    expect(network.incidents()).toHaveLength(1);
    expect(network.pageList().filter((each) => each === 'first resolved')).toHaveLength(1);
    expect(network.state.faults.size).toBe(0);
    expect(network.liveText()).toBe(network.replayedText());
  });

  test('is not blamed for one load of two', () => {
    const network = new Network(fedCores());
    runStaggered(network, IDS, MINUTE);
    network.silence('core-1');
    runStaggered(network, IDS, 5 * MINUTE);
    expect(open(network)).toMatchObject([{ rootDeviceId: 'core-1', tier: 2 }]);
    expect(network.incidents()[0]!.evidence.sentence.en).not.toContain('power');
    expect(network.eventsOf('fault-raised').some(({ inferred }) => inferred)).toBe(false);
    // The other one later is another story: by then the first was alone for long.
    for (const id of IDS) network.silence(id);
    network.restore('agg-2');
    runStaggered(network, IDS, 5 * MINUTE);
    expect(network.liveText()).toBe(network.replayedText());
  });

  test.each([10, 30, 180])('is not blamed for loads that failed %i s apart', (apartS) => {
    const network = new Network(fedCores());
    runStaggered(network, IDS, MINUTE);
    network.silence('core-1');
    // The other core is asked at once when the first falls silent, and answers.
    runStaggered(network, IDS, apartS * SECOND);
    network.poll('core-2');
    for (const id of IDS) network.silence(id);
    runStaggered(network, IDS, 4 * MINUTE);
    expect(network.eventsOf('fault-raised').some(({ inferred }) => inferred)).toBe(false);
    const roots = open(network).map(({ rootDeviceId }) => rootDeviceId);
    expect(roots).toContain('core-1');
    expect(roots).not.toContain('pdu-1');
    expect(open(network).some(({ tier }) => tier === 1)).toBe(true);
    for (const { evidence } of open(network))
      expect(evidence.sentence.en).not.toContain('went dark together');
    for (const id of IDS) network.restore(id);
    runStaggered(network, IDS, 10 * MINUTE);
    expect(open(network)).toEqual([]);
    expect(network.liveText()).toBe(network.replayedText());
  });

  test('has output as soon as a load answers; one that does not start has its own incident', () => {
    const network = new Network(fedCores());
    for (const id of IDS) network.silence(id);
    runStaggered(network, IDS, 5 * MINUTE);
    for (const id of IDS) if (id !== 'core-1') network.restore(id);
    runStaggered(network, IDS, 3 * MINUTE);
    expect(network.state.faults.has('pdu-1/*/device-down')).toBe(false);
    expect(open(network).map(({ rootDeviceId }) => rootDeviceId)).toEqual(['pdu-1']);
    runStaggered(network, IDS, 4 * MINUTE);
    expect(open(network).map(({ rootDeviceId }) => rootDeviceId)).toEqual(['core-1']);
    expect(network.incidents()).toHaveLength(2);
  });

  test('that stays silent itself when its loads are back is down by itself, in the same incident', () => {
    const network = new Network(fedCores());
    for (const id of IDS) network.silence(id);
    runStaggered(network, IDS, 5 * MINUTE);
    for (const id of IDS) if (id !== 'pdu-1') network.restore(id);
    runStaggered(network, IDS, 20 * MINUTE);
    expect(network.state.devices.get('pdu-1')!.health).toBe('down');
    expect(network.state.faults.get('pdu-1/*/device-down')!.inferred).toBeUndefined();
    expect(open(network).map(({ rootDeviceId }) => rootDeviceId)).toEqual(['pdu-1']);
    expect(network.incidents()).toHaveLength(1);
  });

  test('is remembered over a restart, and ends after it', () => {
    const network = new Network(fedCores());
    for (const id of IDS) network.silence(id);
    runStaggered(network, IDS, 5 * MINUTE);
    network.restart(fedCores());
    runStaggered(network, IDS, 5 * MINUTE);
    expect(network.incidents()).toHaveLength(1);
    for (const id of IDS) network.restore(id);
    runStaggered(network, IDS, 10 * MINUTE);
    expect(open(network)).toEqual([]);
    expect(network.state.faults.size).toBe(0);
  });

  test('is the probable cause where it had told of trouble, not nearly empty, before', () => {
    const network = new Network(fedCores());
    runStaggered(network, IDS, MINUTE);
    network.setConditions('ups-1', [onBatteryFor(30)]);
    runStaggered(network, IDS, MINUTE);
    for (const id of IDS) network.silence(id);
    runStaggered(network, IDS, 5 * MINUTE);
    const raised = network.eventsOf('fault-raised').find(({ inferred }) => inferred)!;
    expect(raised.text).toMatchObject({
      en: 'probable cause: its power, or that of ups-1 which feeds it',
      'zh-CN': '很可能的原因：其电源中断，或为其供电的 ups-1 中断',
    });
  });
});

describe('a feed with a load of which nobody says where it hangs', () => {
  const undeclared = { 'acc-2': { parents: [] } };
  const NORTH = ['agg-1', 'acc-1', 'acc-2', 'ups-2'];
  const sentences = (network: Network) =>
    network.incidents().map(({ evidence }) => evidence.sentence.en);

  test.each(rotations())(
    'is not blamed for a device behind which the others lie: %s',
    (...order) => {
      const network = new Network(fedCores(undeclared));
      runStaggered(network, order, MINUTE);
      for (const id of NORTH) network.silence(id);
      tellsDown(network, 'core-1', 'Te1');
      runStaggered(network, order, 5 * MINUTE);
      const roots = network.incidents().map(({ rootDeviceId }) => rootDeviceId);
      expect(roots).not.toContain('ups-2');
      expect(['core-1', 'agg-1']).toContain(roots[0]);
      expect(sentences(network).join()).not.toContain('went dark together');
      expect(network.liveText()).toBe(network.replayedText());
    },
  );

  test('is not blamed where the loads are in planned work, which the page tells', () => {
    const planned: Topology['maintenanceWindows'][number] = {
      ...{
        id: 'works',
        reason: 'works',
        owner: 'first',
        siteIds: [],
        tags: [],
        deviceIds: ['agg-1'],
      },
      ...{ startsAt: START, endsAt: START + 60 * MINUTE },
    };
    const parents = [{ deviceId: 'core-2', port: null }];
    const network = new Network({
      ...fedCores({ 'acc-2': { parents } }),
      maintenanceWindows: [planned],
    });
    runStaggered(network, IDS, MINUTE);
    for (const id of NORTH) network.silence(id);
    runStaggered(network, IDS, 5 * MINUTE);
    const roots = network.incidents().map(({ rootDeviceId }) => rootDeviceId);
    expect(roots).toContain('agg-1');
    expect(roots).not.toContain('ups-2');
    expect(sentences(network).join()).toContain('planned work covers agg-1, but not');
  });

  test('is blamed for two loads that are each reached by themselves', () => {
    const parents = [{ deviceId: 'core-2', port: null }];
    const network = new Network(fedCores({ 'acc-2': { parents } }));
    runStaggered(network, IDS, MINUTE);
    for (const id of NORTH) network.silence(id);
    runStaggered(network, IDS, 5 * MINUTE);
    expect(open(network).map(({ rootDeviceId }) => rootDeviceId)).toEqual(['ups-2']);
  });
});

describe('a feed whose own power system answers', () => {
  /** The UPS is reached by itself; the PDU that it feeds is not. */
  const reachedUps = () => fedCores({ 'ups-1': { parents: [], siteId: 'south' } });
  const DARK = IDS.filter((id) => id !== 'ups-1');
  const onBattery = [onBatteryFor(30)];

  const rootsOf = (network: Network) => open(network).map(({ rootDeviceId }) => rootDeviceId);

  test.each(rotations())(
    'is not blamed where that is on mains and well, whoever is noticed first: %s',
    (...order) => {
      const network = new Network(reachedUps());
      runStaggered(network, order, MINUTE);
      for (const id of DARK) network.silence(id);
      runStaggered(network, order, 5 * MINUTE);
      expect(network.eventsOf('fault-raised').some(({ inferred }) => inferred)).toBe(false);
      expect(rootsOf(network)).toEqual(expect.arrayContaining(['core-1', 'core-2']));
      expect(rootsOf(network)).not.toContain('pdu-1');
      const told = network.incidents().map(({ evidence }) => evidence.sentence.en);
      expect(told.join()).not.toContain('everything fed by');
      expect(network.liveText()).toBe(network.replayedText());
    },
  );

  test('is blamed where that tells of trouble with its own power', () => {
    const network = new Network(reachedUps());
    runStaggered(network, IDS, MINUTE);
    network.setConditions('ups-1', onBattery);
    runStaggered(network, IDS, MINUTE);
    for (const id of DARK) network.silence(id);
    runStaggered(network, IDS, 5 * MINUTE);
    expect(rootsOf(network)).toContain('pdu-1');
  });

  test('is not without output for a low battery alone, as long as that tells of mains', () => {
    const low = [{ ...onBattery[0]!, kind: 'battery-low', level: 'warning' } as const];
    const network = new Network(
      fedCores({ 'ups-1': { parents: [], siteId: 'south' }, 'core-1': { powerFeeds: ['ups-1'] } }),
    );
    runStaggered(network, IDS, MINUTE);
    network.setConditions('ups-1', low);
    runStaggered(network, IDS, MINUTE);
    network.silence('core-1');
    runStaggered(network, IDS, 5 * MINUTE);
    expect(rootsOf(network)).toContain('core-1');
  });
});

describe('two feeds', () => {
  const both = { powerFeeds: ['ups-1', 'ups-2'] };
  const alone = { parents: [], siteId: 'hq' };
  /** Both systems are reached by themselves; the cores live as long as one of them does. */
  const twoFeeds = () =>
    fedCores({ 'core-1': both, 'core-2': both, 'ups-1': alone, 'ups-2': alone, 'pdu-1': alone });

  test('are the cause only when both are dark', () => {
    const network = new Network(twoFeeds());
    runStaggered(network, IDS, MINUTE);
    for (const id of ['ups-1', 'core-1', 'core-2']) network.silence(id);
    runStaggered(network, IDS, 4 * MINUTE);
    const roots = network.incidents().map(({ rootDeviceId }) => rootDeviceId);
    expect(roots).toContain('core-1');
    expect(network.incidents().flatMap(({ members }) => [...members.values()])).not.toContain(
      'fed-by',
    );
  });

  test('that die together with what both feed are one trouble each, and the loads fold', () => {
    const network = new Network(twoFeeds());
    runStaggered(network, IDS, MINUTE);
    for (const id of IDS) network.silence(id);
    runStaggered(network, IDS, 8 * MINUTE);
    const roots = new Set(network.incidents().map(({ rootDeviceId }) => rootDeviceId));
    expect(roots.has('core-1')).toBe(false);
    expect(roots.has('core-2')).toBe(false);
  });
});

describe('a feed that is reached by itself', () => {
  const change = {
    'ups-1': { parents: [] },
    'pdu-1': { parents: [{ deviceId: 'core-2', port: null }] },
  };

  test.each(rotations())(
    'is one incident with its loads, whoever is noticed first: %s',
    (...order) => {
      const network = new Network(fedCores(change));
      runStaggered(network, order, MINUTE);
      for (const id of IDS) network.silence(id);
      runStaggered(network, order, 5 * MINUTE);
      expect(network.incidents()).toMatchObject([{ rootDeviceId: 'ups-1', tier: 1 }]);
      expect(network.incidents()[0]!.evidence.sentence.en).toContain(
        'everything fed by ups-1 is dark, ups-1 itself does not answer',
      );
      for (const id of IDS) network.restore(id);
      runStaggered(network, order, 10 * MINUTE);
      expect(open(network)).toEqual([]);
      expect(network.pageList().filter((each) => each === 'first resolved')).toHaveLength(1);
    },
  );

  test('is silent alone, and its living loads prove that it has output', () => {
    const network = new Network(fedCores(change));
    network.silence('ups-1');
    runStaggered(network, IDS, 12 * MINUTE);
    network.silence('core-1');
    runStaggered(network, IDS, 4 * MINUTE);
    expect(open(network).map(({ rootDeviceId }) => rootDeviceId)).toEqual(['ups-1', 'core-1']);
  });
});
