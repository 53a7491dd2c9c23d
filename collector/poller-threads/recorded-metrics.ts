import type { PollKind, SelfMetrics } from '../self-metrics.ts';

type Calls = {
  [Name in keyof SelfMetrics]: readonly [Name, ...Parameters<SelfMetrics[Name]>];
};
/** A call of one of the collector's metrics: its name and its arguments. */
export type MetricsCall = Calls[keyof SelfMetrics];

/** A call, and how many times it was made. */
export interface RecordedCall {
  readonly call: MetricsCall;
  readonly times: number;
}

/** Of those that say how much there is now, only the last matters. */
const RULES: Readonly<Record<keyof SelfMetrics, 'count' | 'last'>> = {
  pollStarted: 'count',
  pollEnded: 'count',
  pollsLost: 'count',
  pollsWaiting: 'last',
  requestSent: 'count',
  replyIgnored: 'count',
  kernelDropped: 'count',
  sessionRenewed: 'count',
  enginesShared: 'last',
  batchReduced: 'count',
  tableCut: 'count',
  valueRejected: 'count',
  ratesWithheld: 'count',
  seriesLeftOut: 'count',
  observedDevices: 'last',
  exposedSeries: 'last',
};

/** The collector's metrics in a thread that has no registry: written down, to be counted elsewhere. */
export class RecordedMetrics {
  readonly metrics: SelfMetrics = recordingWith((call) => this.#record(call));
  #calls = new Map<string, { readonly call: MetricsCall; times: number }>();

  /** What was called since the last time. */
  take(): readonly RecordedCall[] {
    const calls = [...this.#calls.values()];
    this.#calls.clear();
    return calls;
  }

  #record(call: MetricsCall): void {
    const [name] = call;
    const key = RULES[name] === 'last' ? name : call.join(' ');
    const known = this.#calls.get(key);
    if (known === undefined || RULES[name] === 'last') this.#calls.set(key, { call, times: 1 });
    else known.times += 1;
  }
}

/** Each method hands on its own name and arguments, so that together they are a call of it. */
function recordingWith(record: (call: MetricsCall) => void): SelfMetrics {
  const methods = Object.keys(RULES).map((name) => [
    name,
    (...parameters: readonly unknown[]) => record([name, ...parameters] as unknown as MetricsCall),
  ]);
  return Object.fromEntries(methods) as SelfMetrics;
}

/** Counts in the metrics of the main thread what several poller threads have recorded. */
export class ThreadsMetrics {
  readonly #metrics: SelfMetrics;
  readonly #running: Record<PollKind, number>[];
  readonly #waiting: number[];
  readonly #devices: number[];

  constructor(metrics: SelfMetrics, threadCount: number) {
    this.#metrics = metrics;
    this.#running = Array.from({ length: threadCount }, () => ({ heartbeat: 0, full: 0 }));
    this.#waiting = new Array<number>(threadCount).fill(0);
    this.#devices = new Array<number>(threadCount).fill(0);
  }

  replay(thread: number, calls: readonly RecordedCall[]): void {
    for (const { call, times } of calls) {
      for (let time = 0; time < times; time += 1) this.#replayOne(thread, call);
    }
  }

  /** A thread has ended: nothing of it runs or waits any more. */
  forget(thread: number): void {
    for (const kind of ['heartbeat', 'full'] as const) {
      const lost = this.#running[thread]![kind];
      this.#running[thread]![kind] = 0;
      if (lost > 0) this.#metrics.pollsLost(kind, lost);
    }
    this.#setGauge(this.#waiting, thread, 0, (sum) => this.#metrics.pollsWaiting(sum));
    this.#setGauge(this.#devices, thread, 0, (sum) => this.#metrics.observedDevices(sum));
  }

  #replayOne(thread: number, call: MetricsCall): void {
    switch (call[0]) {
      case 'pollsWaiting':
        this.#setGauge(this.#waiting, thread, call[1], (sum) => this.#metrics.pollsWaiting(sum));
        return;
      case 'observedDevices':
        this.#setGauge(this.#devices, thread, call[1], (sum) => this.#metrics.observedDevices(sum));
        return;
      case 'pollStarted':
        this.#running[thread]![call[1]] += 1;
        break;
      case 'pollEnded':
        this.#running[thread]![call[1]] -= 1;
        break;
    }
    callOf(this.#metrics, call);
  }

  #setGauge(gauges: number[], thread: number, value: number, set: (sum: number) => void): void {
    gauges[thread] = value;
    set(gauges.reduce((sum, each) => sum + each, 0));
  }
}

/** A call carries the very parameters of the method it names. */
function callOf(metrics: SelfMetrics, [name, ...parameters]: MetricsCall): void {
  (metrics[name] as (...parameters: readonly unknown[]) => void)(...parameters);
}
