import type { Logger } from '../lib/logger.ts';
import type { DeviceDetail } from './device-detail.ts';

/** Devices named beside one whose engine id they have. */
const MOST_NAMED = 20;
/** Engine ids told of in the log; a network with more of them has been told enough. */
const MOST_TOLD = 1_000;

/**
 * Which devices answer as the same SNMPv3 engine (RFC 3411 §5: engine ids are unique). They are polled
 * all the same, each by what it says itself; but keys and traps of one are good for the other.
 */
export class SharedEngines {
  readonly #log: Logger | null;
  readonly #engines = new Map<string, string>();
  readonly #devices = new Map<string, Set<string>>();
  readonly #told = new Set<string>();

  /** Without a log nothing is said of it there. */
  constructor(log: Logger | null) {
    this.#log = log;
  }

  /** The device answers as this engine; null: it is not known, or the device is gone. */
  note(deviceId: string, engineId: string | null): void {
    const before = this.#engines.get(deviceId) ?? null;
    if (before === engineId) return;
    if (before !== null) this.#leave(deviceId, before);
    if (engineId === null) this.#engines.delete(deviceId);
    else this.#join(deviceId, engineId);
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
    if (this.#told.has(engineId) || this.#told.size >= MOST_TOLD) return;
    this.#told.add(engineId);
    const deviceIds = [...devices].sort();
    this.#log?.warn({ engineId, deviceIds }, 'devices answer as one SNMPv3 engine');
  }

  #leave(deviceId: string, engineId: string): void {
    const devices = this.#devices.get(engineId);
    devices?.delete(deviceId);
    if (devices?.size === 0) this.#devices.delete(engineId);
  }
}
