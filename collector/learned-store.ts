import { GENTLE_REASONS } from './agent-habits.ts';
import type { LearnedDevice } from './device-memory.ts';
import type { KnownEngine } from './engine-watch.ts';

/** Where the collector keeps what it has learned over a restart of the program; a file, as a rule. */
export interface LearnedStore {
  /** What was saved last, or null. */
  load(): string | null;
  save(text: string): void;
}

/** Changes with the form; what was written in another one is not read. */
const FORM = 'collector-learned-1';

/** Writes what was learned, by device id; equal knowledge gives equal text. */
export function renderLearned(devices: ReadonlyMap<string, LearnedDevice>): string {
  const sorted = [...devices].sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify({ form: FORM, devices: Object.fromEntries(sorted) });
}

/** Reads it back; null when it is not what `renderLearned` wrote. Entries that make no sense are left out. */
export function parseLearned(text: string): ReadonlyMap<string, LearnedDevice> | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isRecord(parsed) || parsed.form !== FORM || !isRecord(parsed.devices)) return null;
  const devices = new Map<string, LearnedDevice>();
  for (const [deviceId, entry] of Object.entries(parsed.devices)) {
    if (!isRecord(entry)) continue;
    const { batchSize, seenUp, standing } = entry;
    if (typeof batchSize !== 'number' || !isTexts(seenUp) || !isTexts(standing)) continue;
    const batchOctets = typeof entry.batchOctets === 'number' ? entry.batchOctets : null;
    const refusesBulk = entry.refusesBulk === true;
    const gentle = GENTLE_REASONS.find((reason) => reason === entry.gentle) ?? null;
    const engine = engineOf(entry.engine);
    const size = { batchSize, batchOctets };
    devices.set(deviceId, { ...size, refusesBulk, gentle, seenUp, standing, engine });
  }
  return devices;
}

function engineOf(entry: unknown): KnownEngine | null {
  if (!isRecord(entry)) return null;
  const { id, boots } = entry;
  return typeof id === 'string' && Number.isSafeInteger(boots)
    ? { id, boots: boots as number }
    : null;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
