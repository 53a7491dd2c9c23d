import { beforeEach, describe, expect, test } from 'vitest';
import { toldCause } from '../../alerting/causes.ts';
import { renderPage } from '../../alerting/page-text.ts';
import type { Incident } from '../../alerting/state.ts';
import { type Condition, NO_FACTS } from '../../collector/observation.ts';
import { say } from '../../lib/local-text.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import { Network, RULES, rule, topology } from './network.ts';
import { tellsDown } from './ports-down.ts';

const ANY = rule('anything', 4, {});
const LOW = rule('battery-low', 1, { faultKinds: ['battery-low'] });

const ON_BATTERY: Partial<Condition> = {
  component: 'battery',
  kind: 'on-battery',
  text: say('on battery', '电池供电'),
  facts: { ...NO_FACTS, batteryMinutes: 12 },
};
const BATTERY_LOW: Partial<Condition> = {
  component: 'battery',
  kind: 'battery-low',
  text: say('charge 14 %', '电量 14%'),
  facts: { ...NO_FACTS, batteryMinutes: 6, chargeRatio: 0.14 },
};

const withRules = () => new Network(topology({ gradingRules: [LOW, ...RULES, ANY] }));
const open = (network: Network) =>
  network.incidents().filter(({ resolvedAt }) => resolvedAt === null);
const about = ({ rootDeviceId, rootKind }: Incident) => `${rootDeviceId} ${rootKind}`;
const texts = (network: Network, kind: string, language: 'en' | 'zh-CN' = 'en') =>
  network
    .pages()
    .filter((page) => page.kind === kind)
    .map(
      (page) =>
        renderPage(page, language, 'UTC', network.now, { incident: '', acknowledge: null }).text,
    );

/** Mains fail for ten minutes, after five of them the battery is low, and stays so for twenty. */
function mainsFailed(): Network {
  const network = withRules();
  network.run(MINUTE);
  network.setConditions('ups-1', [ON_BATTERY]);
  network.run(5 * MINUTE);
  network.setConditions('ups-1', [ON_BATTERY, BATTERY_LOW]);
  network.run(5 * MINUTE);
  return network;
}

describe('mains that are back while the battery is low', () => {
  let network: Network;
  beforeEach(() => {
    network = mainsFailed();
  });
  const mainsBack = () => {
    network.setConditions('ups-1', [BATTERY_LOW]);
    network.run(MINUTE);
  };

  test('make the incident one about the battery, with the time on battery apart', () => {
    expect(about(open(network)[0]!)).toBe('ups-1 on-battery');
    const { startedAt, clockStartedAt, acknowledgeBy, episode } = open(network)[0]!;
    mainsBack();
    const [incident] = open(network);
    expect(network.incidents()).toHaveLength(1);
    expect(about(incident!)).toBe('ups-1 battery-low');
    expect(incident!.causes).toMatchObject([
      { kind: 'on-battery', since: startedAt, until: startedAt + 10 * MINUTE, count: 1 },
      { kind: 'battery-low', since: startedAt + 5 * MINUTE, until: null, count: 1 },
    ]);
    expect(incident).toMatchObject({ startedAt, clockStartedAt, acknowledgeBy, episode });
    const { sentence } = incident!.evidence;
    expect(sentence.en).toContain('is on mains again, its battery is low');
    expect(sentence['zh-CN']).toContain('市电已恢复，电池电量仍低');
    expect(network.eventsOf('incident-root-passed')).toMatchObject([
      { over: { faultKey: 'ups-1/battery/on-battery', heldMs: 10 * MINUTE } },
    ]);
  });

  test('page nobody, and whoever has acknowledged need not do so again', () => {
    network.acknowledge('inc-000001');
    const before = network.pages().length;
    mainsBack();
    network.run(15 * MINUTE);
    expect(about(open(network)[0]!)).toBe('ups-1 battery-low');
    expect(open(network)[0]).toMatchObject({ acknowledgedBy: 'first' });
    expect(network.pages()).toHaveLength(before);
  });

  test('that fail again are what the incident is about again, and both times count', () => {
    mainsBack();
    network.setConditions('ups-1', [ON_BATTERY, BATTERY_LOW]);
    network.run(4 * MINUTE);
    expect(network.incidents()).toHaveLength(1);
    const [incident] = open(network);
    expect(about(incident!)).toBe('ups-1 on-battery');
    expect([...incident!.members.values()].toSorted()).toEqual(['root', 'same-device']);
    mainsBack();
    expect(open(network)[0]!.causes).toMatchObject([
      { kind: 'on-battery', count: 2, heldBeforeMs: 10 * MINUTE },
      { kind: 'battery-low', count: 1, until: null },
    ]);
    expect(about(open(network)[0]!)).toBe('ups-1 battery-low');
    expect(network.liveText()).toBe(network.replayedText());
  });

  test.each([
    ['mains', ON_BATTERY],
    ['the battery', BATTERY_LOW],
  ])(
    'open the same incident again where %s fails within half an hour after the end',
    (_, again) => {
      mainsBack();
      network.setConditions('ups-1', []);
      network.run(5 * MINUTE);
      expect(open(network)).toEqual([]);
      network.setConditions('ups-1', [again]);
      network.run(5 * MINUTE);
      expect(network.incidents()).toHaveLength(1);
      const [incident] = open(network);
      expect(incident).toMatchObject({ rootKind: again.kind, episode: 2 });
      expect(incident!.causes).toMatchObject([{ kind: again.kind, count: 1 }]);
      expect(network.liveText()).toBe(network.replayedText());
    },
  );

  test('end with how long each lasted, in both languages', () => {
    mainsBack();
    network.run(9 * MINUTE);
    network.setConditions('ups-1', []);
    network.run(5 * MINUTE);
    const [incident] = network.incidents();
    // What it was at its worst: the same that the reason is of.
    expect(toldCause(incident!).kind).toBe('on-battery');
    const [en] = texts(network, 'resolved');
    expect(en).toContain('Fault (over): ups-1: running on battery (on battery)');
    expect(en).toMatch(/Lasted: 10m, from 2026-11-01 00:01:\d\d .* to 2026-11-01 00:11:\d\d/);
    expect(en).toMatch(/Also: battery low for 15m, until 2026-11-01 00:21:\d\d/);
    expect(en).toMatch(/In all: 20m, from 2026-11-01 00:01:\d\d .* to 2026-11-01 00:21:\d\d/);
    const [zh] = texts(network, 'resolved', 'zh-CN');
    expect(zh).toMatch(/持续时间：10 分钟，自/);
    expect(zh).toMatch(/此外：电池电量低，持续 15 分钟，至/);
    expect(zh).toMatch(/事件总时长：20 分钟，自/);
    expect(network.liveText()).toBe(network.replayedText());
  });

  test('are told as back in what is still sent about it', () => {
    network.pollAll();
    mainsBack();
    network.run(10 * MINUTE);
    const sent = network.pages().filter(({ queuedAt }) => queuedAt > network.now - 10 * MINUTE);
    expect(sent.length).toBeGreaterThan(0);
    for (const { facts } of sent) expect(facts.faultKind).toBe('battery-low');
    const last = texts(network, sent.at(-1)!.kind).at(-1)!;
    expect(last).toContain('Fault: ups-1: battery low (charge 14 %)');
    expect(last).toMatch(/Since: 2026-11-01 00:06:\d\d/);
    expect(last).toMatch(/Over: running on battery for 10m, until 2026-11-01 00:11:\d\d/);
    expect(last).toMatch(/Incident since: 2026-11-01 00:01:\d\d/);
  });

  test('count by the clock that is right, where somebody sets it meanwhile', () => {
    mainsBack();
    network.setClockBack(-2 * 60 * MINUTE);
    network.run(9 * MINUTE);
    const { causes, startedAt } = open(network)[0]!;
    expect(causes[0]!.until! - startedAt).toBe(10 * MINUTE);
    expect(causes[0]!.firstAt).toBe(startedAt);
    expect(network.liveText()).toBe(network.replayedText());
  });

  test('explain no load any more that fails long after', () => {
    mainsBack();
    network.silence('srv-1');
    network.run(3 * MINUTE);
    expect(open(network).map(about)).toEqual(['ups-1 battery-low', 'srv-1 device-down']);
  });

  test('give a load that died in the dark its time to start, then it stands for itself', () => {
    network.silence('srv-1');
    network.run(2 * MINUTE);
    expect(open(network).map(about)).toEqual(['ups-1 on-battery']);
    mainsBack();
    network.run(2 * MINUTE);
    expect(open(network).map(about)).toEqual(['ups-1 battery-low']);
    network.run(4 * MINUTE);
    expect(open(network).map(about)).toEqual(['ups-1 battery-low', 'srv-1 device-down']);
    expect(network.liveText()).toBe(network.replayedText());
  });
});

describe('a root that is over', () => {
  test('passes on to the fault of its device that is left, the worst first', () => {
    const network = withRules();
    network.run(MINUTE);
    const hot = { component: 'inlet', kind: 'temperature', level: 'warning' } as const;
    const slow = { component: 'fan-1', kind: 'fan', level: 'warning' } as const;
    const stopped = { component: 'fan-2', kind: 'fan', level: 'critical' } as const;
    network.setConditions('core-1', [hot]);
    network.run(MINUTE);
    network.setConditions('core-1', [hot, slow, stopped]);
    network.run(MINUTE);
    expect(network.incidents()).toHaveLength(1);
    network.setConditions('core-1', [slow, stopped]);
    network.run(MINUTE);
    expect(open(network)[0]).toMatchObject({ rootKind: 'fan', rootComponent: 'fan-2' });
    network.setConditions('core-1', [slow]);
    network.run(MINUTE);
    expect(open(network)[0]).toMatchObject({ rootKind: 'fan', rootComponent: 'fan-1' });
    expect(network.pageList().filter((page) => page === 'first opened')).toHaveLength(1);
    expect(network.liveText()).toBe(network.replayedText());
  });

  test('leaves what it left dark its time to start, and ends under its own name', () => {
    const base = topology();
    const network = new Network({
      ...base,
      devices: [
        ...base.devices.map((each) => ({ ...each, powerFeeds: [] as string[] })),
        ...['pdu-1', 'rack-1', 'rack-2'].map((id) => ({
          ...base.devices.find((each) => each.id === 'srv-1')!,
          ...{ id, name: id, powerFeeds: id === 'pdu-1' ? [] : ['pdu-1'] },
        })),
      ],
    });
    network.run(MINUTE);
    for (const id of ['pdu-1', 'rack-1', 'rack-2']) network.silence(id);
    network.run(2 * MINUTE);
    expect(open(network).map(about)).toEqual(['pdu-1 device-down']);
    for (const id of ['pdu-1', 'rack-1']) network.restore(id);
    network.run(MINUTE);
    network.acknowledge('inc-000001');
    expect(open(network).map(about)).toEqual(['pdu-1 device-down']);
    network.run(7 * MINUTE);
    expect(open(network).map(about)).toEqual(['rack-2 device-down']);
    const [end] = texts(network, 'resolved');
    expect(end).toContain('Fault (over): pdu-1: not answering');
    expect(network.liveText()).toBe(network.replayedText());
  });

  test('says so in a page that goes out meanwhile, in both languages', () => {
    const network = withRules();
    network.run(MINUTE);
    network.silence('agg-2');
    for (const id of ['core-1', 'core-2']) tellsDown(network, id, 'Te2');
    network.run(4 * MINUTE + 20 * SECOND);
    network.restore('agg-2');
    network.run(MINUTE);
    const last = network.pages().findLast(({ kind }) => kind === 'escalated')!;
    expect(last.queuedAt).toBeGreaterThan(network.now - MINUTE);
    expect(last.facts.isCauseOver).toBe(true);
    const says = (language: 'en' | 'zh-CN') => texts(network, 'escalated', language).at(-1)!;
    expect(says('en')).toContain('Fault: agg-2: not answering (over, what came of it is not)');
    expect(says('en')).toMatch(/Lasted: 4m 20s, from/);
    expect(says('zh-CN')).toContain('agg-2：设备无响应（已消除，其影响尚未消除）');
    expect(open(network)[0]!.evidence.sentence.en).toMatch(/, and that is over$/);
    expect(network.liveText()).toBe(network.replayedText());
  });

  test('passes on to the other end of the same link, once that had its time to tell', () => {
    const [upper, lower] = ['core-1 Te2', 'agg-2 Te49'].map((text) => {
      const [deviceId, port] = text.split(' ');
      return { deviceId: deviceId!, port: port! };
    });
    const links = [{ id: 'left', ends: [upper!, lower!] as const }];
    const network = new Network(topology({ gradingRules: [...RULES, ANY], links }));
    network.run(MINUTE);
    tellsDown(network, 'core-1', 'Te2');
    network.run(20 * SECOND);
    tellsDown(network, 'agg-2', 'Te49');
    network.run(2 * MINUTE);
    expect(open(network).map(about)).toEqual(['core-1 port-down']);
    network.setConditions('core-1', []);
    network.run(MINUTE);
    // The other end is told a little later as a rule.
    expect(open(network).map(about)).toEqual(['core-1 port-down']);
    network.run(2 * MINUTE);
    expect(open(network).map(about)).toEqual(['agg-2 port-down']);
    expect(network.incidents()).toHaveLength(1);
    expect(network.pageList().filter((page) => page === 'first opened')).toHaveLength(1);
    tellsDown(network, 'core-1', 'Te2');
    network.run(MINUTE);
    expect(open(network).map(about)).toEqual(['core-1 port-down']);
    expect(network.incidents()).toHaveLength(1);
    expect(network.liveText()).toBe(network.replayedText());
  });

  test('passes on to what its redundancy group lacks still, not to what was a sign of it', () => {
    const group = { id: 'cores', name: 'cores', deviceIds: ['core-1', 'core-2'], need: 2 };
    const network = new Network(
      topology({ gradingRules: [...RULES, ANY], redundancyGroups: [group] }),
    );
    network.run(MINUTE);
    network.silence('core-2');
    network.run(2 * MINUTE);
    expect(open(network).map(about)).toEqual(['core-2 device-down']);
    expect([...open(network)[0]!.members.values()]).toContain('redundancy');
    network.restore('core-2');
    network.run(2 * MINUTE);
    expect(open(network)).toEqual([]);
    expect(network.eventsOf('incident-root-passed')).toEqual([]);
  });

  test('leaves what was behind it to stand for itself, whatever else its device tells', () => {
    const network = withRules();
    network.run(MINUTE);
    network.silence('agg-1');
    for (const id of ['acc-1', 'acc-2']) network.silence(id);
    network.run(2 * MINUTE);
    const alert = { fingerprint: 'a'.repeat(16), name: 'Slow', severity: 'warning', labels: {} };
    const times = { startsAt: network.now, endsAt: null, expiresAt: network.now + 60 * MINUTE };
    network.tick([
      {
        kind: 'alerts',
        alerts: [
          {
            ...{ ...alert, ...times, url: null, timeoutMs: MINUTE, subjectId: 'agg-1' },
            text: say('slow', '慢'),
          },
        ],
      },
    ]);
    network.run(MINUTE);
    expect([...open(network)[0]!.members.values()]).toContain('same-device');
    network.restore('agg-1');
    network.run(2 * MINUTE);
    expect(open(network).map(about)).toEqual([
      'agg-1 alert',
      'acc-1 device-down',
      'acc-2 device-down',
    ]);
    expect(network.liveText()).toBe(network.replayedText());
  });
});

describe('a fault that comes and goes within one incident', () => {
  test('lasted as long as its times together', () => {
    const network = withRules();
    for (let round = 0; round < 10; round += 1) {
      tellsDown(network, 'core-1', 'Te2');
      network.run(30 * SECOND);
      network.setConditions('core-1', []);
      network.run(30 * SECOND);
    }
    network.run(20 * MINUTE);
    expect(open(network)).toEqual([]);
    const { causes, startedAt, restoredAt } = network.incidents()[0]!;
    const [cause] = causes;
    expect(causes).toHaveLength(1);
    expect(cause!.count).toBeGreaterThan(2);
    const heldMs = cause!.heldBeforeMs + cause!.until! - cause!.since;
    expect(heldMs).toBe(cause!.count * 30 * SECOND);
    expect(restoredAt! - startedAt).toBeGreaterThan(heldMs);
    expect(texts(network, 'resolved').at(-1)).toMatch(/Lasted: .*, on and off from/);
  });
});
