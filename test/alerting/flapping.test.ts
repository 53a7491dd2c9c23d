import { describe, expect, test } from 'vitest';
import { flapFacts } from '../../alerting/flaps.ts';
import { formatZoned, type PageToRender, renderPage } from '../../alerting/page-text.ts';
import type { Page } from '../../alerting/state.ts';
import type { Topology } from '../../alerting/topology.ts';
import { foldIncident } from '../../api/incident-record.ts';
import { faultTitle } from '../../api/words.ts';
import { HOUR, MINUTE, SECOND } from '../../lib/time.ts';
import { Network, rule, START, topology } from './network.ts';
import { tellsDown } from './ports-down.ts';

/** A port that flaps is an incident once that has lasted ten minutes; one that is down, after twenty. */
const RULES = [
  rule('flapping', 3, { flapping: true }, 10 * MINUTE),
  rule('down', 4, { faultKinds: ['port-down'] }, 20 * MINUTE),
  rule('silent', 4, { faultKinds: ['device-down'], flapping: false }, 20 * MINUTE),
];

function patient(change: Partial<Topology> = {}): Topology {
  const flapping = { windowMs: 30 * MINUTE, enterAbove: 2, leaveBelow: 1 };
  return topology({ gradingRules: RULES, flapping, ...change });
}

/** Down for twenty seconds of each minute. */
function flaps(network: Network, minutes: number): void {
  for (let minute = 0; minute < minutes; minute++) {
    tellsDown(network, 'acc-1', 'Gi3');
    network.run(20 * SECOND);
    tellsDown(network, 'acc-1');
    network.run(40 * SECOND);
  }
}

const subject = (page: PageToRender, language: 'en' | 'zh-CN', now = page.queuedAt) =>
  renderPage(page, language, 'UTC', now, { incident: 'http://x', acknowledge: null }).subject;

const last = (network: Network): Page => network.pages().at(-1)!;

describe('a rule that waits for a fault to have flapped', () => {
  test('counts from when the flapping began, over the moments in which the port was up', () => {
    const network = new Network(patient());
    flaps(network, 15);
    const [began] = network.eventsOf('flapping-started');
    const [incident] = network.incidents();
    expect(network.incidents()).toHaveLength(1);
    expect(incident!.evidence.ruleId).toBe('flapping');
    const waitedMs = incident!.openedAt - began!.at;
    expect(waitedMs).toBeGreaterThanOrEqual(10 * MINUTE);
    expect(waitedMs).toBeLessThan(11 * MINUTE);
    expect(incident!.startedAt).toBeLessThanOrEqual(began!.at);
    expect(incident!.startedAt).toBeGreaterThan(began!.at - MINUTE);
    expect(network.liveText()).toBe(network.replayedText());
  });

  test('counts on after a restart in the middle of it', () => {
    const network = new Network(patient());
    flaps(network, 8);
    network.restart(patient());
    flaps(network, 7);
    const [began] = network.eventsOf('flapping-started');
    expect(network.incidents()).toHaveLength(1);
    expect(network.incidents()[0]!.openedAt - began!.at).toBeLessThan(11 * MINUTE);
  });

  test('goes on while the wall clock is set back an hour', () => {
    const network = new Network(patient());
    flaps(network, 8);
    network.setClockBack(HOUR);
    flaps(network, 3);
    expect(network.incidents()).toHaveLength(0);
    flaps(network, 4);
    expect(network.incidents()).toHaveLength(1);
  });

  test('does not hold for what has settled before', () => {
    const calm = { windowMs: 4 * MINUTE, enterAbove: 2, leaveBelow: 1 };
    const network = new Network(patient({ flapping: calm }));
    for (let time = 0; time < 4; time++) {
      flaps(network, 4);
      network.run(10 * MINUTE);
    }
    expect(network.eventsOf('flapping-ended')).toHaveLength(4);
    expect(network.incidents()).toHaveLength(0);
  });

  test('adds up nothing for a rule that speaks of a port that is down', () => {
    const network = new Network(patient({ gradingRules: RULES.slice(1) }));
    flaps(network, 60);
    expect(network.incidents()).toHaveLength(0);
  });

  test('counts a condition beside the flapping from when it began', () => {
    const hot = rule('hot', 3, { flapping: true, levels: ['critical'] }, 10 * MINUTE);
    const network = new Network(patient({ gradingRules: [hot] }));
    flaps(network, 20);
    expect(network.incidents()).toHaveLength(0);
    network.setConditions('acc-1', [
      { component: 'port:Gi3', kind: 'port-down', level: 'critical' },
    ]);
    network.run(9 * MINUTE);
    expect(network.incidents()).toHaveLength(0);
    network.run(2 * MINUTE);
    expect(network.incidents()).toHaveLength(1);
  });
});

describe('what is said of a port that flaps', () => {
  test('is that it does, how often and over which time, in both languages', () => {
    const network = new Network(patient());
    flaps(network, 15);
    const page = network.pages()[0]!;
    const { count } = page.facts.flapping!.rate!;
    const firstAt = network.eventsOf('fault-raised')[0]!.at;
    const rate = { windowMs: (count - 1) * MINUTE, firstAt };
    expect(page.facts.flapping).toMatchObject({ rate, isThere: true });
    const { text } = renderPage(page, 'en', 'UTC', page.queuedAt, {
      ...{ incident: 'http://x', acknowledge: null },
    });
    expect(text).toContain(`Since: ${formatZoned(firstAt, 'UTC')} (`);
    expect(count).toBe(
      network.eventsOf('fault-raised').filter(({ at }) => at <= page.queuedAt).length,
    );
    expect(subject(page, 'en')).toBe(
      `[3 significant 较大] New — acc-1, Gi3: port flaps, ${count} times in ${count - 1}m, north (inc-000001)`,
    );
    expect(subject(page, 'zh-CN')).toBe(
      `[3 significant 较大] 新事件 — acc-1，Gi3：端口频繁抖动，${count - 1} 分钟内 ${count} 次，north (inc-000001)`,
    );
    const incident = network.incidents()[0]!;
    const flapping = flapFacts(network.state, incident);
    expect(faultTitle('acc-1', 'port-down', 'port:Gi3', flapping).en).toBe(
      `acc-1: port flaps, ${flapping!.rate!.count} times in 14m (Gi3)`,
    );
    expect(flapping!.rate!.count).toBe(15);
  });

  test('is not that it is down while it is up', () => {
    const network = new Network(patient());
    flaps(network, 14);
    const [opened] = network.pages();
    const text = (page: Page) =>
      renderPage(page, 'en', 'UTC', page.queuedAt, { incident: 'http://x', acknowledge: null })
        .text;
    expect(text(opened!)).toContain('(port Gi3 is down)');
    // The second step of the escalation falls due while it is up, and may be about to fail again.
    network.run(6 * MINUTE);
    const away = network.pages().find(({ facts }) => facts.flapping?.isThere === false)!;
    expect(text(away)).toContain('Fault: acc-1, Gi3: port flaps, 14 times in 13m\n');
  });

  test('is "down" again where it comes to rest down, and that stays so to the end', () => {
    const network = new Network(patient());
    flaps(network, 15);
    tellsDown(network, 'acc-1', 'Gi3');
    network.run(HOUR);
    const [incident] = network.incidents();
    expect(network.eventsOf('flapping-ended')).toHaveLength(1);
    expect(incident).toMatchObject({ resolvedAt: null });
    expect(flapFacts(network.state, incident!)).toBeNull();
    tellsDown(network, 'acc-1');
    network.run(5 * MINUTE);
    expect(last(network).kind).toBe('resolved');
    expect(subject(last(network), 'en')).toContain('Resolved — acc-1, Gi3: port down, north');
    const record = foldIncident(network.events.filter((event) => 'incidentId' in event));
    expect(flapFacts(network.state, record!)).toBeNull();
    expect(network.liveText()).toBe(network.replayedText());
  });

  test('is at the end that it flapped, where it has come to rest up', () => {
    const network = new Network(patient());
    flaps(network, 15);
    network.run(HOUR);
    expect(last(network).kind).toBe('resolved');
    expect(subject(last(network), 'en')).toContain(
      'Resolved — acc-1, Gi3: port flaps, 15 times in 14m, north',
    );
    const links = { incident: 'http://x', acknowledge: null };
    const text = (language: 'en' | 'zh-CN') =>
      renderPage(last(network), language, 'UTC', network.now, {
        ...links,
      }).text;
    expect(text('en')).toMatch(/^Lasted: .*, on and off from 2026-11-01 .* to /m);
    expect(text('zh-CN')).toMatch(/^持续时间：.*，自 .* 至 .* 反复出现/m);
    expect(network.liveText()).toBe(network.replayedText());
    const record = foldIncident(network.events.filter((event) => 'incidentId' in event));
    const facts = flapFacts(network.state, record!);
    expect(facts).toMatchObject({ rate: { count: 15 }, isThere: false });
    // The count, since when it was and how long it lasted have one beginning.
    const from = formatZoned(facts!.rate!.firstAt!, 'UTC');
    const [, length] = /^Lasted: (.+), on and off from (.*) to /m.exec(text('en'))!;
    expect(text('en')).toContain(`on and off from ${from} to `);
    expect(text('en')).not.toContain('In all');
    expect(length).toMatch(/^14m/);
    const shown = network
      .pages()
      .find(({ facts: told }) => told.flapping?.rate && !told.resolvedAt);
    expect(renderPage(shown!, 'en', 'UTC', shown!.queuedAt, links).text).toContain(
      `Since: ${from} (`,
    );
    expect(faultTitle('acc-1', 'port-down', 'port:Gi3', { rate: null, isThere: false })).toEqual({
      en: 'acc-1: port flaps (Gi3)',
      'zh-CN': 'acc-1：端口频繁抖动（Gi3）',
    });
  });

  test('is said of an incident that began with a port that was down once it flaps', () => {
    const atOnce = rule('port', 4, { faultKinds: ['port-down'] });
    const network = new Network(patient({ gradingRules: [atOnce] }));
    tellsDown(network, 'acc-1', 'Gi3');
    network.run(MINUTE);
    expect(subject(network.pages()[0]!, 'en')).toContain('port down');
    flaps(network, 4);
    const [incident] = network.incidents();
    expect(incident!.evidence.isFlapping).toBe(true);
    expect(flapFacts(network.state, incident!)!.rate!.count).toBeGreaterThan(2);
  });

  test('is said of devices in their own words', () => {
    const network = new Network(patient());
    for (let time = 0; time < 4; time++) {
      network.silence('acc-1');
      network.run(40 * SECOND);
      network.restore('acc-1');
      network.run(40 * SECOND);
    }
    network.silence('acc-1');
    network.run(10 * MINUTE);
    expect(subject(network.pages()[0]!, 'en')).toContain(
      'acc-1: goes down again and again, 5 times in 5m 20s, north',
    );
    expect(subject(network.pages()[0]!, 'zh-CN')).toContain(
      'acc-1：设备反复中断，5 分钟 20 秒内 5 次',
    );
  });
});

test('how often a port flaps never sinks while it does, and is counted in good English', () => {
  const network = new Network(patient());
  flaps(network, 15);
  const told: number[] = [];
  for (let minute = 0; minute < 60; minute++) {
    network.run(MINUTE);
    const [incident] = network.incidents();
    if (incident !== undefined && incident.resolvedAt === null)
      told.push(flapFacts(network.state, incident)!.rate!.count);
  }
  expect(told.length).toBeGreaterThan(20);
  expect(new Set(told)).toEqual(new Set([15]));
  const once = { count: 1, windowMs: 0, isMore: false };
  expect(faultTitle('acc-1', 'port-down', null, { rate: once, isThere: true }).en).toBe(
    'acc-1: port flaps, 1 time in 0s',
  );
});

test('how often a port flaps is bounded, and said to be', () => {
  const day = { windowMs: 24 * HOUR, enterAbove: 2, leaveBelow: 1 };
  const network = new Network(patient({ flapping: day }));
  flaps(network, 300);
  const { rate } = flapFacts(network.state, network.incidents()[0]!)!;
  expect(rate).toMatchObject({ count: 256, windowMs: 255 * MINUTE, isMore: true });
  expect(faultTitle('acc-1', 'port-down', null, { rate, isThere: true })).toEqual({
    en: 'acc-1: port flaps, 256 times or more in 4h 15m',
    'zh-CN': 'acc-1：端口频繁抖动，4 小时 15 分钟内不少于 256 次',
  });
  expect(network.now - START).toBe(300 * MINUTE);
});
