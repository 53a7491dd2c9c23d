import type { TopologyDevice } from '../../alerting/topology.ts';
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
  | { readonly kind: 'hot'; readonly deviceId: string }
  /** A power feed without output, its own card included. */
  | { readonly kind: 'dark'; readonly deviceId: string }
  /** The service has no way into the network any more. */
  | { readonly kind: 'cut'; readonly deviceId: string };

const BATTERY_MINUTES = 40;
/** Mains fail for so long in every so many minutes; the battery is low from then on. */
const WITHOUT_MAINS_MINUTES = 30;
const MAINS_EVERY_MINUTES = 45;
const LOW_AFTER_MINUTES = 15;

/** What is really the case in the network, and what a poll sees of it. */
export class NetworkTruth {
  readonly troubles = new Set<Trouble>();
  readonly #parents: ReadonlyMap<string, readonly string[]>;
  readonly #feeds: ReadonlyMap<string, readonly string[]>;

  constructor(devices: readonly Pick<TopologyDevice, 'id' | 'parents' | 'powerFeeds'>[]) {
    this.#feeds = new Map(devices.map(({ id, powerFeeds }) => [id, powerFeeds]));
    this.#parents = new Map(
      devices.map(({ id, parents }) => [id, parents.map(({ deviceId }) => deviceId)]),
    );
  }

  get deviceIds(): readonly string[] {
    return [...this.#parents.keys()];
  }

  /** Devices on which others hang for their power. */
  get feedIds(): readonly string[] {
    return [...new Set([...this.#feeds.values()].flat())];
  }

  /** What goes dark with the trouble, the feed itself included; empty for what takes no power away. */
  withoutPower({ kind, deviceId }: Trouble): ReadonlySet<string> {
    const off = new Set(kind === 'dark' ? [deviceId] : []);
    for (const feed of off) {
      for (const [id, feeds] of this.#feeds) {
        if (feeds.length > 0 && feeds.includes(feed) && feeds.every((each) => off.has(each)))
          off.add(id);
      }
    }
    return off;
  }

  /** Devices that the trouble by itself keeps from answering, whatever becomes of the ways to them. */
  deadBy(trouble: Trouble): readonly string[] {
    return trouble.kind === 'dead' ? [trouble.deviceId] : [...this.withoutPower(trouble)];
  }

  /** Dead or without power itself, or every way to it is; or we have none. */
  isSilent(deviceId: string): boolean {
    for (const each of this.troubles) {
      if (each.kind === 'cut' || this.deadBy(each).includes(deviceId)) return true;
    }
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
