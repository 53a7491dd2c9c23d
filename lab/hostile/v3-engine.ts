import { newBerWriter, startWriting, writtenOctets } from '../../collector/snmp/ber-writer.ts';
import { decodeMessage } from '../../collector/snmp/decode-message.ts';
import { writePdu } from '../../collector/snmp/encode-pdu.ts';
import { AUTHENTICATED, ENCRYPTED, newMessageView } from '../../collector/snmp/message-view.ts';
import { type Pdu, pduObject } from '../../collector/snmp/pdu-object.ts';
import { signMessage } from '../../collector/snmp/usm/digest.ts';
import { openPayload } from '../../collector/snmp/usm/open-payload.ts';
import { type UsmReportKind, usmReport } from '../../collector/snmp/usm/reports.ts';
import { newSalts } from '../../collector/snmp/usm/salts.ts';
import { sealMessage } from '../../collector/snmp/usm/seal-message.ts';
import { newKeyStore, type UsmKeys } from '../../collector/snmp/usm/user-keys.ts';
import { assert } from '../../lib/assert.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Random } from '../../lib/random.ts';
import { type Answer, type Ask, type Question, questionOf } from './ask.ts';
import { type Octets, octetString, pdu, plainV3Message, sequence, varbind } from './ber.ts';

/** The user of every hostile engine: SHA-256 and AES-128. */
export const V3_USER = {
  name: 'monitor',
  authentication: 'sha256',
  authenticationPassword: 'authentication pass',
  privacy: 'aes128',
  privacyPassword: 'privacy pass phrase',
} as const;

const BOTH = AUTHENTICATED | ENCRYPTED;
const TIME_WINDOW_SECONDS = 150;
const FIRST_TIME_SECONDS = 100_000;
const RESPONSE = 0xa2;
const ENGINE_ID_PREFIX = [0x80, 0x00, 0x7e, 0xd9, 0x04];
const ENGINE_ID_OCTETS = 8;
const NO_KEYS: UsmKeys = { digest: null, cipher: null };

const view = newMessageView();
const inner = newBerWriter(65_507);
const outer = newBerWriter(65_507);

/** What a v3 message is to the engine that gets it (RFC 3414 §3.2). */
export interface V3Ask {
  readonly ask: Ask;
  readonly messageId: number;
  readonly kind: 'discovery' | 'outside-window' | 'question';
  /** null unless it is one. */
  readonly question: Question | null;
}

/** Fields that a message may lie in; the truth where not given. */
export interface V3Lies {
  readonly messageId?: number;
  readonly requestId?: number;
  readonly flags?: number;
  readonly engineId?: Octets;
  readonly contextEngineId?: Octets;
  readonly contextName?: string;
  readonly boots?: number;
  readonly timeSeconds?: number;
  readonly userName?: string;
}

/** An SNMPv3 engine that knows what is right, and can say anything else. */
export class V3Engine {
  engineId: Octets;
  boots = 6;
  /** Added to the engine's time. */
  timeShiftSeconds = FIRST_TIME_SECONDS;
  readonly #clock: Clock;
  readonly #keyStore;
  readonly #salts;
  readonly #user;
  #reportCount = 0;

  constructor(clock: Clock, random: Random, engineId: Octets | null = null) {
    this.#clock = clock;
    this.engineId = engineId ?? inventedEngineId(random);
    this.#keyStore = newKeyStore(random);
    this.#salts = newSalts(random);
    const password = (text: string) => Buffer.from(text);
    this.#user = this.#keyStore.user({
      name: V3_USER.name,
      authentication: {
        protocol: V3_USER.authentication,
        password: password(V3_USER.authenticationPassword),
      },
      privacy: { protocol: V3_USER.privacy, password: password(V3_USER.privacyPassword) },
    });
  }

  get keys(): UsmKeys {
    return this.#keyStore.keys(this.#user, this.engineId);
  }

  get timeSeconds(): number {
    return this.timeShiftSeconds + Math.floor(this.#clock.monotonicMs() / 1000);
  }

  /** Reads what came; null for what is no v3 message, or not authentic. */
  read(ask: Ask): V3Ask | null {
    if (decodeMessage(view, ask.octets) !== null || view.version !== 3) return null;
    const { messageId, engineIdStart, engineIdEnd } = view;
    const isKnown = this.engineId.equals(ask.octets.subarray(engineIdStart, engineIdEnd));
    if (!isKnown) return { ask, messageId, kind: 'discovery', question: null };
    const isLate =
      view.engineBoots !== this.boots ||
      Math.abs(view.engineTimeSeconds - this.timeSeconds) > TIME_WINDOW_SECONDS;
    if (isLate) return { ask, messageId, kind: 'outside-window', question: null };
    if (openPayload(view, this.keys) !== null) return null;
    return { ask, messageId, kind: 'question', question: questionOf(pduObject(view.pdu)) };
  }

  /** A report; without security unless it is about time (RFC 3414 §3.2 step 7). */
  report(kind: UsmReportKind, { messageId }: V3Ask, lies: V3Lies = {}): Octets {
    this.#reportCount += 1;
    const flags = lies.flags ?? (kind === 'not-in-time-window' ? AUTHENTICATED : 0);
    return this.#seal(usmReport(kind, 0, this.#reportCount), { messageId, ...lies, flags });
  }

  /** The response with that answer. */
  response(asked: V3Ask, answer: Answer, lies: V3Lies = {}): Octets {
    const { messageId = asked.messageId, requestId = asked.question?.requestId ?? 0 } = lies;
    const varbinds = answer.objects.map(({ oid, value }) => varbind(oid, value));
    const octets = pdu({ tag: RESPONSE, requestId, varbinds });
    return this.#sealOctets(octets, { flags: BOTH, ...lies, messageId });
  }

  /** A notification that the engine sends of its own accord. */
  notification(content: Octets, messageId: number, lies: V3Lies = {}): Octets {
    return this.#sealOctets(content, { flags: BOTH, ...lies, messageId });
  }

  /** Any octets as the encrypted content of an authentic message. */
  sealed(payload: Octets, { messageId }: V3Ask, lies: V3Lies = {}): Octets {
    return this.#sealScoped(payload, { flags: BOTH, messageId, ...lies });
  }

  /** An authentic message whose encrypted content carries that salt, of any length. */
  salted(salt: Octets, { messageId }: V3Ask): Octets {
    const message = plainV3Message({
      messageId,
      flags: BOTH,
      engineId: this.engineId,
      user: V3_USER.name,
      boots: this.boots,
      timeSeconds: this.timeSeconds,
      digest: Buffer.alloc(24),
      salt,
      payload: octetString(Buffer.alloc(64, 0x2a)),
      requestId: 0,
      varbinds: [],
    });
    assert(decodeMessage(view, message) === null, 'an engine writes whole messages');
    signMessage(this.keys.digest!, message, 0, message.length, view.digestStart);
    return message;
  }

  #seal(content: Pdu, lies: V3Lies & { readonly flags: number }): Octets {
    startWriting(inner);
    assert(writePdu(inner, content) === null, 'an engine writes PDUs that it can write');
    return this.#sealOctets(Buffer.from(writtenOctets(inner)), lies);
  }

  #sealOctets(content: Octets, lies: V3Lies & { readonly flags: number }): Octets {
    const context = octetString(lies.contextEngineId ?? lies.engineId ?? this.engineId);
    const scoped = sequence(context, octetString(lies.contextName ?? ''), content);
    return this.#sealScoped(scoped, lies);
  }

  #sealScoped(scoped: Octets, lies: V3Lies & { readonly flags: number }): Octets {
    const { flags, messageId = 0, engineId = this.engineId } = lies;
    const { boots = this.boots, timeSeconds = this.timeSeconds } = lies;
    const isSecure = flags !== 0;
    const keys = isSecure ? this.#keyStore.keys(this.#user, engineId) : NO_KEYS;
    const ownName = isSecure ? this.#user.name : Buffer.alloc(0);
    const userName = lies.userName === undefined ? ownName : Buffer.from(lies.userName);
    const envelope = { messageId, flags, engineId, time: { boots, timeSeconds }, userName, keys };
    assert(sealMessage(outer, scoped, envelope, this.#salts), 'a message can be sealed');
    return Buffer.from(writtenOctets(outer));
  }
}

/** An engine id as RFC 3411 §5 has it, in text form. */
export function inventedEngineId(random: Random): Octets {
  return Buffer.from([...ENGINE_ID_PREFIX, ...random.bytes(ENGINE_ID_OCTETS)]);
}
