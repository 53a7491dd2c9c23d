import type { Credential } from '../config/model.ts';
import { assert } from '../lib/assert.ts';
import type { DurationMs } from '../lib/time.ts';
import { errorOfStatus, isAboutOneObject, NO_SUCH_NAME } from './error-status.ts';
import type { PollClient } from './poll-client.ts';
import { POLL_DETAILS } from './poll-details.ts';
import { oidFromText } from './snmp/oid-octets.ts';
import type { PduView } from './snmp/pdu-view.ts';
import type { BulkLimits, RequestOperation } from './snmp/request-template.ts';
import { nameAt, varbindAt } from './snmp/varbind-objects.ts';
import {
  type ConnectionFacts,
  NO_CONNECTION,
  type RequestBounds,
  type RequestTraffic,
  type RoundTripFacts,
  type SnmpAnswer,
  type SnmpError,
  type Varbind,
} from './snmp-client.ts';
import { walkSubtree } from './snmp-walk.ts';
import { type GetReply, tolerantGet } from './tolerant-get.ts';
import { whyUnusable } from './transport/credential-dialect.ts';
import { type AskManner, type Question, questionFor } from './transport/dialect.ts';
import type { Asker } from './transport/exchange.ts';
import type { Line, LineOptions } from './transport/line.ts';
import type { Transport } from './transport/transport.ts';

export interface WireClientOptions extends LineOptions {
  readonly credential: Credential;
  readonly transport: Transport;
}

/** A client for one device over the sockets that all devices share. */
export function createWireClient(options: WireClientOptions): PollClient {
  return new WireClient(options);
}

/** What came back for one request. */
type WireReply =
  | { readonly kind: 'varbinds'; readonly varbinds: readonly Varbind[]; readonly rttMs: DurationMs }
  /** RFC 3416 §3 error-status; `oid` is the object it is about, when the device said so. */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly oid: string | null;
      readonly rttMs: DurationMs;
    }
  | { readonly kind: 'failed'; readonly error: SnmpError };

class WireClient implements PollClient {
  readonly frameOctets: number;
  readonly #options: WireClientOptions;
  readonly #unusable: SnmpError | null;
  #line: Line | null = null;
  #isClosed = false;

  constructor(options: WireClientOptions) {
    this.#options = options;
    this.#unusable = whyUnusable(options.credential);
    this.frameOctets = frameOctetsOf(options.credential);
  }

  ask(question: Question, deadlineMs: number, asker: Asker, manner?: AskManner): void {
    if (this.#unusable !== null) asker.failed(this.#unusable);
    else if (this.#isClosed) asker.failed(CLOSED);
    else this.#openLine().ask(question, deadlineMs, asker, manner);
  }

  traffic(): RequestTraffic {
    return this.#line?.traffic ?? NO_TRAFFIC;
  }

  roundTrips(): RoundTripFacts | null {
    return this.#line?.roundTrips ?? null;
  }

  connection(): ConnectionFacts {
    return this.#line?.connection ?? NO_CONNECTION;
  }

  get(oids: readonly string[], bounds: RequestBounds): Promise<SnmpAnswer> {
    return tolerantGet(oids, {
      getOnce: (wanted) => this.#getOnce(wanted, bounds),
      noteUnasked: (objectCount) => this.#line?.noteUnasked(objectCount),
    });
  }

  async getBulk(
    oids: readonly string[],
    maxRepetitions: number,
    bounds: RequestBounds,
  ): Promise<SnmpAnswer> {
    assert(oids.length > 0 && maxRepetitions >= 1, 'a GETBULK asks for something');
    // SNMPv1 has no GETBULK, and some agents answer GETNEXT only: one repetition is the same as that.
    if (this.#options.credential.version === 'v1' || maxRepetitions === 1) {
      return this.#getNext(oids, bounds);
    }
    const limits = { nonRepeaters: 0, maxRepetitions };
    const reply = await this.#exchange('get-bulk', oids, bounds, limits);
    // RFC 3416 §4.2.3: an agent cuts its answer down to what fits, at worst to nothing.
    if (reply.kind === 'varbinds' && reply.varbinds.length === 0) {
      const error: SnmpError = { failure: 'too-big', detail: POLL_DETAILS.answerTooBig };
      return { varbinds: [], error, rttMs: reply.rttMs };
    }
    return toAnswer(reply);
  }

  walk(rootOid: string, rowCap: number, bounds: RequestBounds): Promise<SnmpAnswer> {
    return walkSubtree(this, rootOid, rowCap, bounds);
  }

  close(): void {
    this.#isClosed = true;
    this.#line?.close();
    this.#line = null;
  }

  async #getOnce(oids: readonly string[], bounds: RequestBounds): Promise<GetReply> {
    const reply = await this.#exchange('get', oids, bounds);
    if (reply.kind === 'failed') return { kind: 'failed', error: reply.error, rttMs: null };
    const { rttMs } = reply;
    if (reply.kind === 'status') {
      return isAboutOneObject(reply.status)
        ? { kind: 'object-refused', oid: reply.oid, error: errorOfStatus(reply.status), rttMs }
        : { kind: 'failed', error: errorOfStatus(reply.status), rttMs };
    }
    return { kind: 'values', varbinds: reply.varbinds, rttMs };
  }

  /** GETNEXT; an object after which SNMPv1 knows nothing (noSuchName) is answered `end-of-mib-view`. */
  async #getNext(oids: readonly string[], bounds: RequestBounds): Promise<SnmpAnswer> {
    const ended = new Set<string>();
    let rttMs: DurationMs | null = null;
    for (;;) {
      const wanted = oids.filter((oid) => !ended.has(oid));
      if (wanted.length === 0) {
        return { varbinds: oids.map(endOfMibView), error: null, rttMs };
      }
      const reply = await this.#exchange('get-next', wanted, bounds);
      if (reply.kind === 'varbinds') {
        // Which successor belongs to which object is told by its place: none may be missing.
        const unaskedCount = reply.varbinds.length - wanted.length;
        if (unaskedCount < 0) return { varbinds: [], error: UNFIT_REPLY, rttMs: reply.rttMs };
        if (unaskedCount > 0) this.#line?.noteUnasked(unaskedCount);
        const answers = reply.varbinds.values();
        const inPlace = oids.map((oid) =>
          ended.has(oid) ? endOfMibView(oid) : answers.next().value!,
        );
        return { varbinds: inPlace, error: null, rttMs: reply.rttMs };
      }
      if (reply.kind === 'failed' || reply.status !== NO_SUCH_NAME) return toAnswer(reply);
      rttMs = reply.rttMs;
      const culprit = wanted.length === 1 ? wanted[0]! : reply.oid;
      if (culprit === null || !wanted.includes(culprit)) return toAnswer(reply);
      ended.add(culprit);
    }
  }

  #exchange(
    operation: RequestOperation,
    oids: readonly string[],
    bounds: RequestBounds,
    limits?: BulkLimits,
  ): Promise<WireReply> {
    const question = questionFor(operation, oids.map(octetsOfName), limits);
    return new Promise((resolve, reject) => {
      const fail = (error: SnmpError) => resolve({ kind: 'failed', error });
      const { signal } = bounds;
      if (this.#unusable !== null) return fail(this.#unusable);
      if (this.#isClosed) return fail(CLOSED);
      if (signal.aborted) return fail(CALLED_OFF);
      const onAbort = () => exchange.cancel(CALLED_OFF);
      const settle = () => signal.removeEventListener('abort', onAbort);
      signal.addEventListener('abort', onAbort, { once: true });
      const exchange = this.#openLine().ask(question, bounds.deadlineMs, {
        replied(pdu, rttMs) {
          settle();
          try {
            resolve(readReply(pdu, oids, roundedMs(rttMs)));
          } catch (error) {
            reject(error);
          }
        },
        failed(error) {
          settle();
          fail(error);
        },
      });
    });
  }

  #openLine(): Line {
    const { transport, credential } = this.#options;
    this.#line ??= transport.openLine(this.#options, credential);
    return this.#line;
  }
}

const NO_TRAFFIC: RequestTraffic = { packetsSent: 0, packetsRetried: 0 };

/** Version, PDU header, request id, statuses and the header of the list, with room for long lengths. */
const PDU_FRAME_OCTETS = 32;
/** What USM adds: headers, engine id, user, digest, salt and padding, scoped PDU (RFC 3412, RFC 3414). */
const USM_FRAME_OCTETS = 128;

function frameOctetsOf(credential: Credential): number {
  if (credential.version !== 'v3') {
    return PDU_FRAME_OCTETS + Buffer.byteLength(credential.community.reveal());
  }
  const names = Buffer.byteLength(credential.user) + Buffer.byteLength(credential.contextName);
  return PDU_FRAME_OCTETS + USM_FRAME_OCTETS + names;
}

const CLOSED: SnmpError = { failure: 'aborted', detail: POLL_DETAILS.clientClosed };
const CALLED_OFF: SnmpError = { failure: 'aborted', detail: POLL_DETAILS.calledOff };
const UNFIT_REPLY: SnmpError = { failure: 'bad-response', detail: POLL_DETAILS.unfitReply };

function octetsOfName(oid: string): Uint8Array {
  const octets = oidFromText(oid);
  assert(octets !== null, 'a request names valid OIDs');
  return octets;
}

function readReply(pdu: PduView, oids: readonly string[], rttMs: DurationMs): WireReply {
  if (pdu.errorStatus === 0) return { kind: 'varbinds', varbinds: varbindsOf(pdu), rttMs };
  return {
    kind: 'status',
    status: pdu.errorStatus,
    oid: oids[pdu.errorIndex - 1] ?? null,
    rttMs,
  };
}

/** In the order answered. A value that cannot be read is no value, and says nothing about its neighbours. */
function varbindsOf(pdu: PduView): Varbind[] {
  const varbinds: Varbind[] = [];
  for (let row = 0; row < pdu.count; row += 1) {
    varbinds.push(varbindAt(pdu, row) ?? { oid: nameAt(pdu, row), type: 'null', value: null });
  }
  return varbinds;
}

function endOfMibView(oid: string): Varbind {
  return { oid, type: 'end-of-mib-view', value: null };
}

/** To microseconds: more is noise. */
function roundedMs(durationMs: number): DurationMs {
  return Math.round(durationMs * 1000) / 1000;
}

function toAnswer(reply: WireReply): SnmpAnswer {
  if (reply.kind === 'failed') return { varbinds: [], error: reply.error, rttMs: null };
  const { rttMs } = reply;
  return reply.kind === 'varbinds'
    ? { varbinds: reply.varbinds, error: null, rttMs }
    : { varbinds: [], error: errorOfStatus(reply.status), rttMs };
}
