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

  test('is ended promptly after a restart by the only server that told of it', () => {
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

describe('an alert that an Alertmanager tells of', () => {
  test('ends with any end that it tells while it fires, be that an old one of one of its servers', () => {
    const network = new Posted();
    const startsAt = network.now;
    network.webhook('firing', startsAt);
    network.run(2 * MINUTE);
    const first = network.now;
    network.webhook('resolved', startsAt, first);
    network.run(5 * MINUTE);
    network.webhook('firing', startsAt);
    network.run(5 * MINUTE);
    network.webhook('resolved', startsAt, first);
    expect(network.incident).toMatchObject({ resolvedAt: network.now, restoredAt: network.now });
    network.run(5 * MINUTE);
    network.webhook('firing', startsAt);
    network.run(5 * MINUTE);
    network.webhook('resolved', startsAt, first - MINUTE);
    expect(network.incident.resolvedAt).toBe(network.now);
    network.run(5 * MINUTE);
    network.webhook('firing', network.now);
    network.webhook('resolved', startsAt, first);
    expect(network.incident.resolvedAt).toBe(network.now);
    expect(network.replayedText()).toBe(network.liveText());
  });

  test('is one when both of a cluster tell of it, at once or late', () => {
    const network = new Posted();
    const startsAt = network.now;
    network.webhook('firing', startsAt);
    network.run(20 * SECOND);
    network.webhook('firing', startsAt);
    network.run(5 * MINUTE);
    const endsAt = network.now;
    network.webhook('resolved', startsAt, endsAt);
    network.run(MINUTE);
    network.webhook('resolved', startsAt, endsAt);
    network.run(15 * MINUTE);
    expect(network.pagesSent).toEqual(['first opened', 'first resolved']);
  });

  test('fires on while it says so, though a server that told of it too has fallen silent', () => {
    const network = new Posted();
    const [a] = pair(network);
    a.fires();
    network.webhook('firing', network.now);
    sayAgain(network, [a], 3 * MINUTE);
    network.run(30 * MINUTE);
    expect(network.incident).toMatchObject({ resolvedAt: null, episode: 1 });
    network.restart(TOPOLOGY);
    network.run(10 * MINUTE);
    expect(network.incident.resolvedAt).toBeNull();
    network.webhook('resolved', a.startsAt, network.now);
    expect(network.incident.resolvedAt).toBe(network.now);
    expect(network.pagesSent).toEqual(['first opened', 'first resolved']);
    expect(network.replayedText()).toBe(network.liveText());
  });

  test('has no longer than its own time, though the other sender has hours', () => {
    const network = new Posted();
    const [a] = pair(network);
    network.webhook('firing', network.now);
    a.fires();
    sayAgain(network, [a], 3 * MINUTE);
    network.webhook('resolved', a.startsAt, network.now);
    network.restart(TOPOLOGY);
    network.run(4 * MINUTE);
    expect(network.incident.resolvedAt).toBeNull();
    network.run(2 * MINUTE);
    expect(network.incident.resolvedAt).not.toBeNull();
  });
});

describe('after a restart', () => {
  test('the end that one server repeats is old, and the other one still fires', () => {
    const network = new Posted();
    const [a, b] = pair(network);
    a.fires();
    b.fires();
    sayAgain(network, [a, b], 2 * MINUTE);
    a.resolves();
    sayAgain(network, [a, b], 2 * MINUTE);
    network.restart(TOPOLOGY);
    network.run(5 * SECOND);
    a.say();
    expect(network.incident.resolvedAt).toBeNull();
    sayAgain(network, [a, b], 5 * MINUTE);
    b.resolves();
    expect(network.incident.resolvedAt).toBe(network.now);
    expect(network.pagesSent).toEqual(['first opened', 'first resolved']);
    expect(network.replayedText()).toBe(network.liveText());
  });

  test('a first end is held too while the other one was last heard to fire', () => {
    const network = new Posted();
    const [a, b] = pair(network);
    a.fires();
    b.fires();
    network.restart(TOPOLOGY);
    network.run(5 * SECOND);
    a.resolves();
    expect(network.incident.resolvedAt).toBeNull();
    sayAgain(network, [a, b], 20 * MINUTE);
    expect(network.incident).toMatchObject({ resolvedAt: null, episode: 1 });
  });

  test('an end that opened again under one address is old as well', () => {
    const network = new Posted();
    const [a, b] = pair(network, 'http://prometheus-a:9090');
    a.fires();
    b.fires();
    sayAgain(network, [a, b], 2 * MINUTE);
    a.resolves();
    sayAgain(network, [a, b], 2 * MINUTE);
    network.restart(TOPOLOGY);
    sayAgain(network, [a, b], 5 * MINUTE);
    expect(network.incident).toMatchObject({ resolvedAt: null, episode: 2 });
  });

  test('a far end holds that was told later than the first word', () => {
    const network = new Posted();
    network.post({ endsAt: formatInstant(network.now + 4 * MINUTE) });
    network.run(2 * MINUTE);
    const endsAt = network.now + 3 * 60 * MINUTE;
    network.post({ endsAt: formatInstant(endsAt) });
    network.run(MINUTE);
    network.restart(TOPOLOGY);
    network.run(2 * 60 * MINUTE);
    expect(network.incident.resolvedAt).toBeNull();
    network.run(60 * MINUTE);
    expect(network.incident.restoredAt).toBe(endsAt);
    expect(network.replayedText()).toBe(network.liveText());
  });

  test('old journals, which know no senders, are read as before', () => {
    const network = new Posted();
    const [a] = pair(network);
    a.fires();
    const raised = network.events.findIndex(({ type }) => type === 'fault-raised');
    const event = network.events[raised]!;
    if (event.type !== 'fault-raised') throw new Error('no fault was raised');
    const { senders: _senders, ...alert } = event.alert!;
    network.events[raised] = { ...event, alert };
    network.restart(TOPOLOGY);
    sayAgain(network, [a], 5 * MINUTE);
    a.resolves();
    expect(network.incident.resolvedAt).toBe(network.now);
    expect(network.replayedText()).toBe(network.liveText());
  });
});

describe('what enters the journal', () => {
  test('grows with the senders and with what they change, not with what they repeat', () => {
    const network = new Posted();
    const [a, b] = pair(network);
    a.fires();
    b.fires();
    sayAgain(network, [a, b], 60 * MINUTE);
    expect(network.eventsOf('fault-updated')).toHaveLength(1);
    a.resolves();
    sayAgain(network, [a, b], 20 * MINUTE);
    expect(network.eventsOf('fault-updated')).toHaveLength(2);
  });

  test('an end days ahead that is moved on every minute is written a few times a day', () => {
    const network = new Posted();
    for (let minute = 0; minute < 60; minute += 1) {
      network.post({ endsAt: formatInstant(network.now + 48 * 60 * MINUTE) });
      network.run(MINUTE);
    }
    expect(network.eventsOf('fault-updated')).toEqual([]);
  });

  test('more servers than are kept leave it at that', () => {
    const network = new Posted();
    const servers = Array.from({ length: 12 }, (_, n) => new Server(network, `http://p${n}:9090`));
    for (const server of servers) server.fires();
    sayAgain(network, servers, 10 * MINUTE);
    expect(network.eventsOf('fault-updated')).toHaveLength(7);
    expect(network.incident).toMatchObject({ resolvedAt: null, episode: 1 });
  });
});

describe('a server whose clock is three minutes behind', () => {
  test('is waited for until it has had time to say it again', () => {
    const network = new Posted();
    const generatorURL = 'http://prometheus-a:9090/graph?g0.expr=up';
    const say = () => network.post({ endsAt: formatInstant(network.now + MINUTE), generatorURL });
    for (let time = 0; time < 10; time += 1) {
      say();
      network.run(68 * SECOND);
    }
    expect(network.incident).toMatchObject({ resolvedAt: null, episode: 1 });
    say();
    const told = network.now + MINUTE;
    network.run(3 * MINUTE);
    expect(network.incident.restoredAt).toBe(told);
  });

  test('ends at once what it tells the end of', () => {
    const network = new Posted();
    const generatorURL = 'http://prometheus-a:9090/graph?g0.expr=up';
    network.post({ endsAt: formatInstant(network.now + MINUTE), generatorURL });
    network.run(30 * SECOND);
    network.post({ endsAt: formatInstant(network.now), generatorURL });
    expect(network.incident.resolvedAt).toBe(network.now);
  });
});
