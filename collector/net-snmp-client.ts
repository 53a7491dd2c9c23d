import type { Credential } from '../config/model.ts';
import { assert } from '../lib/assert.ts';
import type { Clock } from '../lib/clock.ts';
import type { DurationMs } from '../lib/time.ts';
import type { Network } from '../lib/world.ts';
import { GuardedSocket, probeRefusal } from './guarded-socket.ts';
import {
  errorOfReply,
  isPrivacyAvailable,
  openWireSession,
  type WireReply,
  type WireSession,
} from './net-snmp-session.ts';
import { parseOid } from './oid.ts';
import { POLL_DETAILS } from './poll-details.ts';
import { canonicalAddress, type Expectation } from './reply-guard.ts';
import { runTries, type TriesOutcome } from './request-tries.ts';
import type { RequestOperation, SelfMetrics } from './self-metrics.ts';
import type { RequestBounds, SnmpAnswer, SnmpClient, SnmpError, Varbind } from './snmp-client.ts';
import { walkSubtree } from './snmp-walk.ts';
import { type GetReply, tolerantGet } from './tolerant-get.ts';

/** Statuses by which an agent refuses one object of a GET. */
const REFUSED_OBJECT_STATUSES = new Set([2, 5, 6]);

const LONGEST_COMMUNITY_OCTETS = 255;
/** Sessions made anew within one request. */
const MOST_RENEWALS = 1;

export interface NetSnmpClientOptions {
  /** IPv4 or IPv6 address; names are refused. */
  readonly address: string;
  readonly port: number;
  readonly credential: Credential;
  /** Wait for one reply. */
  readonly timeoutMs: DurationMs;
  /** Further tries of one request after the first. */
  readonly retries: number;
  readonly clock: Clock;
  readonly network: Network;
  readonly selfMetrics: SelfMetrics;
}

/** A client for one device over the `net-snmp` package, with the guards that the package lacks. */
export function createNetSnmpClient(options: NetSnmpClientOptions): SnmpClient {
  return new NetSnmpClient(options);
}

type Silence = Exclude<TriesOutcome<WireReply>['kind'], 'answer'>;

interface Line {
  readonly session: WireSession;
  readonly socket: GuardedSocket;
  /** Whether this session has had a proper answer. */
  answered: boolean;
  /** A reply came that the privacy key does not open. */
  undecryptable: boolean;
}

class NetSnmpClient implements SnmpClient {
  readonly #options: NetSnmpClientOptions;
  #line: Line | null = null;
  #closed = false;

  constructor(options: NetSnmpClientOptions) {
    this.#options = options;
  }

  get(oids: readonly string[], bounds: RequestBounds): Promise<SnmpAnswer> {
    assert(
      oids.every((oid) => parseOid(oid) !== null),
      'a GET names valid OIDs',
    );
    return tolerantGet(oids, (wanted) => this.#getOnce(wanted, bounds));
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
    const { reply, rttMs } = await this.#exchange('get-bulk', oids, maxRepetitions, bounds);
    return toAnswer(reply, rttMs);
  }

  walk(rootOid: string, rowCap: number, bounds: RequestBounds): Promise<SnmpAnswer> {
    return walkSubtree(this, rootOid, rowCap, bounds);
  }

  close(): void {
    this.#closed = true;
    this.#dropLine();
  }

  async #getOnce(oids: readonly string[], bounds: RequestBounds): Promise<GetReply> {
    const { reply, rttMs } = await this.#exchange('get', oids, 0, bounds);
    if (reply.kind === 'varbinds') {
      return { kind: 'values', varbinds: reply.varbinds, rttMs: rttMs ?? 0 };
    }
    if (reply.kind === 'status' && REFUSED_OBJECT_STATUSES.has(reply.status)) {
      return { kind: 'object-refused', oid: reply.oid, rttMs: rttMs ?? 0 };
    }
    return { kind: 'failed', error: errorOfReply(reply), rttMs };
  }

  /** GETNEXT; an object after which SNMPv1 knows nothing (noSuchName) is answered `end-of-mib-view`. */
  async #getNext(oids: readonly string[], bounds: RequestBounds): Promise<SnmpAnswer> {
    const ended = new Set<string>();
    for (;;) {
      const wanted = oids.filter((oid) => !ended.has(oid));
      const ends: Varbind[] = [...ended].map((oid) => ({
        oid,
        type: 'end-of-mib-view',
        value: null,
      }));
      if (wanted.length === 0) return { varbinds: ends, error: null, rttMs: null };
      const { reply, rttMs } = await this.#exchange('get-next', wanted, 0, bounds);
      if (reply.kind === 'varbinds') {
        const answers = reply.varbinds.values();
        const inPlace = oids.map((oid) =>
          ended.has(oid) ? ends.find((end) => end.oid === oid) : answers.next().value,
        );
        return { varbinds: inPlace.filter((varbind) => varbind !== undefined), error: null, rttMs };
      }
      const culprit = wanted.length === 1 ? wanted[0]! : reply.kind === 'status' ? reply.oid : null;
      const isEnd = reply.kind === 'status' && REFUSED_OBJECT_STATUSES.has(reply.status);
      if (!isEnd || culprit === null || !wanted.includes(culprit)) return toAnswer(reply, rttMs);
      ended.add(culprit);
    }
  }

  /** One request with its tries; the session is made anew once when the device has lost its place. */
  async #exchange(
    operation: RequestOperation,
    oids: readonly string[],
    maxRepetitions: number,
    bounds: RequestBounds,
  ): Promise<{ reply: WireReply; rttMs: DurationMs | null }> {
    const unusable = unusableCredential(this.#options.credential);
    if (unusable !== null) return { reply: { kind: 'failed', error: unusable }, rttMs: null };
    for (let renewals = 0; ; renewals += 1) {
      if (this.#closed) return failed({ failure: 'aborted', detail: POLL_DETAILS.clientClosed });
      this.#line ??= this.#openLine();
      const line = this.#line;
      const outcome = await this.#try(line, operation, oids, maxRepetitions, bounds);
      if (outcome.kind !== 'answer') return failed(this.#whySilent(line, outcome.kind));
      const { answer: reply, rttMs } = outcome;
      if (reply.kind === 'varbinds' || reply.kind === 'status') line.answered = true;
      if (reply.kind !== 'renew') return { reply, rttMs };
      if (this.#line === line) this.#dropLine();
      this.#options.selfMetrics.sessionRenewed(reply.reason);
      if (renewals === MOST_RENEWALS) {
        return failed({ failure: 'bad-response', detail: POLL_DETAILS.engineTime });
      }
    }
  }

  #try(
    line: Line,
    operation: RequestOperation,
    oids: readonly string[],
    maxRepetitions: number,
    bounds: RequestBounds,
  ): Promise<TriesOutcome<WireReply>> {
    const { clock, timeoutMs, retries, network, address, port, selfMetrics } = this.#options;
    return runTries<WireReply>({
      clock,
      timeoutMs,
      retries,
      bounds,
      send(isRetry, answered) {
        selfMetrics.requestSent(operation, isRetry);
        line.session.send(operation, oids, maxRepetitions, (reply) => {
          if (reply.kind !== 'useless') answered(reply);
          else if (reply.undecryptable) line.undecryptable = true;
        });
      },
      askSystem: () => {
        const request = line.socket.lastRequest;
        if (request === null) return Promise.resolve(null);
        return probeRefusal(network, address, port, request, (done) =>
          clock.after(timeoutMs, done),
        );
      },
    });
  }

  #whySilent(line: Line, failure: Silence): SnmpError {
    if (failure === 'refused') return { failure, detail: POLL_DETAILS.nobodyListens };
    if (failure === 'unreachable') return { failure, detail: POLL_DETAILS.noRoute };
    if (failure === 'deadline') return { failure, detail: POLL_DETAILS.tookTooLong };
    if (failure === 'aborted') return { failure, detail: POLL_DETAILS.calledOff };
    if (line.undecryptable) return { failure, detail: POLL_DETAILS.cannotDecrypt };
    const { credential } = this.#options;
    const isPrivate = credential.version === 'v3' && credential.level === 'authPriv';
    if (isPrivate && line.socket.heard.reports > 0 && !line.answered) {
      return { failure, detail: POLL_DETAILS.onlyDiscovery };
    }
    const stranger = line.socket.heard.strangerAddress;
    if (stranger !== null) {
      return { failure, detail: POLL_DETAILS.strangerReplied(stranger) };
    }
    return { failure, detail: POLL_DETAILS.noReply };
  }

  #openLine(): Line {
    const { address, port, credential, network, selfMetrics, timeoutMs, retries } = this.#options;
    const socket = new GuardedSocket({
      network,
      selfMetrics,
      expected: expectationOf(address, port, credential),
      onFailure: () => {
        if (this.#line?.socket !== socket) return;
        selfMetrics.sessionRenewed('socket-error');
        this.#line = null;
      },
    });
    const session = openWireSession({
      address,
      port,
      credential,
      socket,
      forgetAfterMs: timeoutMs * (retries + 2),
      onRejected: () => selfMetrics.replyIgnored('rejected-by-codec'),
    });
    return { session, socket, answered: false, undecryptable: false };
  }

  #dropLine(): void {
    const line = this.#line;
    this.#line = null;
    line?.session.close();
  }
}

function expectationOf(address: string, port: number, credential: Credential): Expectation {
  const flags = { noAuthNoPriv: 0, authNoPriv: 1, authPriv: 3 };
  return {
    address: canonicalAddress(address),
    port,
    version: credential.version,
    community:
      credential.version === 'v3'
        ? new Uint8Array(0)
        : Buffer.from(credential.community.reveal(), 'utf8'),
    securityFlags: credential.version === 'v3' ? flags[credential.level] : 0,
  };
}

/** Why no request can be made with this credential at all, or null. */
function unusableCredential(credential: Credential): SnmpError | null {
  if (credential.version !== 'v3') {
    const octets = Buffer.byteLength(credential.community.reveal());
    return octets <= LONGEST_COMMUNITY_OCTETS
      ? null
      : { failure: 'auth-failed', detail: POLL_DETAILS.communityTooLong };
  }
  const missing =
    (credential.level !== 'noAuthNoPriv' &&
      (credential.authentication === null || !credential.authenticationPassword?.reveal())) ||
    (credential.level === 'authPriv' &&
      (credential.privacy === null || !credential.privacyPassword?.reveal()));
  if (missing) return { failure: 'auth-failed', detail: POLL_DETAILS.credentialIncomplete };
  if (credential.level === 'authPriv' && !isPrivacyAvailable(credential.privacy ?? '')) {
    const detail = POLL_DETAILS.privacyUnavailable(credential.privacy ?? '?');
    return { failure: 'auth-failed', detail };
  }
  return null;
}

function failed(error: SnmpError): { reply: WireReply; rttMs: null } {
  return { reply: { kind: 'failed', error }, rttMs: null };
}

function toAnswer(reply: WireReply, rttMs: DurationMs | null): SnmpAnswer {
  return reply.kind === 'varbinds'
    ? { varbinds: reply.varbinds, error: null, rttMs }
    : { varbinds: [], error: errorOfReply(reply), rttMs };
}
