import type { Logger } from '../lib/logger.ts';
import type { DeviceDetail } from './device-detail.ts';
import type { SelfMetrics } from './self-metrics.ts';

/** Devices named beside one whose engine id they have. */
const MOST_NAMED = 20;
/** Engine ids told of in the log; a network with more of them has been told enough. */
const MOST_TOLD = 1_000;

/** To whom it is told that devices share an engine id. */
export interface EnginesTeller {
  readonly log: Logger;
  readonly selfMetrics: Pick<SelfMetrics, 'enginesShared'>;
}

/**
 * Which devices answer as the same SNMPv3 engine (RFC 3411 §5: engine ids are unique). They are polled
 * all the same, each by what it says itself; but keys and traps of one are good for the other.
 */
export class SharedEngines {
  readonly #teller: EnginesTeller | null;
  readonly #engines = new Map<string, string>();
  readonly #devices = new Map<string, Set<string>>();
  readonly #told = new Set<string>();
  /** Devices that are not alone with their engine id. */
  #sharingCount = 0;

  /** null: somebody else tells of it, who hears of all devices. */
  constructor(teller: EnginesTeller | null) {
    this.#teller = teller;
  }

  /** The device answers as this engine; null: it is not known, or the device is gone. */
  note(deviceId: string, engineId: string | null): void {
    const before = this.#engines.get(deviceId) ?? null;
    if (before === engineId) return;
    if (before !== null) this.#leave(deviceId, before);
    if (engineId === null) this.#engines.delete(deviceId);
    else this.#join(deviceId, engineId);
    this.#teller?.selfMetrics.enginesShared(this.#sharingCount);
  }

  /** The engine, in hexadecimal, as which the device answers; null while none is known. */
  engineOf(deviceId: string): string | null {
    return this.#engines.get(deviceId) ?? null;
  }

  /** The detail with the other devices of its engine. */
  addTo(detail: DeviceDetail | null): DeviceDetail | null {
    if (detail === null || detail.snmpEngine === null) return detail;
    const { id } = detail.snmpEngine;
    const all = [...(this.#devices.get(id) ?? [])].filter((other) => other !== detail.deviceId);
    return { ...detail, snmpEngine: { id, sharedWith: all.sort().slice(0, MOST_NAMED) } };
  }

  #join(deviceId: string, engineId: string): void {
    this.#engines.set(deviceId, engineId);
    const devices = this.#devices.get(engineId);
    if (devices === undefined) {
      this.#devices.set(engineId, new Set([deviceId]));
      return;
    }
    devices.add(deviceId);
    this.#sharingCount += devices.size === 2 ? 2 : 1;
    if (this.#told.has(engineId) || this.#told.size >= MOST_TOLD) return;
    this.#told.add(engineId);
    const deviceIds = [...devices].sort();
    this.#teller?.log.warn({ engineId, deviceIds }, 'devices answer as one SNMPv3 engine');
  }

  #leave(deviceId: string, engineId: string): void {
    const devices = this.#devices.get(engineId);
    if (devices === undefined) return;
    devices.delete(deviceId);
    if (devices.size > 0) this.#sharingCount -= devices.size === 1 ? 2 : 1;
    else this.#devices.delete(engineId);
  }
}
