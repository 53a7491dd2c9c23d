import type { CancelTimer, Clock } from '../lib/clock.ts';
import type { Logger } from '../lib/logger.ts';
import { DAY, MINUTE, SECOND } from '../lib/time.ts';
import { type HeldCounter, type HeldPort, type HeldTotals, MOST_HELD_PORTS } from './held-ports.ts';
import type { LearnedStore } from './learned-store.ts';

/** Changes with the form; what was written in another one is not read. */
const FORM = 'collector-held-totals-1';
/** Totals that moved are written at once, but not more often than this. */
const WRITE_EVERY_MS = SECOND;
/** What only went on is written this seldom. */
const REFRESH_EVERY_MS = MINUTE;
/** Of a device that was not read for so long nothing is kept. */
const LONGEST_ABSENCE_MS = 30 * DAY;

/** Keeps held totals in a text, most likely a file: whole or not at all. A text that is none is begun anew. */
export function storedHeldTotals(store: LearnedStore, clock: Clock, log: Logger): HeldTotals {
  return new StoredHeldTotals(store, clock, log);
}

class StoredHeldTotals implements HeldTotals {
  readonly #store: LearnedStore;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #devices: Map<string, readonly HeldPort[]>;
  #savedMs = Number.NEGATIVE_INFINITY;
  #dueMs = Number.POSITIVE_INFINITY;
  #cancel: CancelTimer = () => {};

  constructor(store: LearnedStore, clock: Clock, log: Logger) {
    this.#store = store;
    this.#clock = clock;
    this.#log = log;
    this.#devices = parseHeldTotals(store.load() ?? '', clock.now() - LONGEST_ABSENCE_MS);
  }

  of(deviceId: string): readonly HeldPort[] {
    return this.#devices.get(deviceId) ?? [];
  }

  note(deviceId: string, ports: readonly HeldPort[], areNew: boolean): void {
    if (ports.length === 0 && !this.#devices.has(deviceId)) return;
    if (ports.length === 0) this.#devices.delete(deviceId);
    else this.#devices.set(deviceId, ports);
    this.#saveBy(this.#savedMs + (areNew ? WRITE_EVERY_MS : REFRESH_EVERY_MS));
  }

  flush(): void {
    if (this.#dueMs !== Number.POSITIVE_INFINITY) this.#save();
  }

  #saveBy(dueMs: number): void {
    if (dueMs >= this.#dueMs) return;
    this.#cancel();
    this.#dueMs = dueMs;
    const waitMs = dueMs - this.#clock.monotonicMs();
    if (waitMs <= 0) this.#save();
    else this.#cancel = this.#clock.after(waitMs, () => this.#save());
  }

  #save(): void {
    this.#cancel();
    this.#dueMs = Number.POSITIVE_INFINITY;
    this.#savedMs = this.#clock.monotonicMs();
    try {
      this.#store.save(renderHeldTotals(this.#devices));
    } catch (error) {
      this.#log.warn({ error: String(error) }, 'the totals of counters are not saved');
    }
  }
}

function renderHeldTotals(devices: ReadonlyMap<string, readonly HeldPort[]>): string {
  return JSON.stringify({ form: FORM, devices: Object.fromEntries(devices) });
}

/** Ports that make no sense, or were last read before `sinceMs`, are left out. */
function parseHeldTotals(text: string, sinceMs: number): Map<string, readonly HeldPort[]> {
  const devices = new Map<string, readonly HeldPort[]>();
  let parsed: unknown = null;
  try {
    parsed = JSON.parse(text);
  } catch {
    return devices;
  }
  if (!isRecord(parsed) || parsed.form !== FORM || !isRecord(parsed.devices)) return devices;
  for (const [deviceId, entries] of Object.entries(parsed.devices)) {
    if (!Array.isArray(entries)) continue;
    const ports = entries.map(portOf).filter((port) => port !== null && port.readAt >= sinceMs);
    if (ports.length > 0) devices.set(deviceId, ports.slice(0, MOST_HELD_PORTS) as HeldPort[]);
  }
  return devices;
}

function portOf(entry: unknown): HeldPort | null {
  if (!isRecord(entry) || typeof entry.label !== 'string') return null;
  const receive = counterOf(entry.receive);
  const transmit = counterOf(entry.transmit);
  const readAt = numberOf(entry.readAt);
  if (receive === null || transmit === null || Number.isNaN(readAt)) return null;
  return {
    label: entry.label,
    readAt,
    uptimeTicks: numberOf(entry.uptimeTicks),
    discontinuityTicks: numberOf(entry.discontinuityTicks),
    octetsPerSecond: numberOf(entry.octetsPerSecond),
    receive,
    transmit,
  };
}

function counterOf(entry: unknown): HeldCounter | null {
  if (!isRecord(entry)) return null;
  const { bits, high, low, sinceMs, offset, owed } = entry;
  if (bits !== 0 && bits !== 32 && bits !== 64) return null;
  if (!isHalf(high) || !isHalf(low) || !isCount(sinceMs) || !isCount(owed)) return null;
  return Number.isFinite(offset)
    ? { bits, high, low, sinceMs, offset: offset as number, owed }
    : null;
}

/** JSON writes null for NaN. */
function numberOf(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : Number.NaN;
}

function isHalf(value: unknown): value is number {
  return isCount(value) && Number.isInteger(value) && value < 2 ** 32;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
