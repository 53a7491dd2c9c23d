import { describe, expect, test } from 'vitest';
import { MINUTE } from '../../lib/time.ts';
import { IncidentRecords } from '../../reports/incident-records.ts';
import { fedCores, IDS, onBatteryFor, open, runStaggered } from './fed-cores.ts';
import { Network, START } from './network.ts';
import { tellsDown } from './ports-down.ts';

describe('a feed of which one load alone has failed, with all others behind it,', () => {
  const NORTH = ['agg-1', 'acc-1', 'acc-2', 'ups-2'];

  function loseNorth(network: Network, told: 'trouble' | 'nothing'): void {
    runStaggered(network, IDS, MINUTE);
    if (told === 'trouble') network.setConditions('ups-2', [onBatteryFor(30)]);
    runStaggered(network, IDS, MINUTE);
    for (const id of NORTH) network.silence(id);
    tellsDown(network, 'core-1', 'Te1');
    runStaggered(network, IDS, 5 * MINUTE);
  }

  test('is not blamed, and not said to have power, where it had told of no trouble', () => {
    const network = new Network(fedCores());
    loseNorth(network, 'nothing');
    expect(open(network)).toMatchObject([{ rootDeviceId: 'core-1', rootKind: 'port-down' }]);
    expect(network.incidents()[0]!.evidence.sentence).toMatchObject({
      en: expect.stringContaining(
        'no answer since from ups-2, which feeds it: whether it has power is not known',
      ),
      'zh-CN': expect.stringContaining('为其供电的 ups-2 此后也无响应，供电情况未知'),
    });
    expect(network.incidents()[0]!.evidence.sentence.en).not.toContain('cause');
    network.restore('acc-1');
    network.restore('agg-1');
    runStaggered(network, IDS, 2 * MINUTE);
    expect(network.incidents()[0]!.evidence.sentence.en).not.toContain('has power');
    for (const id of IDS) network.restore(id);
    network.setConditions('core-1', []);
    runStaggered(network, IDS, 10 * MINUTE);
    const end = network.pages().find(({ kind }) => kind === 'resolved')!;
    expect(end.facts.because.en).toContain('devices unreachable behind it');
    expect(end.facts.because.en).not.toContain('power');
    expect(end.facts.because['zh-CN']).not.toContain('供电');
    const records = new IncidentRecords(START, network.now);
    for (const event of network.events) records.apply(event);
    expect(records.read().records[0]!.because.en).not.toContain('power');
  });

  test('may be the cause as well where it had told of trouble: no link is failing again', () => {
    const network = new Network(fedCores());
    loseNorth(network, 'nothing');
    for (const id of IDS) network.restore(id);
    network.setConditions('core-1', []);
    runStaggered(network, IDS, 5 * MINUTE);
    loseNorth(network, 'trouble');
    const told = open(network).find(({ rootKind }) => rootKind === 'port-down')!;
    expect(told.evidence.sentence).toMatchObject({
      en: expect.stringContaining(
        'no answer since from ups-2, which feeds it: power may be the cause as well',
      ),
      'zh-CN': expect.stringContaining('为其供电的 ups-2 此后也无响应，原因也可能是电源'),
    });
    expect(told.episode).toBe(1);
    expect(network.eventsOf('incident-reopened')).toEqual([]);
    expect(network.liveText()).toBe(network.replayedText());
  });
});
