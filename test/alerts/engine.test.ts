import { describe, expect, test } from 'vitest';
import { PROMETHEUS_TIMEOUT_MS, type ReceivedAlert } from '../../alerting/alerts/received-alert.ts';
import { renderAlerting } from '../../alerting/exposition.ts';
import { withServiceRules } from '../../alerting/service-faults.ts';
import { say } from '../../lib/local-text.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import { Network, RULES, rule, topology } from '../alerting/network.ts';

const TOPOLOGY = topology({ gradingRules: withServiceRules(RULES) });

/** A network to which another program tells of alerts. */
class Told extends Network {
  constructor(topo = TOPOLOGY) {
    super(topo);
  }

  tell(change: Partial<ReceivedAlert> = {}): void {
    const alert: ReceivedAlert = {
      ...{ fingerprint: 'a'.repeat(16), name: 'DiskFull', severity: 'critical', labels: {} },
      ...{ url: null, timeoutMs: PROMETHEUS_TIMEOUT_MS, subjectId: '_alerts' },
      ...{ text: say('disk of db-1 is full', 'disk of db-1 is full'), startsAt: this.now },
      ...{ endsAt: null, expiresAt: this.now + 4 * MINUTE },
      ...change,
    };
    this.tick([{ kind: 'alerts', alerts: [alert] }]);
  }

  /** The only incident of an alert; that nobody looked for a while is one of its own. */
  get incident() {
    const ofAlerts = this.incidents().filter(({ rootKind }) => rootKind === 'alert');
    expect(ofAlerts).toHaveLength(1);
    return ofAlerts[0]!;
  }

  /** Lets time pass while the alert is told again every minute. */
  keepTelling(durationMs: number, change: Partial<ReceivedAlert> = {}): void {
    const until = this.now + durationMs;
    while (this.now < until) {
      this.run(MINUTE);
      this.tell({ startsAt: until - durationMs, ...change });
    }
  }
}

describe('an alert of another program', () => {
  test('about nothing that is known has a readable cause and site in the metrics', () => {
    const network = new Told();
    network.tell();
    const text = [...renderAlerting(network.state, network.now, network.now)].join('');
    const infos = text.split('\n').filter((line) => line.startsWith('threenines_incident_info{'));
    const info = infos.find((line) => line.includes(`incident="${network.incident.id}"`));
    expect(info).toContain('device="Prometheus",site="–"');
  });

  test('opens an incident graded by its severity, and pages', () => {
    const network = new Told();
    network.tell();
    expect(network.incident).toMatchObject({ tier: 2, rootDeviceId: '_alerts', rootKind: 'alert' });
    expect(network.incident.evidence).toMatchObject({
      ruleId: 'alert-critical',
      inputs: { alertSeverity: 'critical' },
    });
    expect(network.pageList()).toEqual(['first opened']);
    const { rootDeviceName, faultText } = network.pages()[0]!.facts;
    expect([rootDeviceName, faultText.en]).toEqual(['Prometheus', 'disk of db-1 is full']);
    expect(network.replayedText()).toBe(network.liveText());
  });

  test.each([
    ['critical', 2],
    ['page', 2],
    ['error', 3],
    ['warning', 4],
    ['', 4],
    ['<script>', 4],
    ['info', null],
    ['none', null],
  ])('of severity %j is of tier %j', (severity, tier) => {
    const network = new Told();
    network.tell({ severity });
    expect(network.incidents().map((incident) => incident.tier)).toEqual(tier ? [tier] : []);
  });

  test('that is mere news is none of what a rule for the rest is for', () => {
    const rest = rule('rest', 4, {});
    const network = new Told(topology({ gradingRules: withServiceRules([rest]) }));
    network.tell({ severity: 'none' });
    network.keepTelling(20 * MINUTE, { severity: 'none' });
    expect(network.incidents().filter(({ rootKind }) => rootKind === 'alert')).toEqual([]);
  });

  test('is graded by the rules of the configuration where they speak of alerts', () => {
    const own = rule('ours', 1, { faultKinds: ['alert'], alertSeverities: ['p1'] });
    const network = new Told(topology({ gradingRules: withServiceRules([own]) }));
    network.tell({ severity: 'critical' });
    expect(network.incidents()).toEqual([]);
    network.tell({ severity: 'p1', fingerprint: 'b'.repeat(16) });
    expect(network.incident.tier).toBe(1);
  });

  test('lives for as long as it is told again, and ends when it is told as over', () => {
    const network = new Told();
    network.tell();
    network.deliverAll();
    network.acknowledge(network.incident.id);
    const journaled = network.eventsOf('fault-raised').length;
    network.keepTelling(30 * MINUTE);
    expect(network.incident.resolvedAt).toBeNull();
    expect(network.eventsOf('fault-raised')).toHaveLength(journaled);
    expect(network.eventsOf('fault-updated')).toEqual([]);
    network.tell({ startsAt: network.incident.startedAt, endsAt: network.now - 5 * SECOND });
    expect(network.incident).toMatchObject({
      resolvedAt: network.now,
      restoredAt: network.now - 5 * SECOND,
    });
    network.deliverAll();
    expect(network.pageList()).toEqual(['first opened', 'first resolved']);
  });

  test('that nobody tells of again is over when it said so', () => {
    const network = new Told();
    network.tell();
    const saidUntil = network.now + 4 * MINUTE;
    network.run(4 * MINUTE - 10 * SECOND);
    expect(network.incident.resolvedAt).toBeNull();
    network.run(20 * SECOND);
    expect(network.incident.restoredAt).toBe(saidUntil);
  });

  test('is not taken for over because we were not listening', () => {
    const network = new Told();
    network.tell();
    network.now += 20 * MINUTE;
    network.restart(TOPOLOGY);
    network.pollAll();
    expect(network.incident.resolvedAt).toBeNull();
    network.tell({ startsAt: network.incident.startedAt });
    network.run(3 * MINUTE);
    expect(network.incident.resolvedAt).toBeNull();
    network.now += 10 * MINUTE;
    network.pollAll();
    expect(network.incident.resolvedAt).toBeNull();
    network.run(PROMETHEUS_TIMEOUT_MS + 20 * SECOND);
    expect(network.incident.resolvedAt).not.toBeNull();
    expect(network.replayedText()).toBe(network.liveText());
  });

  test('told once with a far end lasts until then, over a restart as well', () => {
    const network = new Told();
    const endsBy = network.now + 100 * MINUTE;
    network.tell({ ...{ timeoutMs: 60 * MINUTE, endsBy, expiresAt: endsBy }, isExpiryTold: true });
    network.run(5 * MINUTE);
    network.restart(TOPOLOGY);
    network.run(94 * MINUTE);
    expect(network.incident.resolvedAt).toBeNull();
    network.run(2 * MINUTE);
    expect(network.incident.restoredAt).toBe(endsBy);
    expect(network.replayedText()).toBe(network.liveText());
  });

  test('is over at the latest end that a sender told; none that was not told puts it off', () => {
    const network = new Told();
    const until = (minutes: number) => network.now + minutes * MINUTE;
    const last = until(20);
    network.tell({ expiresAt: last, isExpiryTold: true });
    network.tell({ expiresAt: until(4), isExpiryTold: true });
    network.tell({ expiresAt: until(5) });
    network.run(19 * MINUTE);
    expect(network.incident.resolvedAt).toBeNull();
    network.run(2 * MINUTE);
    expect(network.incident.restoredAt).toBe(last);
  });

  test('without an end is over sooner once a sender tells an end', () => {
    const network = new Told();
    const told = network.now + 2 * MINUTE;
    network.tell({ expiresAt: network.now + 5 * MINUTE });
    network.tell({ expiresAt: told, isExpiryTold: true });
    network.run(3 * MINUTE);
    expect(network.incident.restoredAt).toBe(told);
  });

  test('that comes again within half an hour is the same incident', () => {
    const network = new Told();
    network.tell();
    network.run(MINUTE);
    network.tell({ endsAt: network.now });
    network.run(5 * MINUTE);
    network.tell();
    expect(network.incident).toMatchObject({ episode: 2, resolvedAt: null });
  });

  test('is not ended by news of an earlier outbreak that comes late, or by another start', () => {
    const network = new Told();
    network.tell();
    const { startedAt } = network.incident;
    network.tell({ startsAt: startedAt - 9 * MINUTE, endsAt: startedAt - 3 * MINUTE });
    expect(network.incident.resolvedAt).toBeNull();
    network.tell({ fingerprint: 'c'.repeat(16), endsAt: network.now });
    expect(network.incident.resolvedAt).toBeNull();
  });

  test('about a device stands at the device, and is no word of its poll or its health', () => {
    const network = new Told();
    network.tell({ subjectId: 'acc-1' });
    network.keepTelling(5 * MINUTE, { subjectId: 'acc-1' });
    expect(network.incident).toMatchObject({ rootDeviceId: 'acc-1', resolvedAt: null });
    expect(network.state.devices.get('acc-1')!.health).toBe('up');
  });

  test('about a device that is down belongs to that incident', () => {
    const network = new Told();
    network.silence('agg-1');
    network.run(2 * MINUTE);
    const before = network.incidents().length;
    network.tell({ subjectId: 'agg-1' });
    expect(network.incidents()).toHaveLength(before);
    const [incident] = network.incidents();
    expect([...incident!.members.values()]).toContain('same-device');
  });

  test('has its text brought up to date once a minute at most', () => {
    const network = new Told();
    network.tell();
    for (let second = 0; second < 130; second += 10) {
      network.run(10 * SECOND);
      const words = `${second} % full`;
      network.tell({ startsAt: network.incident.startedAt, text: say(words, words) });
    }
    expect(network.eventsOf('fault-updated').length).toBeLessThanOrEqual(3);
    expect(network.eventsOf('fault-updated').length).toBeGreaterThan(0);
  });
});
