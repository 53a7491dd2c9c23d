import type { MessageView } from '../snmp/message-view.ts';
import { hearOfEngine } from '../snmp/usm/engine-clock.ts';
import { type OpenedNotification, openNotification } from '../snmp/usm/open-notification.ts';
import type { KeyStore, UsmUser } from '../snmp/usm/user-keys.ts';
import type { ProvenEngineTime } from '../snmp-client.ts';
import type { OwnEngine } from './own-engine.ts';
import { inLightOfPoll, mayBeOld, type SenderClock } from './sender-clock.ts';
import type { Sharers, TrapSource } from './trap-source.ts';
import type { TrapRefusal } from './trap-verdict.ts';
import type { V3Users } from './v3-users.ts';

/** A v3 message that counted, or why it did not. */
export type V3Passage =
  | {
      readonly kind: 'accepted';
      readonly isInform: boolean;
      readonly by: Sharers;
      readonly user: UsmUser;
      /** That it proved to be from; null: an inform, which is under our own engine (RFC 3414 §1.5.1). */
      readonly engineId: Uint8Array | null;
    }
  | {
      readonly kind: 'refused';
      readonly because: TrapRefusal;
      /** What RFC 3414 §3.2 has us send back; null when nothing. */
      readonly opened: Extract<OpenedNotification, { kind: 'refused' }>;
      /** Of the name in the message, for a report that must be signed. */
      readonly user: UsmUser | null;
    };

export interface V3DoorDeps {
  readonly keys: KeyStore;
  readonly own: OwnEngine;
  /** See `TrapJudgeDeps`. */
  readonly engineIdOf: (deviceId: string) => string | null;
  readonly engineTimeOf: (deviceId: string) => ProvenEngineTime | null;
}

const NO_REPORT = { report: null, requestId: 0 } as const;
/** Engines whose time is believed; only those with the right keys get in. */
const MOST_SENDERS = 16_384;
/** Digests of traps seen lately; enough for 200 traps a second over the whole time window. */
const MOST_DIGESTS = 65_536;
/** A trap older than the window of 150 seconds is refused for its age. */
const REMEMBER_DIGEST_MS = 310_000;

/**
 * Lets v3 notifications in: user and keys of the devices at the address it came from, the time
 * window of its sender, and no trap twice. What is believed of a sender belongs to its address as
 * well as to its engine id, so that two devices with the same id cannot lock each other out.
 */
export class V3Door {
  readonly #deps: V3DoorDeps;
  readonly #senders = new Map<string, SenderClock>();
  /** Digest → instant of the monotonic clock until which it is remembered, oldest first. */
  readonly #seen = new Map<string, number>();

  constructor(deps: V3DoorDeps) {
    this.#deps = deps;
  }

  /** Decides over the message whose frame is in `view`. */
  open(view: MessageView, source: TrapSource, users: V3Users, nowMs: number): V3Passage {
    const name = Buffer.from(view.octets.subarray(view.userStart, view.userEnd));
    let last: V3Passage | null = null;
    for (const sharers of source.sharers) {
      if (sharers.credential.version !== 'v3') continue;
      const user = users.of(sharers.credential);
      if (!name.equals(user.name)) continue;
      last = this.#openAs(view, source.address, sharers, user, nowMs);
      // Two devices at one address may have users of the same name with other passwords.
      if (last.kind === 'accepted' || !isForAnotherUser(last.because)) return last;
    }
    return last ?? this.#openAs(view, source.address, null, null, nowMs);
  }

  #openAs(
    view: MessageView,
    address: string,
    by: Sharers | null,
    user: UsmUser | null,
    nowMs: number,
  ): V3Passage {
    const { keys, own } = this.#deps;
    let believed: SenderClock | null = null;
    const receiver = {
      engineId: own.engineId,
      time: own.time(),
      findUser: () => user,
      keys: keys.keys,
      sender: (engineId: Uint8Array) => {
        believed = this.#believedOf(address, engineId, by, nowMs);
        return believed.engine;
      },
    };
    const opened = openNotification(view, receiver, nowMs);
    if (opened.kind === 'refused') {
      return { kind: 'refused', because: opened.because, opened, user };
    }
    if (opened.sender !== null && mayBeOld(believed!, opened.sender, nowMs)) {
      const none = { kind: 'refused', because: 'boots-went-back', ...NO_REPORT } as const;
      return { kind: 'refused', because: 'boots-went-back', opened: none, user };
    }
    if (opened.sender !== null && this.#isReplay(view, opened.user, nowMs)) {
      const none = { kind: 'refused', because: 'wrong-digest', ...NO_REPORT } as const;
      return { kind: 'refused', because: 'replayed', opened: none, user };
    }
    if (opened.sender !== null && opened.user.levelFlags !== 0) {
      const { fallenFromBoots } = believed!;
      const key = senderKey(address, opened.sender.engineId);
      this.#believe(key, { engine: opened.sender, fallenFromBoots });
    }
    const { isInform, user: provenUser } = opened;
    const engineId = opened.sender?.engineId ?? null;
    return { kind: 'accepted', isInform, by: by!, user: provenUser, engineId };
  }

  /** RFC 3414 accepts a trap again for 150 seconds; its digest is a name that no other message has. */
  #isReplay(view: MessageView, user: UsmUser, nowMs: number): boolean {
    if (user.levelFlags === 0) return false;
    const { octets, digestStart, digestEnd } = view;
    const digest = Buffer.from(octets.subarray(digestStart, digestEnd)).toString('latin1');
    const rememberedUntilMs = this.#seen.get(digest);
    if (rememberedUntilMs !== undefined && rememberedUntilMs > nowMs) return true;
    this.#seen.delete(digest);
    this.#seen.set(digest, nowMs + REMEMBER_DIGEST_MS);
    for (const [oldest, untilMs] of this.#seen) {
      if (untilMs > nowMs && this.#seen.size <= MOST_DIGESTS) break;
      this.#seen.delete(oldest);
    }
    return false;
  }

  /** What its notifications and, where it is polled, its answers have proven. */
  #believedOf(
    address: string,
    engineId: Uint8Array,
    by: Sharers | null,
    nowMs: number,
  ): SenderClock {
    const { engineIdOf, engineTimeOf } = this.#deps;
    const known = this.#senders.get(senderKey(address, engineId));
    if (known === undefined) {
      const engine = hearOfEngine(engineId, { boots: 0, timeSeconds: 0 }, nowMs);
      return { engine, fallenFromBoots: null };
    }
    const id = Buffer.from(engineId).toString('hex');
    const polled = by?.devices.filter((device) => engineIdOf(device.id) === id) ?? [];
    return polled.reduce(
      (sender, device) => inLightOfPoll(sender, engineTimeOf(device.id), nowMs),
      known,
    );
  }

  #believe(key: string, sender: SenderClock): void {
    this.#senders.delete(key);
    this.#senders.set(key, sender);
    if (this.#senders.size <= MOST_SENDERS) return;
    const [oldest] = this.#senders.keys();
    this.#senders.delete(oldest!);
  }
}

function isForAnotherUser(because: TrapRefusal): boolean {
  return because === 'wrong-digest' || because === 'unsupported-security-level';
}

function senderKey(address: string, engineId: Uint8Array): string {
  return `${address} ${Buffer.from(engineId).toString('latin1')}`;
}
