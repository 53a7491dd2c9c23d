import type { Clock } from '../../lib/clock.ts';
import type { DurationMs } from '../../lib/time.ts';
import type { RequestTraffic, SnmpClient } from '../snmp-client.ts';

/** What it took to read some objects. */
export interface ReadCost {
  readonly oids: ReadonlySet<string>;
  readonly durationMs: DurationMs;
  readonly packetsSent: number;
  /** null when the client does not tell. */
  readonly packetsRetried: number | null;
}

/** Measures what reading costs, part by part of one poll. */
export class ReadMeter {
  /** Asks through the client that is measured. */
  readonly client: SnmpClient;
  readonly costs: ReadCost[] = [];
  readonly #clock: Clock;
  readonly #traffic: () => RequestTraffic | null;
  #askedCount = 0;

  constructor(client: SnmpClient, clock: Clock) {
    this.#clock = clock;
    const count = <Arguments extends unknown[], Answer>(ask: (...all: Arguments) => Answer) => {
      return (...all: Arguments): Answer => {
        this.#askedCount += 1;
        return ask(...all);
      };
    };
    this.client = {
      get: count((...request: Parameters<SnmpClient['get']>) => client.get(...request)),
      getBulk: count((...request: Parameters<SnmpClient['getBulk']>) => client.getBulk(...request)),
      walk: (...request) => client.walk(...request),
      close: () => client.close(),
    };
    this.#traffic = () => client.traffic?.() ?? null;
  }

  /** Runs `read` and keeps what it cost as the cost of these objects. */
  async measure<Result>(oids: Iterable<string>, read: () => Promise<Result>): Promise<Result> {
    const before = this.#traffic();
    const askedBefore = this.#askedCount;
    const startedMs = this.#clock.monotonicMs();
    const result = await read();
    const durationMs = this.#clock.monotonicMs() - startedMs;
    const after = this.#traffic();
    const isTold = before !== null && after !== null;
    this.costs.push({
      oids: new Set(oids),
      durationMs,
      packetsSent: isTold ? after.packetsSent - before.packetsSent : this.#askedCount - askedBefore,
      packetsRetried: isTold ? after.packetsRetried - before.packetsRetried : null,
    });
    return result;
  }
}
