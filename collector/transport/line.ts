import type { Clock } from '../../lib/clock.ts';
import type { Logger } from '../../lib/logger.ts';
import { type DurationMs, MINUTE } from '../../lib/time.ts';
import { POLL_DETAILS } from '../poll-details.ts';
import type { IgnoredReplyReason, RequestOperation, SelfMetrics } from '../self-metrics.ts';
import type { RequestIds } from '../snmp/request-ids.ts';
import type {
  ConnectionFacts,
  EngineTimeReset,
  RoundTripFacts,
  SnmpError,
} from '../snmp-client.ts';
import type { Sender } from './datagram-socket.ts';
import { type Destination, destinationOf } from './destination.ts';
import type { AskManner, Dialect, EngineRenewal, Question } from './dialect.ts';
import { type Asker, Exchange } from './exchange.ts';
import { type AddressFamily, comparableAddress } from './peer-address.ts';
import { chargeOfReply } from './receive-window.ts';
import type { RefusalProbe, SystemWord } from './refusal-probe.ts';
import {
  learnRtt,
  NO_RTT,
  type RttEstimate,
  waitForTry,
  waitsWithoutChance,
} from './rtt-estimate.ts';
import type { SharedSocket } from './shared-socket.ts';
import type { TimerWheel } from './timer-wheel.ts';
import type { UnreadableSenders } from './unreadable-senders.ts';

/** How one device is reached. */
export interface LineOptions {
  /** For the log. */
  readonly deviceId?: string;
  /** IPv4 or IPv6 address; names are never resolved. */
  readonly address: string;
  readonly port: number;
  /** The longest wait for one reply. */
  readonly timeoutMs: DurationMs;
  /** Further tries of one request after the first. */
  readonly retries: number;
  /** Replies count from anywhere, by id and credential alone; for devices that answer from another address. */
  readonly replyFromAnyAddress: boolean;
}

/** What all lines share. */
export interface LineDeps {
  readonly clock: Clock;
  readonly selfMetrics: SelfMetrics;
  readonly wheel: TimerWheel;
  readonly ids: RequestIds;
  readonly probe: RefusalProbe;
  readonly unreadable: UnreadableSenders;
  readonly log: Logger;
  /** How many sockets `socketAt` has of each family. */
  readonly socketsPerFamily: number;
  /** Socket number `place` of the family, counted round and round. */
  socketAt(family: AddressFamily, place: number): SharedSocket;
  onClose(line: Line): void;
}

/** How fast a single large reply is forgotten when later ones are smaller. */
const SIZE_DECAY = 0.9;
/** An engine that is another one each time cannot flood the log. */
const TELL_RENEWAL_EVERY_MS = 10 * MINUTE;
/** Steps in which waits differ by chance. */
const CHANCES = 251;

/**
 * The way to one device over the shared sockets: what is known of its round trips and the size of
 * its replies, and its requests in progress.
 */
export class Line {
  readonly destination: Destination;
  readonly version: number;
  readonly mostTries: number;
  readonly dialect: Dialect;
  readonly clock: Clock;
  readonly wheel: TimerWheel;
  readonly #options: LineOptions;
  readonly #deps: LineDeps;
  /** Datagrams sent since the line was opened, and those of them that were sent again. */
  readonly traffic = { packetsSent: 0, packetsRetried: 0 };
  readonly #place: number;
  readonly #exchanges = new Set<Exchange>();
  #rtt: RttEstimate = NO_RTT;
  #replyOctets = 0;
  #hasAnswered = false;
  #isClosed = false;
  #tellRenewalFromMs = Number.NEGATIVE_INFINITY;
  #untoldRenewals = 0;
  #engineTimeReset: EngineTimeReset | null = null;
  #strayCount = 0;
  #lastStray: string | null = null;

  constructor(options: LineOptions, dialect: Dialect, deps: LineDeps, place: number) {
    this.#options = options;
    this.#deps = deps;
    this.#place = place;
    this.destination = destinationOf(options.address, options.port);
    this.version = dialect.version;
    this.mostTries = options.retries + 1;
    this.dialect = dialect;
    this.clock = deps.clock;
    this.wheel = deps.wheel;
  }

  /** Asks the device until it is answered, refused, given up, or `deadlineMs` of the monotonic clock has come. */
  ask(question: Question, deadlineMs: number, asker: Asker, manner: AskManner = 'fully'): Exchange {
    const exchange = new Exchange(this, question, deadlineMs, asker, manner);
    this.#exchanges.add(exchange);
    if (this.#isClosed) exchange.cancel(CLOSED);
    else exchange.start();
    return exchange;
  }

  /** Ends all requests in progress as aborted. */
  close(): void {
    this.#isClosed = true;
    for (const exchange of [...this.#exchanges]) exchange.cancel(CLOSED);
    this.#deps.onClose(this);
  }

  /** Its replies held so many objects that nobody asked for. */
  noteUnasked(objectCount: number): void {
    for (let count = 0; count < objectCount; count += 1) {
      this.#deps.selfMetrics.valueRejected('not-asked');
    }
  }

  /** What is known of the round trips, and how long each try of the next request would be waited for. */
  get roundTrips(): RoundTripFacts {
    return {
      ...this.#rtt,
      waitsMs: waitsWithoutChance(this.#rtt, this.#options.timeoutMs, this.mostTries),
      socketCount: this.#deps.socketsPerFamily,
    };
  }

  get connection(): ConnectionFacts {
    const { engineId, engineBoots, engineTime } = this.dialect;
    return {
      strayCount: this.#strayCount,
      lastStray: this.#lastStray,
      engineId,
      engineBoots,
      engineTime,
      engineTimeReset: this.#engineTimeReset,
    };
  }

  // What follows is for the exchanges of this line.

  get isTrusted(): boolean {
    return this.#hasAnswered;
  }

  get chargeBytes(): number {
    return chargeOfReply(this.#replyOctets);
  }

  socketFor(tryCount: number): SharedSocket {
    return this.#deps.socketAt(this.destination.family, this.#place + tryCount);
  }

  /** An id that nobody else waits for at that socket. */
  nextId(socket: SharedSocket): number {
    let id = this.#deps.ids.next();
    while (socket.isExpecting(id)) id = this.#deps.ids.next();
    return id;
  }

  /** How long to wait for the reply to try `number` of `mostTries` of a request, which carries `id`. */
  waitFor(number: number, mostTries: number, id: number): DurationMs {
    const isLast = number >= mostTries;
    // Ids are drawn by chance already.
    const chance = (id % CHANCES) / CHANCES;
    return waitForTry(this.#rtt, this.#options.timeoutMs, { number, isLast, chance });
  }

  /** Why a reply from there does not count, or null. One that does not is counted. */
  whyStranger(sender: Sender): IgnoredReplyReason | null {
    if (sender.isAt(this.destination) || this.#options.replyFromAnyAddress) return null;
    this.#strayCount += 1;
    this.#lastStray = `${sender.address}:${sender.port}`;
    const isSameAddress = comparableAddress(sender.address) === this.destination.comparable;
    return isSameAddress ? 'other-port' : 'other-address';
  }

  /** Whether something that is no message came from the device's address and port since then. */
  hasSentUnreadable(sinceMs: number): boolean {
    return this.#deps.unreadable.hasSentSince(
      this.destination.comparable,
      this.destination.port,
      sinceMs,
    );
  }

  askSystem(octets: Uint8Array, heard: (word: SystemWord | null) => void): void {
    this.#deps.probe.ask(
      this.destination.address,
      this.destination.port,
      octets,
      this.#options.timeoutMs,
      heard,
    );
  }

  noteSent(operation: RequestOperation, isRetry: boolean): void {
    this.#deps.selfMetrics.requestSent(operation, isRetry);
    this.traffic.packetsSent += 1;
    if (isRetry) this.traffic.packetsRetried += 1;
  }

  noteReply(rttMs: DurationMs, octetCount: number, isResponse: boolean): void {
    this.#rtt = learnRtt(this.#rtt, rttMs);
    this.#replyOctets = Math.max(octetCount, this.#replyOctets * SIZE_DECAY);
    if (isResponse) this.#hasAnswered = true;
  }

  noteRenewal(renewal: EngineRenewal): void {
    const { selfMetrics, log } = this.#deps;
    const { because } = renewal;
    if (because === 'time-went-back') {
      this.#engineTimeReset = { beforeSeconds: renewal.before, afterSeconds: renewal.after };
    }
    selfMetrics.sessionRenewed(because === 'id-changed' ? 'unknown-engine' : 'time-window');
    const nowMs = this.clock.monotonicMs();
    if (nowMs < this.#tellRenewalFromMs) {
      this.#untoldRenewals += 1;
      return;
    }
    const { deviceId = null, address, port } = this.#options;
    const untold = this.#untoldRenewals;
    log.warn(
      { deviceId, address, port, ...renewal, untold },
      'an SNMPv3 engine is not what it was',
    );
    this.#tellRenewalFromMs = nowMs + TELL_RENEWAL_EVERY_MS;
    this.#untoldRenewals = 0;
  }

  noteFailure(): void {
    this.#hasAnswered = false;
  }

  forget(exchange: Exchange): void {
    this.#exchanges.delete(exchange);
  }
}

const CLOSED: SnmpError = { failure: 'aborted', detail: POLL_DETAILS.clientClosed };
