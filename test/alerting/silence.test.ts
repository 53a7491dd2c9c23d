import { describe, expect, test } from 'vitest';
import type { Command } from '../../alerting/inputs.ts';
import type { Matcher } from '../../alerting/silence.ts';
import { viewAlerts } from '../../api/alertmanager/alert-view.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../lib/time.ts';
import { Network } from './network.ts';

const is = (name: string, ...values: string[]): Matcher => ({ name, values, isEqual: true });

function silence(
  network: Network,
  change: Partial<Extract<Command, { type: 'add-silence' }>> = {},
) {
  return network.command({
    ...{ type: 'add-silence', by: 'first', owner: 'first', reason: 'work', startsAt: null },
    matchers: [is('device', 'core-1')],
    endsAt: network.now + HOUR,
    ...change,
  });
}

function failing(deviceId = 'core-1', ...more: string[]): Network {
  const network = new Network();
  network.run(MINUTE);
  for (const id of [deviceId, ...more]) network.silence(id);
  return network;
}

describe('a silence', () => {
  test('pages nobody; incident, clock and breach are recorded all the same', () => {
    const network = failing();
    silence(network);
    network.run(20 * MINUTE);
    expect(network.pageList()).toEqual([]);
    expect(network.incidents()).toMatchObject([{ tier: 2, breachedAt: expect.any(Number) }]);
    const steps = network.eventsOf('clock-step-taken');
    expect(steps.map(({ step, silencedBy }) => [step, silencedBy])).toEqual(
      ['step:2:0', 'step:2:1', 'reminder:0.5', 'step:2:2', 'reminder:0.8', 'breach'].map((step) => [
        step,
        'sil-000001',
      ]),
    );
    expect([...network.state.silences.get('sil-000001')!.hiddenIncidentIds]).toEqual([
      'inc-000001',
    ]);
  });

  test('that ends pages what is due of an incident still open, once', () => {
    const network = failing();
    silence(network, { endsAt: network.now + 6 * MINUTE });
    network.run(5 * MINUTE);
    expect(network.pageList()).toEqual([]);
    network.run(2 * MINUTE);
    expect(network.pageList()).toEqual(['first opened', 'second opened']);
    network.run(5 * SECOND);
    expect(network.pages()).toHaveLength(2);
    network.restart();
    network.run(30 * SECOND);
    expect(network.pages().filter(({ kind }) => kind === 'opened')).toHaveLength(2);
  });

  test('that a person ends pages at once', () => {
    const network = failing();
    silence(network);
    network.run(2 * MINUTE);
    network.command({ type: 'end-silence', by: 'second', silenceId: 'sil-000001' });
    network.run(10 * SECOND);
    expect(network.pageList()).toEqual(['first opened']);
  });

  test('hides no "up" from whoever was told "down"', () => {
    const network = failing();
    network.run(MINUTE);
    expect(network.pageList()).toEqual(['first opened']);
    silence(network);
    network.restore('core-1');
    network.run(2 * MINUTE);
    expect(network.pageList()).toEqual(['first opened', 'first resolved']);
  });

  test('of what recovers beneath it leaves nothing to tell', () => {
    const network = failing();
    silence(network, { endsAt: network.now + 10 * MINUTE });
    network.run(5 * MINUTE);
    network.restore('core-1');
    network.run(15 * MINUTE);
    expect(network.pageList()).toEqual([]);
    expect(network.incidents()[0]!.resolvedAt).not.toBeNull();
  });

  test('hides nothing of tier 1 before a second person agrees', () => {
    const network = failing('core-1', 'core-2');
    silence(network, { matchers: [is('role', 'core')] });
    network.run(MINUTE);
    const tierOne = () => network.pages().filter(({ facts }) => facts.tier === 1);
    expect(tierOne().length).toBeGreaterThan(0);
    const confirm = (by: string) =>
      network.command({ type: 'confirm-silence', by, silenceId: 'sil-000001' });
    expect(confirm('first')).toMatchObject({ accepted: false, reason: 'same-person' });
    const before = network.pages().length;
    expect(confirm('second').accepted).toBe(true);
    network.run(20 * MINUTE);
    expect(network.pages()).toHaveLength(before);
  });

  test('made longer has to be confirmed again', () => {
    const network = failing('core-1', 'core-2');
    silence(network, { matchers: [is('role', 'core')] });
    network.command({ type: 'confirm-silence', by: 'second', silenceId: 'sil-000001' });
    const endsAt = network.now + 2 * HOUR;
    network.command({ type: 'extend-silence', by: 'first', silenceId: 'sil-000001', endsAt });
    expect(network.state.silences.get('sil-000001')).toMatchObject({ confirmedBy: null, endsAt });
  });

  test('survives a restart, and the replayed state is the live one', () => {
    const network = failing();
    silence(network);
    network.run(2 * MINUTE);
    network.restart();
    network.run(10 * MINUTE);
    expect(network.pageList()).toEqual([]);
    expect(network.replayedText()).toBe(network.liveText());
  });

  test('matches by site, role, tag, fault and component, and all of its matchers', () => {
    const cases: readonly (readonly [Matcher[], boolean])[] = [
      [[is('site', 'hq')], true],
      [[is('site', 'north')], false],
      [[is('role', 'core', 'power'), is('fault', 'device-down')], true],
      [[is('role', 'core'), is('fault', 'temperature')], false],
      [[is('site', 'hq'), { name: 'device', values: ['core-1'], isEqual: false }], false],
      [[is('tag', 'north-ring')], false],
      [[is('nonsense', 'x')], false],
    ];
    for (const [matchers, hides] of cases) {
      const network = failing();
      silence(network, { matchers });
      network.run(2 * MINUTE);
      expect(network.pages().length === 0, JSON.stringify(matchers)).toBe(hides);
    }
  });

  test('matches by every label that its incident is listed with', () => {
    const listed = failing();
    listed.run(2 * MINUTE);
    const [alert] = viewAlerts(listed.state, 'http://x', listed.now);
    expect(Object.keys(alert!.labels).sort()).toEqual(
      ['alertname', 'device', 'incident', 'role', 'severity', 'site', 'tier'].sort(),
    );
    for (const [name, value] of Object.entries(alert!.labels)) {
      const network = failing();
      network.run(2 * MINUTE);
      expect(silence(network, { matchers: [is(name, value)] }).accepted, name).toBe(true);
      const shown = viewAlerts(network.state, 'http://x', network.now);
      expect(shown[0]!.status.silencedBy, name).toEqual(['sil-000001']);
    }
  });

  test('by tier hides only that tier: what gets worse is paged', () => {
    const network = failing();
    silence(network, { matchers: [is('tier', '2')] });
    network.run(2 * MINUTE);
    expect(network.pageList()).toEqual([]);
    network.silence('core-2');
    network.run(2 * MINUTE);
    const tiers = network.pages().map(({ facts }) => facts.tier);
    expect(tiers.length).toBeGreaterThan(0);
    expect(new Set(tiers)).toEqual(new Set([1]));
  });

  test('by tier 1, or an incident that becomes tier 1, still needs a second person', () => {
    for (const matcher of [
      is('tier', '1'),
      is('severity', 'critical'),
      is('incident', 'inc-000001'),
    ]) {
      const network = failing('core-1', 'core-2');
      network.run(MINUTE);
      const before = network.pages().length;
      expect(silence(network, { matchers: [matcher] }).accepted).toBe(true);
      network.run(20 * MINUTE);
      const later = network.pages().length;
      expect(later, matcher.name).toBeGreaterThan(before);
      network.command({ type: 'confirm-silence', by: 'second', silenceId: 'sil-000001' });
      const hidden = viewAlerts(network.state, 'http://x', network.now).filter(
        ({ labels }) => labels.incident === 'inc-000001',
      );
      expect(hidden.length, matcher.name).toBeGreaterThan(0);
      for (const { status } of hidden) expect(status.silencedBy).toEqual(['sil-000001']);
    }
  });

  test('may name what it matches by patterns, which are anchored', () => {
    const like = (name: string, ...values: string[]): Matcher => ({
      ...{ name, values, isEqual: true, isPattern: true },
    });
    const cases: readonly (readonly [Matcher[], boolean])[] = [
      [[like('device', 'core-.*')], true],
      [[like('device', 'core-(1|9)')], true],
      [[like('device', 'acc-.+', 'c.re-1')], true],
      [[like('device', 'core')], false],
      [[is('site', 'hq'), like('component', '.+')], false],
      [[is('site', 'hq'), { name: 'device', values: [''], isEqual: false }], true],
      [[is('site', 'hq'), { ...like('device', '.*-1'), isEqual: false }], false],
    ];
    for (const [matchers, hides] of cases) {
      const network = failing();
      expect(silence(network, { matchers }).accepted, JSON.stringify(matchers)).toBe(true);
      network.run(2 * MINUTE);
      expect(network.pages().length === 0, JSON.stringify(matchers)).toBe(hides);
    }
  });

  test('that would match everything, or never anything, is refused', () => {
    const like = (name: string, value: string): Matcher => ({
      ...{ name, values: [value], isEqual: true, isPattern: true },
    });
    const network = failing();
    network.run(2 * MINUTE);
    const reasonOf = (matcher: Matcher) => {
      const outcome = silence(network, { matchers: [matcher] });
      return outcome.accepted ? 'accepted' : [outcome.reason, outcome.label].join(' ').trim();
    };
    const everything = [
      like('alertname', '.*'),
      like('device', '.+'),
      like('device', 'core-1|.*'),
      like('incident', 'inc-.*'),
      is('tier', '1', '2', '3', '4'),
      { name: 'device', values: [''], isEqual: false },
      is('component', ''),
    ];
    for (const matcher of everything) {
      expect(reasonOf(matcher), JSON.stringify(matcher)).toBe('matches-everything');
    }
    expect(reasonOf(is('tier', '5'))).toBe('matches-nothing tier');
    expect(reasonOf(is('incident', 'inc-999999'))).toBe('matches-nothing incident');
    expect(network.state.silences.size).toBe(0);
  });

  test('that cannot be is refused', () => {
    const network = new Network();
    const reasons = [
      silence(network, { matchers: [] }),
      silence(network, { matchers: [{ name: 'site', values: ['hq'], isEqual: false }] }),
      silence(network, { endsAt: network.now }),
      silence(network, { endsAt: network.now + 8 * DAY }),
      network.command({ type: 'end-silence', by: 'first', silenceId: 'sil-000009' }),
    ];
    expect(reasons.map((each) => !each.accepted && each.reason)).toEqual([
      'matches-everything',
      'matches-everything',
      'bad-span',
      'span-too-long',
      'no-such-silence',
    ]);
    expect(reasons[3]).toMatchObject({
      limit: { of: 'silence-span', most: 7 * DAY, asked: 8 * DAY },
    });
  });

  test('beyond five hundred at once is refused with both figures', () => {
    const network = new Network();
    for (let index = 0; index < 500; index += 1) silence(network);
    expect(silence(network)).toMatchObject({
      ...{ accepted: false, reason: 'too-many' },
      limit: { of: 'silences', most: 500, asked: 501 },
    });
  });
});
