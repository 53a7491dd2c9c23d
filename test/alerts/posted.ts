import { expect } from 'vitest';
import { withServiceRules } from '../../alerting/service-faults.ts';
import {
  type ParsedAlerts,
  parseAlertmanagerAlerts,
  parsePrometheusAlerts,
} from '../../api/alerts/parse-alerts.ts';
import { type EpochMs, formatInstant, MINUTE } from '../../lib/time.ts';
import { Network, RULES, topology } from '../alerting/network.ts';
import { fakeConfig } from '../api/fake-config.ts';

export const TOPOLOGY = topology({ gradingRules: withServiceRules(RULES) });
export const LABELS = { alertname: 'DiskFull', severity: 'critical' };
/** `--rules.alert.resend-delay`, and how long Prometheus says again what is over. */
export const RESEND = MINUTE;
export const RESOLVED_FOR = 15 * MINUTE;

/** A network to which Prometheus servers and an Alertmanager post as they do. */
export class Posted extends Network {
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
export class Server {
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

export function sayAgain(network: Posted, servers: readonly Server[], durationMs: number): void {
  const until = network.now + durationMs;
  while (network.now < until) {
    for (const server of servers) {
      network.run(RESEND / servers.length);
      server.say();
    }
  }
}

export function pair(network: Posted, second = 'http://prometheus-b:9090') {
  return [new Server(network, 'http://prometheus-a:9090'), new Server(network, second)] as const;
}
