import { type MetricDef, renderMetricHead, renderSample } from '../lib/metric-def.ts';

/** What the HTTP side exports about itself. */
export const API_METRICS = {
  requests: {
    name: 'threenines_http_requests_total',
    type: 'counter',
    help: 'HTTP requests answered, by method, route and class of status.',
    labels: ['method', 'route', 'status'],
  },
  streamClients: {
    name: 'threenines_sse_clients',
    type: 'gauge',
    help: 'Consoles connected to the event stream now.',
    labels: [],
  },
  streamDropped: {
    name: 'threenines_sse_clients_dropped_total',
    type: 'counter',
    help: 'Event stream clients dropped because they did not read.',
    labels: [],
  },
  streamRefused: {
    name: 'threenines_sse_clients_refused_total',
    type: 'counter',
    help: 'Event stream clients refused because too many were connected.',
    labels: [],
  },
} as const satisfies Readonly<Record<string, MetricDef>>;

const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST']);

/** Counts answered requests under closed label sets: routes as declared, never as asked. */
export class RequestCounter {
  readonly #counts = new Map<string, { labels: readonly string[]; count: number }>();

  count(method: string, route: string | undefined, status: number): void {
    const labels = [
      METHODS.has(method) ? method : 'other',
      route ?? 'none',
      `${Math.floor(status / 100)}xx`,
    ];
    const key = labels.join(' ');
    const entry = this.#counts.get(key) ?? { labels, count: 0 };
    entry.count += 1;
    this.#counts.set(key, entry);
  }

  render(): string {
    const samples = [...this.#counts.values()].map(({ labels, count }) =>
      renderSample(API_METRICS.requests, labels, count),
    );
    return renderMetricHead(API_METRICS.requests) + samples.join('');
  }
}
