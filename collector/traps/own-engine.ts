import type { Clock } from '../../lib/clock.ts';
import type { Random } from '../../lib/random.ts';
import { SECOND } from '../../lib/time.ts';
import { type EngineTime, EXHAUSTED_BOOTS } from '../snmp/usm/engine-clock.ts';

/** Where the identity of our engine is kept over a restart; a file, as a rule. */
export interface EngineStore {
  /** What was saved last, or null. */
  load(): string | null;
  /** Throws when it is not kept. */
  save(text: string): void;
}

/** We as an SNMP engine: authoritative for the informs that are sent to us (RFC 3414 §1.5.1). */
export interface OwnEngine {
  readonly engineId: Uint8Array;
  /** RFC 3414 §2.2.2: our starts, and seconds since this one. */
  time(): EngineTime;
}

interface Identity {
  readonly engineId: Uint8Array;
  readonly boots: number;
}

const FORM = 'snmp-engine-1';
/**
 * RFC 3411 §5 SnmpEngineID: a set first bit, an enterprise number (32473 stands for whoever has
 * none, RFC 5612), format 5 for octets of one's own, and those.
 */
const ENGINE_ID_PREFIX = Uint8Array.of(0x80, 0x00, 0x7e, 0xd9, 0x05);
const OWN_OCTETS = 12;
const LARGEST_TIME_SECONDS = 2_147_483_647;

/**
 * Starts our engine: the id of the start before, with one boot more, kept before anything is said
 * under it, because a time that was used must never come again (RFC 3414 §2.3). Without an identity
 * that can be read, or with its boots used up, it is a new engine. Throws when it cannot be kept.
 */
export function startOwnEngine(store: EngineStore, random: Random, clock: Clock): OwnEngine {
  const before = parseIdentity(store.load());
  const isUsable = before !== null && before.boots < EXHAUSTED_BOOTS - 1;
  const identity: Identity = isUsable
    ? { engineId: before.engineId, boots: before.boots + 1 }
    : { engineId: newEngineId(random), boots: 1 };
  const hex = Buffer.from(identity.engineId).toString('hex');
  store.save(JSON.stringify({ form: FORM, engineId: hex, boots: identity.boots }));
  const startedMs = clock.monotonicMs();
  return {
    engineId: identity.engineId,
    time: () => {
      const elapsedSeconds = Math.floor((clock.monotonicMs() - startedMs) / SECOND);
      const timeSeconds = Math.min(elapsedSeconds, LARGEST_TIME_SECONDS);
      return { boots: identity.boots, timeSeconds };
    },
  };
}

function newEngineId(random: Random): Uint8Array {
  return Uint8Array.of(...ENGINE_ID_PREFIX, ...random.bytes(OWN_OCTETS));
}

function parseIdentity(text: string | null): Identity | null {
  if (text === null) return null;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof parsed !== 'object' || parsed === null) return null;
  const { form, engineId, boots } = parsed as Readonly<Record<string, unknown>>;
  const isId = typeof engineId === 'string' && /^80([0-9a-f]{2}){4,31}$/.test(engineId);
  const isCount = Number.isSafeInteger(boots) && (boots as number) >= 1;
  if (form !== FORM || !isId || !isCount) return null;
  return { engineId: Uint8Array.from(Buffer.from(engineId, 'hex')), boots: boots as number };
}
