import { decodeScopedPdu } from '../decode-message.ts';
import {
  AUTHENTICATED,
  ENCRYPTED,
  type MessageView,
  REPORTABLE,
  sameOctets,
} from '../message-view.ts';
import type { Refusal } from '../refusal.ts';
import { INFORM, TRAP_V2 } from '../tags.ts';
import {
  type EngineClock,
  type EngineTime,
  isWithinOwnWindow,
  judgeEngineTime,
  type TimeVerdict,
} from './engine-clock.ts';
import { isAuthentic, openPayload } from './open-payload.ts';
import type { UsmReportKind } from './reports.ts';
import type { UsmKeys, UsmUser } from './user-keys.ts';

/** The receiver of notifications: itself an engine, authoritative for informs (RFC 3414 §1.5.1). */
export interface Receiver {
  readonly engineId: Uint8Array;
  /** Our boots and time now. */
  readonly time: EngineTime;
  /** The user of that name, or null. */
  findUser(name: Uint8Array): UsmUser | null;
  keys(user: UsmUser, engineId: Uint8Array): UsmKeys;
  /** What we believe about the engine that sends, `hearOfEngine` for one never seen. */
  sender(engineId: Uint8Array): EngineClock;
}

/** Why a notification counts for nothing. The same words go to the security record. */
export type NotificationRefusal =
  | Refusal
  | UsmReportKind
  | Exclude<TimeVerdict, 'in-window'>
  /** A trap without the id of the engine that sends it. */
  | 'no-engine-id';

export type OpenedNotification =
  /** The trap or inform is in `view.pdu`. `sender` is what to believe about a trap's engine now. */
  | {
      readonly kind: 'accepted';
      readonly isInform: boolean;
      readonly user: UsmUser;
      readonly sender: EngineClock | null;
    }
  /** `report` is what RFC 3414 §3.2 has us send back; null when nothing may be sent. */
  | {
      readonly kind: 'refused';
      readonly because: NotificationRefusal;
      readonly report: UsmReportKind | null;
      /** For that report (RFC 3412 §7.1 step 3 c): the id of what was refused, 0 when it cannot be read. */
      readonly requestId: number;
    };

const LEVEL = AUTHENTICATED | ENCRYPTED;

/**
 * Decides what a v3 message to the notification port is worth (RFC 3414 §3.2). `view` holds its
 * frame. With our engine id it must be an inform, judged by our clock; with another one a trap,
 * judged by what we believe about its sender. Another level than the user's own is refused, and
 * nothing inside is decrypted or believed before the digest was found right. Each engine id costs a
 * localisation of the user's keys, so senders that nobody knows are to be turned away before.
 *
 * A report goes back under our engine id with the user name that came, without security except for
 * `not-in-time-window`, which carries a digest. The response to an inform repeats its context.
 */
export function openNotification(
  view: MessageView,
  receiver: Receiver,
  nowMs: number,
): OpenedNotification {
  const { octets, engineIdStart, engineIdEnd } = view;
  const isOurs = sameOctets(octets, engineIdStart, engineIdEnd, receiver.engineId);
  const isReportable = (view.flags & REPORTABLE) !== 0;
  const refused = (
    because: NotificationRefusal,
    due: UsmReportKind | null = null,
  ): OpenedNotification => {
    const report = isReportable ? due : null;
    return { kind: 'refused', because, report, requestId: report === null ? 0 : clearId(view) };
  };

  if (!isOurs && isReportable) return refused('unknown-engine-id', 'unknown-engine-id');
  if (engineIdEnd === engineIdStart) return refused('no-engine-id');
  const user = receiver.findUser(octets.subarray(view.userStart, view.userEnd));
  if (user === null) return refused('unknown-user-name', 'unknown-user-name');
  if ((view.flags & LEVEL) !== user.levelFlags) {
    return refused('unsupported-security-level', 'unsupported-security-level');
  }
  const engineId = Uint8Array.from(octets.subarray(engineIdStart, engineIdEnd));
  const keys = receiver.keys(user, engineId);
  let sender: EngineClock | null = isOurs ? null : receiver.sender(engineId);
  if (user.levelFlags !== 0) {
    if (!isAuthentic(view, keys)) return refused('wrong-digest', 'wrong-digest');
    const time = { boots: view.engineBoots, timeSeconds: view.engineTimeSeconds };
    if (sender === null) {
      if (!isWithinOwnWindow(receiver.time, time)) {
        return refused('not-in-time-window', 'not-in-time-window');
      }
    } else {
      const judged = judgeEngineTime(sender, time, nowMs);
      if (judged.verdict !== 'in-window') return refused(judged.verdict);
      sender = judged.engine;
    }
  }
  const refusal = openPayload(view, keys);
  if (refusal !== null) {
    return refused(refusal, refusal === 'decryption-error' ? refusal : null);
  }
  if (view.pdu.tag !== (isOurs ? INFORM : TRAP_V2)) return refused('wrong-pdu');
  return { kind: 'accepted', isInform: isOurs, user, sender };
}

/** The request id of a message whose inside is in the clear, or 0. */
function clearId(view: MessageView): number {
  if ((view.flags & ENCRYPTED) !== 0) return 0;
  const refusal = decodeScopedPdu(view, view.octets, view.payloadStart, view.payloadEnd);
  return refusal === null ? view.pdu.requestId : 0;
}
