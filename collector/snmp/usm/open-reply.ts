import { AUTHENTICATED, ENCRYPTED, type MessageView, sameOctets } from '../message-view.ts';
import type { Refusal } from '../refusal.ts';
import { RESPONSE } from '../tags.ts';
import {
  type EngineClock,
  type EngineTime,
  hearOfEngine,
  judgeEngineTime,
  type TimeVerdict,
  UNKNOWN_ENGINE,
} from './engine-clock.ts';
import { isAuthentic, openPayload } from './open-payload.ts';
import { type ReportKind, reportKind } from './reports.ts';
import type { UsmKeys, UsmUser } from './user-keys.ts';

/** One request that waits for its reply, and what we believe about the engine it was sent to. */
export interface AskedV3 {
  readonly requestId: number;
  readonly user: UsmUser;
  /** AUTHENTICATED and ENCRYPTED as sent: the user's level, or none for discovery. */
  readonly levelFlags: number;
  /** Keys of the user at `engine`; without any while the engine is unknown. */
  readonly keys: UsmKeys;
  readonly contextName: Uint8Array;
  readonly engine: EngineClock;
}

/** Why a message is no reply; the request goes on waiting for the true one. */
export type IgnoredReason =
  | Refusal
  | 'wrong-engine'
  /** A report, which nothing proves, that another engine is there. */
  | 'other-engine'
  | 'wrong-user'
  | 'wrong-request-id'
  | 'wrong-context'
  /** At a lower security level than asked. */
  | 'security-downgrade'
  /** At a level for which we have no keys. */
  | 'unasked-security'
  | 'wrong-digest'
  | 'decryption-error'
  /** A report about time that nothing proves. */
  | 'unproven-time'
  | 'outside-time-window';

/** What the sender of the request does now; `engine` is what to believe from here on. */
export type ReplyV3 =
  /** The response is in `view.pdu`. */
  | { readonly kind: 'response'; readonly engine: EngineClock }
  /** Ask again at once, with new ids. `because` is for the record. */
  | { readonly kind: 'ask-again'; readonly because: RetryReason; readonly engine: EngineClock }
  /** The device refuses; asking again does not help. */
  | { readonly kind: 'failed'; readonly because: FailureReason; readonly engine: EngineClock }
  | { readonly kind: 'ignored'; readonly because: IgnoredReason; readonly engine: EngineClock };

export type RetryReason =
  | 'engine-discovered'
  | 'time-synchronised'
  /** The engine has lost its boots or its time; it is unknown again and will be discovered. */
  | 'boots-went-back'
  | 'time-went-back';

export type FailureReason =
  | Exclude<ReportKind, 'not-in-time-window' | 'unknown-engine-id'>
  | 'boots-exhausted';

const LEVEL = AUTHENTICATED | ENCRYPTED;

/**
 * Decides what a v3 message is worth as the reply to `asked`, whose message id it carries (RFC 3412
 * §7.2, RFC 3414 §3.2). `view` holds its frame. In this order: engine and user, level, digest, time,
 * and only then is anything inside decrypted or read. Below the asked level only reports count, and
 * of these none about time.
 */
export function openReply(view: MessageView, asked: AskedV3, nowMs: number): ReplyV3 {
  const level = view.flags & LEVEL;
  const ignored = (because: IgnoredReason): ReplyV3 => ({
    kind: 'ignored',
    because,
    engine: asked.engine,
  });
  if ((level & AUTHENTICATED) === 0) return openUnproven(view, asked, nowMs, ignored);
  if (asked.keys.digest === null) return ignored('unasked-security');
  if ((level & ENCRYPTED) !== 0 && asked.keys.cipher === null) return ignored('unasked-security');
  if (!isFrom(view, asked.engine.engineId)) return ignored('wrong-engine');
  if (!sameOctets(view.octets, view.userStart, view.userEnd, asked.user.name)) {
    return ignored('wrong-user');
  }
  if (!isAuthentic(view, asked.keys)) return ignored('wrong-digest');
  const { verdict, engine } = judgeEngineTime(asked.engine, timeOf(view), nowMs);
  if (verdict !== 'in-window') return outsideWindow(verdict, engine);
  const refusal = openPayload(view, asked.keys);
  if (refusal !== null) return { kind: 'ignored', because: refusal, engine };
  const report = reportKind(view.pdu);
  if (report !== null) return provenReport(report, engine);
  const isBelow = (level & asked.levelFlags) !== asked.levelFlags;
  const because = isBelow ? 'security-downgrade' : misfit(view, asked);
  return because === null ? { kind: 'response', engine } : { kind: 'ignored', because, engine };
}

/** A message without a digest: a report, or the response to a user without authentication. */
function openUnproven(
  view: MessageView,
  asked: AskedV3,
  nowMs: number,
  ignored: (because: IgnoredReason) => ReplyV3,
): ReplyV3 {
  const refusal = openPayload(view, asked.keys);
  if (refusal !== null) return ignored(refusal);
  const report = reportKind(view.pdu);
  const { engine } = asked;
  if (report === null) {
    if (asked.levelFlags !== 0) return ignored('security-downgrade');
    if (!isFrom(view, engine.engineId)) return ignored('wrong-engine');
    if (!sameOctets(view.octets, view.userStart, view.userEnd, asked.user.name)) {
      return ignored('wrong-user');
    }
    const because = misfit(view, asked);
    return because === null ? { kind: 'response', engine } : ignored(because);
  }
  const isOther = view.engineIdEnd > view.engineIdStart && !isFrom(view, engine.engineId);
  // RFC 3414 §4: the answer to discovery. Some engines find the user unknown before the engine id.
  const isDiscovery = engine.engineId.length === 0;
  if (isOther && isDiscovery) {
    const engineId = view.octets.subarray(view.engineIdStart, view.engineIdEnd);
    const heardOf = hearOfEngine(engineId, timeOf(view), nowMs);
    return { kind: 'ask-again', because: 'engine-discovered', engine: heardOf };
  }
  // Whoever sees a request can send this: the true answer may still come. If none does, the engine is
  // discovered anew at the next try.
  if (isOther && report === 'unknown-engine-id') return ignored('other-engine');
  if (report === 'not-in-time-window') return ignored('unproven-time');
  // The engine denies the very id that it sends, or sends none: nothing can be learned from it.
  if (report === 'unknown-engine-id' || isOther) return ignored('wrong-engine');
  return { kind: 'failed', because: report, engine };
}

function outsideWindow(verdict: Exclude<TimeVerdict, 'in-window'>, engine: EngineClock): ReplyV3 {
  if (verdict === 'boots-exhausted') return { kind: 'failed', because: verdict, engine };
  // The message id was never sent before, so this is no replay: the engine itself has gone back.
  return { kind: 'ask-again', because: verdict, engine: UNKNOWN_ENGINE };
}

/** RFC 3414 §3.2 step 7a sends this report with a digest, and so it tells the time. */
function provenReport(report: ReportKind, engine: EngineClock): ReplyV3 {
  if (report === 'not-in-time-window') {
    return { kind: 'ask-again', because: 'time-synchronised', engine };
  }
  if (report === 'unknown-engine-id') return { kind: 'ignored', because: 'wrong-engine', engine };
  return { kind: 'failed', because: report, engine };
}

/** RFC 3412 §7.2 step 12: a response fits its request in id, context engine and context. */
function misfit(view: MessageView, asked: AskedV3): IgnoredReason | null {
  const { pdu } = view;
  if (pdu.tag !== RESPONSE) return 'wrong-pdu';
  if (pdu.requestId !== asked.requestId) return 'wrong-request-id';
  const { octets } = pdu;
  const { engineId } = asked.engine;
  const isContext =
    sameOctets(octets, view.contextEngineIdStart, view.contextEngineIdEnd, engineId) &&
    sameOctets(octets, view.contextNameStart, view.contextNameEnd, asked.contextName);
  return isContext ? null : 'wrong-context';
}

function isFrom(view: MessageView, engineId: Uint8Array): boolean {
  return sameOctets(view.octets, view.engineIdStart, view.engineIdEnd, engineId);
}

function timeOf(view: MessageView): EngineTime {
  return { boots: view.engineBoots, timeSeconds: view.engineTimeSeconds };
}
