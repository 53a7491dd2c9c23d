import { API_METRICS } from '../dashboards/metrics.ts';
import { renderMetricHead, renderSample } from '../lib/metric-def.ts';

const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST']);

/** Counts answered requests under closed label sets: routes as declared, never as asked. */
export class RequestCounter {
  readonly #counts = new Map<string, { labels: readonly string[]; count: number }>();

  readonly #refusedCallbacks = { unsigned: 0, replayed: 0 };

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

  /** One that was not believed: `unsigned` or out of its time, `replayed` with a signature that was taken before. */
  countRefusedCallback(reason: 'unsigned' | 'replayed'): void {
    this.#refusedCallbacks[reason] += 1;
  }

  render(): string {
    const samples = [...this.#counts.values()].map(({ labels, count }) =>
      renderSample(API_METRICS.requests, labels, count),
    );
    const refused = Object.entries(this.#refusedCallbacks).map(([reason, count]) =>
      renderSample(API_METRICS.callbacksRefused, [reason], count),
    );
    return [
      renderMetricHead(API_METRICS.requests),
      ...samples,
      renderMetricHead(API_METRICS.callbacksRefused),
      ...refused,
    ].join('');
  }
}
