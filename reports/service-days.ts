import type { Topology, TopologyDevice } from '../alerting/topology.ts';
import type { EpochMs } from '../lib/time.ts';

/** A day of service, told ahead, that came: the device was in service, or no more, from then on. */
export interface ServiceDay {
  readonly at: EpochMs;
  readonly what: 'in-service' | 'out-of-service';
  readonly id: string;
}

interface Days {
  /** Of its commissioning, while that is ahead of the newest topology. */
  readonly inAt: EpochMs | null;
  /** Of its retirement, as it counts: one told in hindsight from when it was loaded. */
  readonly outAt: EpochMs | null;
  /** Whether that was ahead when it was loaded: else the edit itself is what is told. */
  readonly isOutAhead: boolean;
}

/**
 * When the days of `commissioned` and `retired` came, by the rules of the ledger: nothing is loaded
 * then, and the topology that told them may be of years before.
 */
export class ServiceDays {
  readonly #came: ServiceDay[] = [];
  /** Of the devices of the newest topology. */
  readonly #ahead = new Map<string, Days>();

  apply({ devices }: Topology, at: EpochMs): void {
    const there = new Set(devices.map(({ id }) => id));
    for (const [id, days] of this.#ahead) {
      if (there.has(id)) continue;
      this.#came.push(...daysOf(id, days, at));
      this.#ahead.delete(id);
    }
    for (const device of devices) this.#take(device, at);
  }

  /** Those in `[from, to)`. */
  daysIn(from: EpochMs, to: EpochMs): ServiceDay[] {
    const ahead = Array.from(this.#ahead, ([id, days]) => daysOf(id, days, to)).flat();
    return [...this.#came, ...ahead].filter(({ at }) => at >= from && at < to);
  }

  #take(device: TopologyDevice, at: EpochMs): void {
    const { id, commissionedAt, retiredAt } = device;
    const before = this.#ahead.get(id);
    const isNew = before === undefined;
    const told = retiredAt ?? null;
    const isKept = !isNew && before.outAt !== null && before.outAt <= at && (told ?? at + 1) <= at;
    const outAt = told === null ? null : isKept ? before.outAt : Math.max(told, at);
    const isInAhead = isNew || (before.inAt !== null && before.inAt > at);
    const days = {
      inAt: isInAhead && (commissionedAt ?? at) > at ? commissionedAt! : null,
      outAt,
      isOutAhead: isKept ? before.isOutAhead : outAt !== null && outAt > at,
    };
    this.#ahead.set(id, days);
    if (isNew) return;
    // A day that comes in the very millisecond of the topology came, but for a retirement put off in it.
    if (before.inAt !== null && before.inAt <= at) {
      this.#came.push({ at: before.inAt, what: 'in-service', id });
    }
    if (before.isOutAhead && outAt !== before.outAt && before.outAt! < at) {
      this.#came.push({ at: before.outAt!, what: 'out-of-service', id });
    }
  }
}

/** The days that came before `until`. */
function daysOf(id: string, { inAt, outAt, isOutAhead }: Days, until: EpochMs): ServiceDay[] {
  const days: ServiceDay[] = [];
  if (inAt !== null && inAt < until) days.push({ at: inAt, what: 'in-service', id });
  if (isOutAhead && outAt! < until) days.push({ at: outAt!, what: 'out-of-service', id });
  return days;
}
