import { describe, expect, test } from 'vitest';
import { withServiceRules } from '../../alerting/service-faults.ts';
import {
  type ParsedAlerts,
  parseAlertmanagerAlerts,
  parsePrometheusAlerts,
} from '../../api/alerts/parse-alerts.ts';
import { type EpochMs, formatInstant, MINUTE, SECOND } from '../../lib/time.ts';
import { Network, RULES, topology } from '../alerting/network.ts';
import { fakeConfig } from '../api/fake-config.ts';

const TOPOLOGY = topology({ gradingRules: withServiceRules(RULES) });
const LABELS = { alertname: 'DiskFull', severity: 'critical' };
/** `--rules.alert.resend-delay`, and how long Prometheus says again what is over. */
const RESEND = MINUTE;
const RESOLVED_FOR = 15 * MINUTE;

/** A network to which Prometheus servers and an Alertmanager post as they do. */
class Posted extends Network {
  constructor() {
    super(TOPOLOGY);
  }

  take({ alerts, errors }: ParsedAlerts): void {
    expect(errors).toEqual([]);
    this.tick([{ kind: 'alerts', alerts }]);
  }

  post(fields: object): void {
    this.take(parsePrometheusAlerts([{ labels: LABELS, ...fields }], fakeConfig(), this.now));
  }

  webhook(status: 'firing' | 'resolved', startsAt: EpochMs, endsAt?: EpochMs): void {
    const over = endsAt === undefined ? '0001-01-01T00:00:00Z' : formatInstant(endsAt);
    const alert = { status, labels: LABELS, startsAt: formatInstant(startsAt), endsAt: over };
    this.take(parseAlertmanagerAlerts({ alerts: [alert] }, fakeConfig(), this.now));
  }

  get incident() {
    const ofAlerts = this.incidents().filter(({ rootKind }) => rootKind === 'alert');
    expect(ofAlerts).toHaveLength(1);
    return ofAlerts[0]!;
  }

  get pagesSent() {
    this.deliverAll();
    return this.pageList().filter((page) => /^first (opened|reopened|resolved)/.test(page));
  }
}

/** One Prometheus, as it tells of one alert: again every minute, and of its end for a quarter of an hour. */
class Server {
  readonly network: Posted;
  readonly address: string;
  startsAt: EpochMs = 0;
  endsAt: EpochMs | null = null;

  constructor(network: Posted, address: string) {
    this.network = network;
    this.address = address;
  }

  fires(): void {
    this.startsAt = this.network.now;
    this.endsAt = null;
    this.say();
  }

  resolves(): void {
    this.endsAt = this.network.now;
    this.say();
  }

  say(): void {
    const { now } = this.network;
    if (this.startsAt === 0 || (this.endsAt !== null && now - this.endsAt > RESOLVED_FOR)) return;
    this.network.post({
      startsAt: formatInstant(this.startsAt),
      endsAt: formatInstant(this.endsAt ?? now + 4 * RESEND),
      generatorURL: `${this.address}/graph?g0.expr=disk_full+%3D%3D+1&g0.tab=1`,
    });
  }
}

function sayAgain(network: Posted, servers: readonly Server[], durationMs: number): void {
  const until = network.now + durationMs;
  while (network.now < until) {
    for (const server of servers) {
      network.run(RESEND / servers.length);
      server.say();
    }
  }
}

function pair(network: Posted, second = 'http://prometheus-b:9090') {
  return [new Server(network, 'http://prometheus-a:9090'), new Server(network, second)] as const;
}

describe('an alert that two Prometheus servers tell of, each by itself', () => {
  test('fires on while one of them says so, and ends promptly once both have said that it is over', () => {
    const network = new Posted();
    const [a, b] = pair(network);
    a.fires();
    network.run(15 * SECOND);
    b.fires();
    sayAgain(network, [a, b], 5 * MINUTE);
    a.resolves();
    sayAgain(network, [a, b], 20 * MINUTE);
    expect(network.incident).toMatchObject({ resolvedAt: null, episode: 1 });
    b.resolves();
    expect(network.incident.resolvedAt).toBe(network.now);
    sayAgain(network, [a, b], 20 * MINUTE);
    expect(network.pagesSent).toEqual(['first opened', 'first resolved']);
    expect(network.eventsOf('fault-raised')).toHaveLength(1);
    expect(network.replayedText()).toBe(network.liveText());
  });

  test('is over at the end that the silent one told, when the other has said that it is over', () => {
    const network = new Posted();
    const [a, b] = pair(network);
    a.fires();
    b.fires();
    const toldUntil = network.now + 4 * RESEND;
    network.run(MINUTE);
    a.resolves();
    sayAgain(network, [a], 2 * MINUTE);
    expect(network.incident.resolvedAt).toBeNull();
    sayAgain(network, [a], 2 * MINUTE);
    expect(network.incident.restoredAt).toBe(toldUntil);
  });

  test('fires when one has said "resolved" before the other said "firing"', () => {
    const network = new Posted();
    const [a, b] = pair(network);
    a.startsAt = network.now - 5 * MINUTE;
    b.startsAt = network.now - MINUTE;
    a.resolves();
    network.run(SECOND);
    b.say();
    sayAgain(network, [a, b], 20 * MINUTE);
    expect(network.incident).toMatchObject({ resolvedAt: null, episode: 1 });
  });

  test('opens again once, and not every minute, when both give the same address', () => {
    const network = new Posted();
    const [a, b] = pair(network, 'http://prometheus-a:9090');
    a.fires();
    b.fires();
    sayAgain(network, [a, b], 5 * MINUTE);
    a.resolves();
    sayAgain(network, [a, b], 20 * MINUTE);
    expect(network.incident).toMatchObject({ resolvedAt: null, episode: 2 });
    b.resolves();
    expect(network.incident.resolvedAt).toBe(network.now);
    expect(network.replayedText()).toBe(network.liveText());
  });

  test('that both send on without a name of theirs is what was said last', () => {
    const network = new Posted();
    network.post({});
    network.run(MINUTE);
    const endsAt = formatInstant(network.now);
    network.post({ endsAt });
    expect(network.incident.resolvedAt).toBe(network.now);
    network.run(SECOND);
    network.post({});
    expect(network.incident).toMatchObject({ resolvedAt: null, episode: 2 });
    network.run(SECOND);
    network.post({ endsAt });
    expect(network.incident.resolvedAt).toBeNull();
  });

  test('is ended after a restart by whoever tells the end, for nobody knows who else told of it', () => {
    const network = new Posted();
    const [a] = pair(network);
    a.fires();
    network.run(MINUTE);
    network.restart(TOPOLOGY);
    network.run(MINUTE);
    a.resolves();
    expect(network.incident.resolvedAt).toBe(network.now);
  });
});

describe('an alert that fires after its end', () => {
  test('fires again, half a minute later too, though nobody tells of it again for hours', () => {
    const network = new Posted();
    const startsAt = network.now;
    network.webhook('firing', startsAt);
    network.run(30 * SECOND);
    network.webhook('resolved', startsAt, network.now);
    expect(network.incident.resolvedAt).toBe(network.now);
    network.run(30 * SECOND);
    network.webhook('firing', startsAt);
    expect(network.incident).toMatchObject({ resolvedAt: null, episode: 2 });
    network.run(3 * MINUTE);
    expect(network.incident.resolvedAt).toBeNull();
  });

  test('fires until the end that is told, whatever was said before', () => {
    const network = new Posted();
    const startsAt = formatInstant(network.now - 2 * MINUTE);
    network.post({ startsAt, endsAt: formatInstant(network.now + 4 * MINUTE) });
    network.run(3 * SECOND);
    network.post({ startsAt, endsAt: formatInstant(network.now) });
    network.run(3 * SECOND);
    const endsAt = network.now + 60 * MINUTE;
    network.post({ startsAt, endsAt: formatInstant(endsAt) });
    expect(network.incident).toMatchObject({ resolvedAt: null, episode: 2 });
    network.run(59 * MINUTE);
    expect(network.incident.resolvedAt).toBeNull();
    network.run(2 * MINUTE);
    expect(network.incident.restoredAt).toBe(endsAt);
  });

  test('is ended at once by its only sender, also after an edit of its rule', () => {
    const network = new Posted();
    const [a] = pair(network);
    a.fires();
    network.run(MINUTE);
    const generatorURL = `${a.address}/graph?g0.expr=disk_full+%3E+0&g0.tab=1`;
    network.post({ generatorURL, endsAt: formatInstant(network.now) });
    expect(network.incident.resolvedAt).toBe(network.now);
  });
});
