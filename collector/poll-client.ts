import type { SnmpClient } from './snmp-client.ts';
import type { AskManner, Question } from './transport/dialect.ts';
import type { Asker } from './transport/exchange.ts';

/** A client that also answers without an object for each varbind. */
export interface PollClient extends SnmpClient {
  /** Octets of a reply around its varbinds: message, PDU and list. */
  readonly frameOctets: number;
  /**
   * Puts a question, which may be put again and again, `fully` unless said. One of the two methods of
   * `asker` is called, once; perhaps before this returns. `deadlineMs` is of the monotonic clock.
   */
  ask(question: Question, deadlineMs: number, asker: Asker, manner?: AskManner): void;
}
