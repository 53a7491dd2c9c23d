import type { Clock } from '../../lib/clock.ts';
import type { DurationMs } from '../../lib/time.ts';
import type { RequestTraffic, SnmpClient } from '../snmp-client.ts';

/** What it took to read some objects. */
export interface ReadCost {
  readonly oids: ReadonlySet<string>;
  readonly durationMs: DurationMs;
  readonly traffic: RequestTraffic;
}

/** Measures what reading costs, part by part of one poll. */
export class ReadMeter {
  /** Asks through the client that is measured. */
  readonly client: SnmpClient;
  readonly costs: ReadCost[] = [];
  readonly #clock: Clock;
  readonly #traffic: () => RequestTraffic;

  constructor(client: SnmpClient, clock: Clock) {
    this.#clock = clock;
    let sent = 0;
    const count = <Arguments extends unknown[], Answer>(ask: (...all: Arguments) => Answer) => {
      return (...all: Arguments): Answer => {
        sent += 1;
        return ask(...all);
      };
    };
    this.client = {
      get: count((...request: Parameters<SnmpClient['get']>) => client.get(...request)),
      getBulk: count((...request: Parameters<SnmpClient['getBulk']>) => client.getBulk(...request)),
      walk: (...request) => client.walk(...request),
      close: () => client.close(),
    };
    this.#traffic = () => client.traffic?.() ?? { packetsSent: sent, packetsRetried: 0 };
  }

  /** Runs `read` and keeps what it cost as the cost of these objects. */
  async measure<Result>(oids: Iterable<string>, read: () => Promise<Result>): Promise<Result> {
    const before = this.#traffic();
    const startedMs = this.#clock.monotonicMs();
    const result = await read();
    const after = this.#traffic();
    this.costs.push({
      oids: new Set(oids),
      durationMs: this.#clock.monotonicMs() - startedMs,
      traffic: {
        packetsSent: after.packetsSent - before.packetsSent,
        packetsRetried: after.packetsRetried - before.packetsRetried,
      },
    });
    return result;
  }
}
