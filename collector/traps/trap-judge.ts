import { hash } from 'node:crypto';
import type { Config, Device } from '../../config/model.ts';
import { decodeMessage } from '../snmp/decode-message.ts';
import { type MessageView, newMessageView, sameOctets } from '../snmp/message-view.ts';
import { INFORM, TRAP_V1, TRAP_V2, VERSION_3 } from '../snmp/tags.ts';
import type { KeyStore, UsmUser } from '../snmp/usm/user-keys.ts';
import type { ProvenEngineTime } from '../snmp-client.ts';
import type { Answers } from './answer-octets.ts';
import { type KnownTrap, knownTrap } from './known-traps.ts';
import { trapOid } from './notification.ts';
import type { OwnEngine } from './own-engine.ts';
import {
  type SenderEngine,
  type Sharers,
  sendersAt,
  sourceAddress,
  type TrapSource,
  type TrapSources,
  trapSources,
} from './trap-source.ts';
import type { TrapRefusal } from './trap-verdict.ts';
import { V3Door, type V3Passage } from './v3-door.ts';
import { type V3Users, v3Users } from './v3-users.ts';

/** What a datagram at the trap port is worth. */
export type Judgement =
  | {
      readonly kind: 'refused';
      readonly because: TrapRefusal;
      /** To be sent back; null when nothing is. */
      readonly report: Uint8Array | null;
    }
  | {
      readonly kind: 'notification';
      readonly sourceAddress: string;
      /** Those that can have sent it: at least one. */
      readonly devices: readonly Device[];
      readonly oid: string;
      /** null: a kind that is only counted. */
      readonly known: KnownTrap | null;
      readonly isInform: boolean;
      /** The message, until the next one is judged. */
      readonly view: MessageView;
      /** The v3 user; null in v1 and v2c. */
      readonly user: UsmUser | null;
    };

type AcceptedV3 = Extract<V3Passage, { kind: 'accepted' }>;

export interface TrapJudgeDeps {
  readonly keys: KeyStore;
  readonly own: OwnEngine;
  readonly answers: Answers;
  /** As which SNMPv3 engine a device answers polls, in hexadecimal; null while none is known. */
  readonly engineIdOf: (deviceId: string) => string | null;
  /** Boots and time of that engine, as polls have proven them; null while they have not. */
  readonly engineTimeOf: (deviceId: string) => ProvenEngineTime | null;
}

/**
 * Decides over datagrams: from the address of a configured device, whole, with a credential of a
 * device at that address, a notification. In this order, so that what comes from strangers costs a
 * look into a table and nothing more.
 */
export class TrapJudge {
  readonly #deps: TrapJudgeDeps;
  readonly #door: V3Door;
  readonly #view = newMessageView();
  #sources: TrapSources = new Map();
  #users: V3Users;
  /** Octets of each community of the configuration. */
  #communities = new Map<string, Uint8Array>();

  constructor(deps: TrapJudgeDeps) {
    this.#deps = deps;
    this.#door = new V3Door(deps);
    this.#users = v3Users(deps.keys);
  }

  /** Takes over a configuration; what is believed of senders stays. */
  configure(config: Config): void {
    this.#sources = trapSources(config);
    this.#users = v3Users(this.#deps.keys);
    this.#communities = new Map();
    for (const credential of config.credentials.values()) {
      if (credential.version === 'v3') continue;
      this.#communities.set(credential.id, Buffer.from(credential.community.reveal()));
    }
  }

  /** `address` and `port` as the socket tells them; `nowMs` of the monotonic clock. */
  judge(datagram: Uint8Array, address: string, port: number, nowMs: number): Judgement {
    const source = this.#sources.get(sourceAddress(address));
    if (source === undefined) return refused('unknown-source');
    const refusal = decodeMessage(this.#view, datagram);
    if (refusal !== null) return refused(refusal);
    return this.#view.version === VERSION_3
      ? this.#judgeV3(source, port, nowMs)
      : this.#judgeCommunity(source, port);
  }

  #judgeCommunity(source: TrapSource, port: number): Judgement {
    const { octets, communityStart, communityEnd } = this.#view;
    let isVersionConfigured = false;
    for (const sharers of source.sharers) {
      const community = this.#communities.get(sharers.credential.id);
      if (community === undefined) continue;
      isVersionConfigured = true;
      if (!sameOctets(octets, communityStart, communityEnd, community)) continue;
      const { tag } = this.#view.pdu;
      if (tag !== TRAP_V1 && tag !== TRAP_V2 && tag !== INFORM) return refused('wrong-pdu');
      return this.#accept(source, sharers, port, tag === INFORM, null);
    }
    return refused(isVersionConfigured ? 'wrong-community' : 'version-not-configured');
  }

  #judgeV3(source: TrapSource, port: number, nowMs: number): Judgement {
    if (source.sharers.every(({ credential }) => credential.version !== 'v3')) {
      return refused('version-not-configured');
    }
    const passage = this.#door.open(this.#view, source, this.#users, nowMs);
    if (passage.kind === 'accepted') {
      const { by, isInform } = passage;
      return this.#accept(source, by, port, isInform, passage);
    }
    const { report, requestId } = passage.opened;
    if (report === null) return refused(passage.because);
    const octets = this.#deps.answers.report(this.#view, report, requestId, passage.user);
    return { kind: 'refused', because: passage.because, report: octets };
  }

  #accept(
    source: TrapSource,
    sharers: Sharers,
    port: number,
    isInform: boolean,
    proven: Pick<AcceptedV3, 'user' | 'engineId'> | null,
  ): Judgement {
    const view = this.#view;
    const oid = trapOid(view.pdu);
    if (oid === null) return refused('no-trap-oid');
    return {
      kind: 'notification',
      sourceAddress: source.address,
      devices: sendersAt(sharers.devices, port, this.#engineOf(proven)),
      oid,
      known: knownTrap(oid),
      isInform,
      view,
      user: proven?.user ?? null,
    };
  }

  #engineOf(proven: Pick<AcceptedV3, 'engineId'> | null): SenderEngine | null {
    const engineId = proven?.engineId ?? null;
    if (engineId === null) return null;
    const { engineIdOf } = this.#deps;
    return { id: Buffer.from(engineId).toString('hex'), engineIdOf };
  }
}

/**
 * What makes two informs of one sender the same: request id, trap and all values. A v3 sender gives
 * a repetition another message id, and one without imagination gives all its informs one request id.
 */
export function informKey(view: MessageView, address: string, port: number): string {
  const { octets, requestId, count, columns } = view.pdu;
  const from = count === 0 ? 0 : columns.nameStarts[0]!;
  const to = count === 0 ? 0 : columns.valueEnds[count - 1]!;
  return `${address} ${port} ${requestId} ${hash('sha256', octets.subarray(from, to), 'base64')}`;
}

function refused(because: TrapRefusal): Judgement {
  return { kind: 'refused', because, report: null };
}
