import type { Condition, Observation } from '../../collector/observation.ts';
import { NO_FACTS } from '../../collector/observation.ts';
import { NO_TEXT, say } from '../../lib/local-text.ts';
import { type EpochMs, MINUTE } from '../../lib/time.ts';

/** One thing that is really wrong. */
export type Trouble =
  | { readonly kind: 'dead'; readonly deviceId: string }
  | { readonly kind: 'unreadable'; readonly deviceId: string }
  | { readonly kind: 'battery'; readonly deviceId: string; readonly sinceAt: EpochMs }
  | { readonly kind: 'port'; readonly deviceId: string; readonly port: string }
  | { readonly kind: 'hot'; readonly deviceId: string };

const BATTERY_MINUTES = 40;
/** Mains fail for so long in every so many minutes; the battery is low from then on. */
const WITHOUT_MAINS_MINUTES = 30;
const MAINS_EVERY_MINUTES = 45;
const LOW_AFTER_MINUTES = 15;

/** What is really the case in the network, and what a poll sees of it. */
export class NetworkTruth {
  readonly troubles = new Set<Trouble>();
  readonly #parents: ReadonlyMap<string, readonly string[]>;

  constructor(devices: readonly { id: string; parents: readonly { deviceId: string }[] }[]) {
    this.#parents = new Map(
      devices.map(({ id, parents }) => [id, parents.map(({ deviceId }) => deviceId)]),
    );
  }

  get deviceIds(): readonly string[] {
    return [...this.#parents.keys()];
  }

  isDead(deviceId: string): boolean {
    for (const each of this.troubles) {
      if (each.kind === 'dead' && each.deviceId === deviceId) return true;
    }
    return false;
  }

  /** Dead itself, or every way to it is. */
  isSilent(deviceId: string): boolean {
    if (this.isDead(deviceId)) return true;
    const parents = this.#parents.get(deviceId) ?? [];
    return parents.length > 0 && parents.every((parent) => this.isSilent(parent));
  }

  poll(deviceId: string, now: EpochMs): Observation {
    const silent = this.isSilent(deviceId);
    const unreadable = [...this.troubles].some(
      (each) => each.kind === 'unreadable' && each.deviceId === deviceId,
    );
    const outcome = silent ? 'timeout' : unreadable ? 'auth-failed' : 'ok';
    return {
      deviceId,
      kind: 'full',
      outcome,
      detail: NO_TEXT,
      startedAt: now,
      finishedAt: now,
      rttMs: outcome === 'ok' ? 1 : null,
      sysUpTimeTicks: null,
      conditions: outcome === 'ok' ? this.#conditions(deviceId, now) : null,
      unreadComponents: [],
    };
  }

  #conditions(deviceId: string, now: EpochMs): readonly Condition[] {
    return [...this.troubles].flatMap((each): readonly Condition[] => {
      if (each.deviceId !== deviceId) return [];
      const base = { level: 'critical' as const, text: say('bad', '故障'), facts: NO_FACTS };
      switch (each.kind) {
        case 'battery': {
          const minutes = Math.max(0, (now - each.sinceAt) / MINUTE);
          const facts = { ...NO_FACTS, batteryMinutes: Math.max(0, BATTERY_MINUTES - minutes) };
          const battery = { ...base, component: 'battery', facts };
          const isOnBattery = minutes % MAINS_EVERY_MINUTES < WITHOUT_MAINS_MINUTES;
          return [
            ...(isOnBattery ? [{ ...battery, kind: 'on-battery' as const }] : []),
            ...(minutes >= LOW_AFTER_MINUTES ? [{ ...battery, kind: 'battery-low' as const }] : []),
          ];
        }
        case 'port': {
          const facts = { ...NO_FACTS, port: each.port };
          const component = `port:${each.port}`;
          return [{ ...base, component, kind: 'port-down' as const, facts }];
        }
        case 'hot':
          return [{ ...base, component: 'sensor:inlet', kind: 'temperature' as const }];
        default:
          return [];
      }
    });
  }
}
