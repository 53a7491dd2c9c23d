import { type DurationMs, HOUR } from '../lib/time.ts';
import type { ConnectionFacts, EngineTimeReset } from './snmp-client.ts';

/** The SNMPv3 engine of a device as it proved itself last (RFC 3411 §5). */
export interface KnownEngine {
  /** In hexadecimal. */
  readonly id: string;
  readonly boots: number;
}

/** Why an engine is not the one that it was. Boots that rise are a restart, and nothing to speak of. */
export const ENGINE_CHANGES = ['id-changed', 'boots-went-back', 'time-went-back'] as const;

/** An SNMPv3 engine behaves as none may: it has another id, or has lost its boots or its time (RFC 3414 §2.2). */
export interface EngineChange {
  readonly because: (typeof ENGINE_CHANGES)[number];
  /** Engine id in hexadecimal, boots, or seconds. */
  readonly before: number | string;
  readonly after: number | string;
  /** Earlier changes of this kind that were not told of, because another had been shortly before. */
  readonly untoldCount: number;
}

/** A device that is another at each poll cannot fill the journal. */
const TELL_AGAIN_AFTER_MS: DurationMs = HOUR;

interface Telling {
  fromMs: number;
  untoldCount: number;
}

/** Compares, poll by poll, the engine that has proved itself with the one before. */
export class EngineWatch {
  readonly #memory: { engine: KnownEngine | null };
  /** Made with the first change: hardly any device has one. */
  #tellings: Map<EngineChange['because'], Telling> | null = null;
  #timeReset: EngineTimeReset | null = null;

  /** `memory` keeps the engine, so that a change while nobody was polling is seen as well. */
  constructor(memory: { engine: KnownEngine | null }) {
    this.#memory = memory;
  }

  /** What has changed since the last answered poll; null: nothing, or it was told of within the hour. */
  look(connection: ConnectionFacts, nowMs: number): EngineChange | null {
    const { engineId: id, engineBoots: boots, engineTimeReset } = connection;
    if (id === null || boots === null) return null;
    const known = this.#memory.engine;
    const isTimeReset = engineTimeReset !== this.#timeReset;
    this.#timeReset = engineTimeReset;
    if (known?.id !== id || known.boots !== boots) this.#memory.engine = { id, boots };
    if (known === null) return null;
    if (known.id !== id) return this.#tell('id-changed', known.id, id, nowMs);
    if (boots < known.boots) return this.#tell('boots-went-back', known.boots, boots, nowMs);
    if (!isTimeReset || engineTimeReset === null || boots > known.boots) return null;
    const { beforeSeconds, afterSeconds } = engineTimeReset;
    return this.#tell('time-went-back', beforeSeconds, afterSeconds, nowMs);
  }

  #tell(
    because: EngineChange['because'],
    before: number | string,
    after: number | string,
    nowMs: number,
  ): EngineChange | null {
    this.#tellings ??= new Map();
    const telling = this.#tellings.get(because);
    if (telling !== undefined && nowMs < telling.fromMs) {
      telling.untoldCount += 1;
      return null;
    }
    this.#tellings.set(because, { fromMs: nowMs + TELL_AGAIN_AFTER_MS, untoldCount: 0 });
    return { because, before, after, untoldCount: telling?.untoldCount ?? 0 };
  }
}
