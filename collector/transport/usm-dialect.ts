import { POLL_DETAILS } from '../poll-details.ts';
import type { IgnoredReplyReason } from '../self-metrics.ts';
import { newBerWriter, writtenOctets } from '../snmp/ber-writer.ts';
import { AUTHENTICATED, ENCRYPTED, type MessageView, REPORTABLE } from '../snmp/message-view.ts';
import type { Refusal } from '../snmp/refusal.ts';
import {
  cutTemplate,
  patchRequestId,
  type RequestTemplate,
  writeScopedFrame,
} from '../snmp/request-template.ts';
import { VERSION_3 } from '../snmp/tags.ts';
import { type EngineClock, engineTimeAt, UNKNOWN_ENGINE } from '../snmp/usm/engine-clock.ts';
import {
  type AskedV3,
  type FailureReason,
  type IgnoredReason,
  openReply,
  type ReplyV3,
} from '../snmp/usm/open-reply.ts';
import type { Salts } from '../snmp/usm/salts.ts';
import { sealMessage } from '../snmp/usm/seal-message.ts';
import type { KeyStore, UsmKeys, UsmUser } from '../snmp/usm/user-keys.ts';
import type { SnmpError } from '../snmp-client.ts';
import {
  type Dialect,
  type EngineRenewal,
  ignoredBecause,
  type Judgement,
  type PreparedQuestion,
  type Question,
  questionFor,
  RESPONSE_JUDGEMENT,
} from './dialect.ts';

/** What is believed about the engine at one address and port; shared by all who ask there. */
export interface EngineCell {
  engine: EngineClock;
}

export interface UsmDialectOptions {
  readonly user: UsmUser;
  readonly contextName: Uint8Array;
  readonly keyStore: KeyStore;
  readonly salts: Salts;
  readonly cell: EngineCell;
}

/** The longest UDP payload over IPv4. */
const LONGEST_SENT_OCTETS = 65_507;
const LEVEL = AUTHENTICATED | ENCRYPTED;
const NO_KEYS: UsmKeys = { digest: null, cipher: null };
const NO_OCTETS = new Uint8Array(0);

const writer = newBerWriter(LONGEST_SENT_OCTETS);
const scopedWriter = newBerWriter(LONGEST_SENT_OCTETS);

/** What one line knows beside the engine's clock; mostly to tell silence from a wrong privacy password. */
interface LineState {
  /** A proven reply came that the privacy key does not open. */
  isUndecryptable: boolean;
  /** It denied the engine id that it had sent, or spoke for another engine. */
  isDenied: boolean;
  /** Somebody said that another engine is there: it is discovered before it is asked again. */
  isElsewhere: boolean;
  /** It has fallen silent: it is discovered before it is asked again, which shows whether only the key is wrong. */
  isDoubted: boolean;
  /** The keys for this engine, at hand. */
  engineId: Uint8Array;
  keys: UsmKeys;
}

/**
 * SNMPv3 with USM (RFC 3414): discovery, time, keys of the engine. All verdicts are those of
 * open-reply.ts; this keeps what they say to believe, and puts questions accordingly.
 */
export function usmDialect(options: UsmDialectOptions): Dialect {
  const state: LineState = {
    isUndecryptable: false,
    isDenied: false,
    isElsewhere: false,
    isDoubted: false,
    engineId: NO_OCTETS,
    keys: NO_KEYS,
  };
  const shown: { engineId: Uint8Array; text: string } = { engineId: NO_OCTETS, text: '' };
  const isEncrypted = (options.user.levelFlags & ENCRYPTED) !== 0;
  return {
    version: VERSION_3,
    prepare: (question) => new UsmQuestion(question, options, state),
    noteSilence() {
      state.isDoubted = isEncrypted;
    },
    get engineBoots() {
      const { engine } = options.cell;
      return isKnown(options) ? engine.boots : null;
    },
    get engineTime() {
      const { isSynchronised, boots, timeSeconds, receivedAtMs } = options.cell.engine;
      return isSynchronised ? { boots, timeSeconds, provenAtMs: receivedAtMs } : null;
    },
    get engineId() {
      const { engine } = options.cell;
      if (!isKnown(options)) return null;
      if (engine.engineId !== shown.engineId) {
        shown.engineId = engine.engineId;
        shown.text = hexOf(engine.engineId);
      }
      return shown.text;
    },
    whySilent(isAnswering) {
      if (state.isUndecryptable) return { ...CANNOT_DECRYPT, isAnswering };
      if (state.isDenied) return ENGINE_DENIED;
      return isEncrypted && isAnswering ? ONLY_DISCOVERY : null;
    },
  };
}

/** Of a user without authentication no engine is ever proven. */
function isKnown({ cell: { engine }, user }: UsmDialectOptions): boolean {
  const isProven = engine.isSynchronised || user.levelFlags === 0;
  return isProven && engine.engineId.length > 0;
}

const CANNOT_DECRYPT: SnmpError = { failure: 'timeout', detail: POLL_DETAILS.cannotDecrypt };
const ENGINE_DENIED: SnmpError = { failure: 'timeout', detail: POLL_DETAILS.engineDenied };
/**
 * Discovery was answered within this very request, from the asked address and with its unguessable
 * message id: the agent runs. A dead device cannot say so, for each request asks anew. What remains:
 * nothing proves a report, so whoever reads the requests on their way can make a death look like a
 * device that cannot be observed. That is an incident too, never health.
 */
const ONLY_DISCOVERY: SnmpError = {
  failure: 'timeout',
  detail: POLL_DETAILS.onlyDiscovery,
  isAnswering: true,
};

/** One question to one engine. While the engine is unknown, or in doubt, it is discovered in its place. */
class UsmQuestion implements PreparedQuestion, AskedV3 {
  readonly user: UsmUser;
  readonly contextName: Uint8Array;
  readonly levelFlags: number;
  requestId = 0;
  keys = NO_KEYS;
  engine = UNKNOWN_ENGINE;
  readonly #question: Question;
  readonly #options: UsmDialectOptions;
  readonly #state: LineState;
  readonly #isDiscovery: boolean;
  #template: RequestTemplate | null = null;

  constructor(question: Question, options: UsmDialectOptions, state: LineState) {
    this.#question = question;
    this.#options = options;
    this.#state = state;
    this.user = options.user;
    this.contextName = options.contextName;
    const isUnknown = options.cell.engine.engineId.length === 0;
    this.#isDiscovery = state.isDoubted || state.isElsewhere || isUnknown;
    this.levelFlags = this.#isDiscovery ? 0 : options.user.levelFlags;
  }

  encode(id: number, nowMs: number): Uint8Array | null {
    if (!this.#isDiscovery) this.#takeEngine();
    const { engine } = this;
    this.#template ??= this.#makeTemplate();
    if (this.#template === null) return null;
    const { octets, requestIdAt } = this.#template;
    patchRequestId(octets, requestIdAt, id);
    const envelope = {
      messageId: id,
      flags: this.levelFlags | REPORTABLE,
      engineId: engine.engineId,
      time: engineTimeAt(engine, nowMs),
      userName: this.#isDiscovery ? NO_OCTETS : this.user.name,
      keys: this.keys,
    };
    const isWhole = sealMessage(writer, octets, envelope, this.#options.salts);
    return isWhole ? writtenOctets(writer) : null;
  }

  judge(view: MessageView, id: number, nowMs: number): Judgement {
    const { cell } = this.#options;
    this.requestId = id;
    const isShared = !this.#isDiscovery && isSame(cell.engine.engineId, this.engine.engineId);
    if (isShared) this.engine = cell.engine;
    const reply = openReply(view, this, nowMs);
    const renewal = this.#renewalFor(view, reply);
    if (this.#isDiscovery) this.#takeDiscovery(reply);
    else if (isShared) cell.engine = reply.engine;
    this.#note(reply);
    switch (reply.kind) {
      case 'response':
        return RESPONSE_JUDGEMENT;
      case 'ask-again':
        return { kind: 'ask-again', renewal };
      case 'ignored':
        return ignoredBecause(IGNORED[reply.because]);
      default:
        if ((view.flags & LEVEL) < this.user.levelFlags && !EXCUSED_REPORTS.has(reply.because)) {
          return ignoredBecause('security-downgrade');
        }
        return { kind: 'failed', error: FAILURES[reply.because] };
    }
  }

  /** Another engine may have been found behind the address since the last try. */
  #takeEngine(): void {
    const { cell, keyStore, user } = this.#options;
    const { engineId } = cell.engine;
    if (engineId.length === 0) return;
    const state = this.#state;
    if (!isSame(engineId, state.engineId)) {
      state.keys = keyStore.keys(user, engineId);
      state.engineId = engineId;
    }
    if (!isSame(engineId, this.engine.engineId)) this.#template = null;
    this.engine = cell.engine;
    this.keys = state.keys;
  }

  #makeTemplate(): RequestTemplate | null {
    if (this.#isDiscovery) return scopedTemplate(DISCOVERY, NO_OCTETS, NO_OCTETS);
    return scopedTemplate(this.#question, this.engine.engineId, this.contextName);
  }

  /** What was proven about an engine outlives that it is discovered once more. */
  #takeDiscovery(reply: ReplyV3): void {
    if (reply.kind !== 'ask-again') return;
    const { cell } = this.#options;
    if (!isSame(reply.engine.engineId, cell.engine.engineId)) cell.engine = reply.engine;
  }

  /** What has become of the engine that was known, if something has. */
  #renewalFor(view: MessageView, reply: ReplyV3): EngineRenewal | null {
    if (reply.kind !== 'ask-again') return null;
    const { engine: known } = this.#options.cell;
    switch (reply.because) {
      case 'boots-went-back':
        return { because: reply.because, before: known.boots, after: view.engineBoots };
      case 'time-went-back':
        return {
          because: reply.because,
          before: known.latestTimeSeconds,
          after: view.engineTimeSeconds,
        };
      default: {
        const { engineId } = reply.engine;
        if (known.engineId.length === 0 || isSame(known.engineId, engineId)) return null;
        return { because: 'id-changed', before: hexOf(known.engineId), after: hexOf(engineId) };
      }
    }
  }

  #note(reply: ReplyV3): void {
    const state = this.#state;
    if (reply.kind === 'ignored') {
      if (reply.because === 'decryption-error') state.isUndecryptable = true;
      if (reply.because === 'other-engine') state.isElsewhere = true;
      if (reply.because === 'wrong-engine' || state.isElsewhere) state.isDenied = true;
      return;
    }
    state.isDoubted = false;
    state.isElsewhere = false;
    if (reply.kind !== 'response') return;
    state.isUndecryptable = false;
    state.isDenied = false;
  }
}

/** RFC 3414 §4: a request without objects to no engine, which answers with a report. */
const DISCOVERY = questionFor('get', []);

function scopedTemplate(
  question: Question,
  contextEngineId: Uint8Array,
  contextName: Uint8Array,
): RequestTemplate | null {
  const writtenAt = question.write(scopedWriter);
  writeScopedFrame(scopedWriter, contextEngineId, contextName);
  return cutTemplate(scopedWriter, writtenAt);
}

function hexOf(octets: Uint8Array): string {
  return Buffer.from(octets).toString('hex');
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a === b || Buffer.compare(a, b) === 0;
}

/** RFC 3414 §3.2: these reports come without the asked security because the device could not give it. */
const EXCUSED_REPORTS: ReadonlySet<FailureReason> = new Set([
  'unsupported-security-level',
  'unknown-user-name',
  'wrong-digest',
  'decryption-error',
  'boots-exhausted',
]);

const UNFIT: SnmpError = { failure: 'bad-response', detail: POLL_DETAILS.unfitReply };

const FAILURES: Readonly<Record<FailureReason, SnmpError>> = {
  'unsupported-security-level': { failure: 'auth-failed', detail: POLL_DETAILS.levelRefused },
  'unknown-user-name': { failure: 'auth-failed', detail: POLL_DETAILS.userUnknown },
  'wrong-digest': { failure: 'auth-failed', detail: POLL_DETAILS.wrongPassword },
  'decryption-error': { failure: 'auth-failed', detail: POLL_DETAILS.deviceCannotDecrypt },
  'boots-exhausted': { failure: 'auth-failed', detail: POLL_DETAILS.bootsExhausted },
  'unavailable-context': { failure: 'bad-response', detail: POLL_DETAILS.contextUnknown },
  'unknown-context': { failure: 'bad-response', detail: POLL_DETAILS.contextUnknown },
  'unknown-security-model': UNFIT,
  'invalid-message': UNFIT,
  'unknown-pdu-handler': UNFIT,
  other: UNFIT,
};

const MALFORMED_REFUSALS: Readonly<Record<Refusal, IgnoredReplyReason>> = {
  truncated: 'malformed',
  'too-long': 'too-long',
  'bad-length': 'malformed',
  'indefinite-length': 'malformed',
  'multi-byte-tag': 'malformed',
  'wrong-tag': 'malformed',
  'trailing-octets': 'malformed',
  'bad-integer': 'malformed',
  'bad-oid': 'malformed',
  'bad-value': 'malformed',
  'unknown-type': 'malformed',
  'wrong-version': 'malformed',
  'wrong-pdu': 'malformed',
  'bad-flags': 'malformed',
  'wrong-security-model': 'malformed',
};

const IGNORED: Readonly<Record<IgnoredReason, IgnoredReplyReason>> = {
  ...MALFORMED_REFUSALS,
  'wrong-engine': 'wrong-engine',
  'other-engine': 'wrong-engine',
  'wrong-user': 'wrong-user',
  'wrong-request-id': 'wrong-request-id',
  'wrong-context': 'wrong-context',
  'security-downgrade': 'security-downgrade',
  'unasked-security': 'unasked-security',
  'wrong-digest': 'wrong-digest',
  'decryption-error': 'decryption-error',
  'unproven-time': 'unproven-time',
  'outside-time-window': 'outside-time-window',
};
