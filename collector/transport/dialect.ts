import type { IgnoredReplyReason } from '../self-metrics.ts';
import type { BerWriter } from '../snmp/ber-writer.ts';
import type { MessageView } from '../snmp/message-view.ts';
import {
  type BulkLimits,
  beginRequest,
  finishRequest,
  type RequestOperation,
  writeName,
} from '../snmp/request-template.ts';
import type { ProvenEngineTime, SnmpError } from '../snmp-client.ts';

/** What is asked of a device; it may be asked again and again, each time written anew. */
export interface Question {
  readonly operation: RequestOperation;
  /** Writes the PDU with any request id; gives the id's place in the writer (request-template.ts). */
  write(writer: BerWriter): number;
}

/**
 * `fully`: with all tries, and at last the system is asked whether it knows why nobody answers.
 * `once`: with one datagram, and silence is silence; for devices of which nothing else is expected.
 */
export type AskManner = 'fully' | 'once';

/** A question for objects by name: content octets of OIDs (oid-octets.ts). */
export function questionFor(
  operation: RequestOperation,
  names: readonly Uint8Array[],
  limits?: BulkLimits,
): Question {
  return {
    operation,
    write(writer) {
      beginRequest(writer);
      for (let row = names.length - 1; row >= 0; row -= 1) {
        writeName(writer, names[row]!, 0, names[row]!.length);
      }
      return finishRequest(writer, operation, 0, limits);
    },
  };
}

/** How one device is spoken to: version, credential, and what is known about its engine. */
export interface Dialect {
  /** VERSION_1, VERSION_2C or VERSION_3. */
  readonly version: number;
  /** The question as it can be put now. */
  prepare(question: Question): PreparedQuestion;
  /** Nobody answered this question in all its tries. */
  noteSilence(): void;
  /**
   * What silence means in the light of what was heard before; null when nothing special.
   * `isAnswering`: the device answered a try of this request, though not the question in it.
   */
  whySilent(isAnswering: boolean): SnmpError | null;
  /** Of the engine that answers, in hexadecimal, as far as it is proven; null without SNMPv3. */
  readonly engineId: string | null;
  /** RFC 3411 snmpEngineBoots of that engine; null as above. */
  readonly engineBoots: number | null;
  /** Its boots and time by the last authentic answer; null without authentication, or before. */
  readonly engineTime: ProvenEngineTime | null;
}

/** A question put in a version, as it is sent in one try. */
export interface PreparedQuestion {
  /** The datagram of a try, which carries `id`; null when it does not fit. Void when anything else is encoded. */
  encode(id: number, nowMs: number): Uint8Array | null;
  /** What a message that carries the id of one of the tries, and the right version, is worth. */
  judge(view: MessageView, id: number, nowMs: number): Judgement;
}

export type Judgement =
  /** The response is in `view.pdu`. */
  | { readonly kind: 'response' }
  /** Prepare the question anew and ask it at once. `renewal` when the engine is not what it was. */
  | { readonly kind: 'ask-again'; readonly renewal: EngineRenewal | null }
  /** The device refuses; asking again does not help. */
  | { readonly kind: 'failed'; readonly error: SnmpError }
  /** No reply; the true one may still come. */
  | { readonly kind: 'ignored'; readonly reason: IgnoredReplyReason };

/** How an SNMPv3 engine differs from the one that was known: boots, seconds, or the engine id in hexadecimal. */
export type EngineRenewal =
  | {
      readonly because: 'boots-went-back' | 'time-went-back';
      readonly before: number;
      readonly after: number;
    }
  | { readonly because: 'id-changed'; readonly before: string; readonly after: string };

export const RESPONSE_JUDGEMENT: Judgement = { kind: 'response' };

/** The judgement that a message is no reply, for this reason. */
export function ignoredBecause(reason: IgnoredReplyReason): Judgement {
  return { kind: 'ignored', reason };
}
