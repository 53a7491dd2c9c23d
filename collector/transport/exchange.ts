import type { LocalText } from '../../lib/local-text.ts';
import { type DurationMs, SECOND } from '../../lib/time.ts';
import { POLL_DETAILS } from '../poll-details.ts';
import type { IgnoredReplyReason } from '../self-metrics.ts';
import type { MessageView } from '../snmp/message-view.ts';
import type { PduView } from '../snmp/pdu-view.ts';
import type { SnmpError } from '../snmp-client.ts';
import type { Sender } from './datagram-socket.ts';
import type { AskManner, PreparedQuestion, Question } from './dialect.ts';
import type { Line } from './line.ts';
import type { Departure } from './receive-window.ts';
import { type SystemWord, systemWordOf } from './refusal-probe.ts';
import type { Receiver, SharedSocket } from './shared-socket.ts';
import { Alarm } from './timer-wheel.ts';

/** Who asked a question. One of the two is called, once; the view is valid only during the call. */
export interface Asker {
  replied(pdu: PduView, rttMs: DurationMs): void;
  failed(error: SnmpError): void;
}

/** How long the system's own word (ICMP) is waited for when no further try is due anyway. */
const LAST_WORD_MS: DurationMs = 0.2 * SECOND;
/** A try that is not answered soon gives up its room in the receive buffer: it may never be. */
const ROOM_FOR_MS: DurationMs = 0.5 * SECOND;
/** Questions put within one request: discovery, time, the question, and the same once more after a restart. */
const MOST_QUESTIONS = 5;
/** Times that a device may lose its place within one request. */
const MOST_RENEWALS = 1;

/** One datagram that went out. Its id is its own, so that its reply is never taken for that of another try. */
class Try implements Receiver {
  readonly id: number;
  readonly socket: SharedSocket;
  readonly sentMs: number;
  /** What was sent in it: the next one may be put differently. */
  readonly prepared: PreparedQuestion;
  readonly #exchange: Exchange;

  constructor(
    exchange: Exchange,
    prepared: PreparedQuestion,
    id: number,
    socket: SharedSocket,
    sentMs: number,
  ) {
    this.#exchange = exchange;
    this.prepared = prepared;
    this.id = id;
    this.socket = socket;
    this.sentMs = sentMs;
  }

  receive(view: MessageView, sender: Sender, ageMs: number): IgnoredReplyReason | null {
    return this.#exchange.receive(this, view, sender, ageMs);
  }
}

type State =
  /** Waits for room in the receive buffer of a socket. */
  | 'queued'
  /** Tries are out, and the wait for the last of them runs. */
  | 'waiting'
  /** All tries are out and were waited for; the system may still say why nobody answers. */
  | 'last-word'
  | 'done';

/**
 * One request: queued → waiting → (silence) queued → waiting … → done. A reply to any try counts as
 * long as the request is not done, because a slow device is not a silent one. Done means: its ids
 * are forgotten, its room is given back, no timer runs, and its asker has been told.
 */
export class Exchange extends Alarm implements Departure {
  readonly owner: Line;
  chargeBytes = 0;
  readonly #question: Question;
  readonly #deadlineMs: number;
  readonly #asker: Asker;
  readonly #mostTries: number;
  #state: State = 'queued';
  #tries: Try[] = [];
  #tryCount = 0;
  #questionCount = 0;
  #renewalCount = 0;
  /** The socket in which it has room, or waits for it. */
  #socket: SharedSocket | null = null;
  #isInQueue = false;
  #hasRoom = false;
  #roomEndsMs = 0;
  #waitEndsMs = 0;
  #probe: 'not-asked' | 'asked' | 'knows-nothing';
  #hasStranger = false;
  /** A try was answered, though not with what it asked for. */
  #isAnswering = false;

  constructor(line: Line, question: Question, deadlineMs: number, asker: Asker, manner: AskManner) {
    super();
    this.owner = line;
    this.#question = question;
    this.#deadlineMs = deadlineMs;
    this.#asker = asker;
    this.#mostTries = manner === 'once' ? 1 : line.mostTries;
    this.#probe = manner === 'once' ? 'knows-nothing' : 'not-asked';
  }

  /** Sends the first try, or queues it. */
  start(): void {
    if (this.owner.clock.monotonicMs() >= this.#deadlineMs) this.#fail(DEADLINE);
    else this.#ask();
  }

  /** Ends it with that error; harmless when it is done. */
  cancel(error: SnmpError): void {
    this.#fail(error);
  }

  isWanted(): boolean {
    return this.#isInQueue;
  }

  /** There is room: sends the next try. */
  depart(): void {
    this.#isInQueue = false;
    this.#hasRoom = true;
    const { owner } = this;
    const socket = this.#socket!;
    const nowMs = owner.clock.monotonicMs();
    const id = owner.nextId(socket);
    const prepared = owner.dialect.prepare(this.#question);
    const octets = prepared.encode(id, nowMs);
    if (octets === null) {
      this.#fail(REQUEST_TOO_BIG);
      return;
    }
    const sent = new Try(this, prepared, id, socket, nowMs);
    this.#tries.push(sent);
    this.#tryCount += 1;
    this.#state = 'waiting';
    this.#roomEndsMs = nowMs + ROOM_FOR_MS;
    this.#waitEndsMs = nowMs + owner.waitFor(this.#tryCount, this.#mostTries, id);
    this.#setAlarm();
    socket.expect(id, sent);
    owner.noteSent(this.#question.operation, this.#tryCount > 1);
    // Whoever answered last time is sent to without asking the system, which is cheaper.
    const onError = owner.isTrusted ? null : (code: string) => this.#onSendError(code);
    socket.send(octets, owner.destination, onError);
  }

  receive(
    answered: Try,
    view: MessageView,
    sender: Sender,
    ageMs: number,
  ): IgnoredReplyReason | null {
    const { owner } = this;
    const stranger = owner.whyStranger(sender);
    if (stranger !== null) {
      this.#hasStranger = true;
      return stranger;
    }
    if (view.version !== owner.version) return 'wrong-version';
    const nowMs = owner.clock.monotonicMs();
    const judgement = answered.prepared.judge(view, answered.id, nowMs);
    if (judgement.kind === 'ignored') {
      // Such a reply carries a digest that only the device can have made.
      if (judgement.reason === 'decryption-error') this.#isAnswering = true;
      return judgement.reason;
    }
    const rttMs = Math.max(0, nowMs - ageMs - answered.sentMs);
    owner.noteReply(rttMs, view.octets.length, judgement.kind === 'response');
    if (judgement.kind === 'failed') this.#fail(judgement.error);
    else if (judgement.kind === 'response') {
      this.#end();
      this.#asker.replied(view.pdu, rttMs);
    } else {
      if (judgement.renewal !== null) {
        owner.noteRenewal(judgement.renewal);
        this.#renewalCount += 1;
      }
      this.#isAnswering = true;
      this.#askAgain(nowMs);
    }
    return null;
  }

  override ring(nowMs: number): void {
    if (nowMs >= this.#deadlineMs) this.#fail(DEADLINE);
    else if (this.#state === 'last-word') this.#fail(this.#whySilent());
    else if (this.#state === 'waiting') {
      if (this.#hasRoom && nowMs >= this.#roomEndsMs) this.#leaveRoom();
      if (nowMs >= this.#waitEndsMs) this.#onSilence();
      else this.#setAlarm();
    }
  }

  #ask(): void {
    this.#questionCount += 1;
    this.#tryCount = 0;
    this.#queue();
  }

  #askAgain(nowMs: number): void {
    this.#forgetTries();
    if (nowMs >= this.#deadlineMs) this.#fail(DEADLINE);
    else if (this.#questionCount === MOST_QUESTIONS || this.#renewalCount > MOST_RENEWALS) {
      this.#fail(ENGINE_TIME);
    } else this.#ask();
  }

  /** A try after silence goes through another socket, whose buffer may not be flooded. */
  #queue(): void {
    if (this.#isInQueue) return;
    this.#leaveRoom();
    this.#isInQueue = true;
    this.#state = 'queued';
    this.chargeBytes = this.owner.chargeBytes;
    this.#socket = this.owner.socketFor(this.#tryCount);
    this.#socket.window.enter(this);
    if (this.#isInQueue) this.owner.wheel.set(this, this.#deadlineMs);
  }

  #setAlarm(): void {
    const roomEndsMs = this.#hasRoom ? this.#roomEndsMs : Number.POSITIVE_INFINITY;
    const soonestMs = Math.min(roomEndsMs, this.#waitEndsMs, this.#deadlineMs);
    this.owner.wheel.set(this, soonestMs);
  }

  #onSilence(): void {
    if (this.#probe === 'not-asked') this.#askSystem();
    if (this.#state === 'done') return;
    if (this.#tryCount < this.#mostTries) this.#queue();
    else if (this.#probe === 'knows-nothing') this.#fail(this.#whySilent());
    else {
      this.#state = 'last-word';
      const untilMs = this.owner.clock.monotonicMs() + LAST_WORD_MS;
      this.owner.wheel.set(this, Math.min(untilMs, this.#deadlineMs));
    }
  }

  #askSystem(): void {
    this.#probe = 'asked';
    const { prepared, id, sentMs } = this.#tries.at(-1)!;
    const octets = prepared.encode(id, sentMs);
    this.owner.askSystem(octets ?? NO_OCTETS, (word) => {
      if (word !== null) this.#fail(REFUSALS[word]);
      else if (this.#state === 'last-word') this.#fail(this.#whySilent());
      else this.#probe = 'knows-nothing';
    });
  }

  #onSendError(code: string): void {
    if (code === 'EMSGSIZE') this.#fail(REQUEST_TOO_BIG);
    const word = systemWordOf(code);
    if (word !== null) this.#fail(REFUSALS[word]);
  }

  #whySilent(): SnmpError {
    const { dialect } = this.owner;
    const why = dialect.whySilent(this.#isAnswering);
    dialect.noteSilence();
    if (why !== null) return why;
    return { failure: 'timeout', detail: this.#silenceDetail() };
  }

  #silenceDetail(): LocalText {
    const sinceMs = this.#tries[0]?.sentMs;
    if (sinceMs !== undefined && this.owner.hasSentUnreadable(sinceMs)) {
      return POLL_DETAILS.unreadableReplies;
    }
    const stranger = this.#hasStranger ? this.owner.connection.lastStray : null;
    return stranger === null ? POLL_DETAILS.noReply : POLL_DETAILS.strangerReplied(stranger);
  }

  #fail(error: SnmpError): void {
    if (this.#state === 'done') return;
    this.#end();
    this.owner.noteFailure();
    this.#asker.failed(error);
  }

  #end(): void {
    this.#state = 'done';
    this.#isInQueue = false;
    this.owner.wheel.cancel(this);
    this.#forgetTries();
    this.#leaveRoom();
    this.owner.forget(this);
  }

  #leaveRoom(): void {
    if (!this.#hasRoom) return;
    this.#hasRoom = false;
    this.#socket!.window.leave(this.chargeBytes);
  }

  #forgetTries(): void {
    for (const { socket, id } of this.#tries) socket.forget(id);
    this.#tries = [];
  }
}

const NO_OCTETS = new Uint8Array(0);
const DEADLINE: SnmpError = { failure: 'deadline', detail: POLL_DETAILS.tookTooLong };
const REQUEST_TOO_BIG: SnmpError = { failure: 'too-big', detail: POLL_DETAILS.requestTooBig };
const ENGINE_TIME: SnmpError = { failure: 'bad-response', detail: POLL_DETAILS.engineTime };
const REFUSALS: Readonly<Record<SystemWord, SnmpError>> = {
  refused: { failure: 'refused', detail: POLL_DETAILS.nobodyListens },
  unreachable: { failure: 'unreachable', detail: POLL_DETAILS.noRoute },
};
