import type { DomainEvent } from '../../alerting/events.ts';
import type { EngineState } from '../../alerting/state.ts';
import type { DurationMs, EpochMs } from '../../lib/time.ts';
import { MINUTE } from '../../lib/time.ts';
import type { NetworkTruth, Trouble } from './network-truth.ts';

/** Long enough for whatever was down before to be judged, and told of. */
const CALM_FOR_MS = 40 * MINUTE;

/** What people tell, and what is said of the service, goes on. */
const OF_OTHERS: ReadonlySet<string> = new Set(['customer-report', 'clock-stepped']);

interface Watched {
  readonly trouble: Trouble;
  readonly beganMs: DurationMs;
  /** On the wall clock, where nobody has set it. */
  readonly beganAt: EpochMs;
}

/**
 * What must be so while a power feed is dark, or the service is cut off from the network, and nothing
 * else is wrong: one incident, and nobody blamed who has done nothing.
 */
export class PowerPromises {
  readonly violations: string[] = [];
  readonly #truth: NetworkTruth;
  #watched: Watched | null = null;
  #lastOtherMs = Number.NEGATIVE_INFINITY;

  constructor(truth: NetworkTruth) {
    this.#truth = truth;
  }

  /** Something goes wrong: what is looked at closely is alone. */
  began(trouble: Trouble, nowMs: DurationMs, now: EpochMs): void {
    const isAlone = this.#truth.troubles.size === 1 && nowMs - this.#lastOtherMs > CALM_FOR_MS;
    const isOfInterest = trouble.kind === 'dark' || trouble.kind === 'cut';
    this.#watched = isAlone && isOfInterest ? { trouble, beganMs: nowMs, beganAt: now } : null;
    this.#lastOtherMs = nowMs;
  }

  ended(nowMs: DurationMs): void {
    this.#watched = null;
    this.#lastOtherMs = nowMs;
  }

  /** The service was stopped, stalled, or its clock was set: nothing is certain of what goes on. */
  disturbed(): void {
    this.#watched = null;
  }

  /** While nobody answers, no device is down and no feed is dark, so far as anybody can tell. */
  take(events: readonly DomainEvent[]): void {
    const watched = this.#watched;
    if (watched?.trouble.kind !== 'cut') return;
    for (const event of events) {
      if (event.type !== 'fault-raised' || event.kind !== 'device-down') continue;
      if (event.since >= watched.beganAt)
        this.violations.push(`${event.faultKey} is blamed, and the service is cut off`);
    }
  }

  /** What is told `forMs` and longer after it began. A feed in planned work is blamed for nothing: its loads are told. */
  check(
    state: EngineState,
    nowMs: DurationMs,
    forMs: DurationMs,
    isPlanned: (deviceId: string) => boolean,
  ): void {
    const watched = this.#watched;
    if (watched === null || nowMs - watched.beganMs < forMs) return;
    if (watched.trouble.kind === 'dark' && isPlanned(watched.trouble.deviceId)) return;
    const open = [...state.openIncidentIds].map((id) => state.incidents.get(id)!);
    const off = this.#truth.withoutPower(watched.trouble);
    if (watched.trouble.kind === 'cut') {
      const kinds = open.map(({ rootKind }) => rootKind).filter((kind) => !OF_OTHERS.has(kind));
      if (kinds.join() !== 'collector-blind')
        this.violations.push(`cut off, and told are: ${kinds.join(', ') || 'nothing'}`);
    } else {
      const roots = open.map(({ rootDeviceId }) => rootDeviceId);
      const ofPower = roots.filter((id) => off.has(id));
      if (ofPower.length !== 1)
        this.violations.push(
          `${watched.trouble.deviceId} is dark, and told are: ${roots.join(', ')}`,
        );
    }
    for (const id of watched.trouble.kind === 'cut' ? this.#truth.deviceIds : off) {
      const { health } = state.devices.get(id)!;
      if (health === 'up' || health === 'degraded')
        this.violations.push(`${id} is silent and counts as ${health}`);
    }
  }
}
