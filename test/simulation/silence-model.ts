import type { DomainEvent } from '../../alerting/events.ts';
import type { Tier } from '../../config/model.ts';
import type { EpochMs } from '../../lib/time.ts';

interface Muted {
  readonly deviceIds: readonly string[];
  readonly from: EpochMs;
  to: EpochMs;
  isConfirmed: boolean;
}

/** Which incidents silences hide; the simulated people silence single devices only. */
export class SilenceModel {
  readonly #silences = new Map<string, Muted>();

  take(event: DomainEvent): void {
    if (event.type === 'silence-added') {
      const { id, matchers, startsAt, endsAt } = event.silence;
      const deviceIds = matchers.flatMap(({ values }) => values);
      this.#silences.set(id, { deviceIds, from: startsAt, to: endsAt, isConfirmed: false });
    } else if (event.type === 'silence-confirmed')
      this.#silences.get(event.silenceId)!.isConfirmed = true;
    else if (event.type === 'silence-ended') this.#silences.get(event.silenceId)!.to = event.at;
  }

  /** Tier 1 is hidden by two people only. */
  hides(deviceId: string, tier: Tier, at: EpochMs): boolean {
    for (const { deviceIds, from, to, isConfirmed } of this.#silences.values()) {
      if (at < from || at >= to || (tier === 1 && !isConfirmed)) continue;
      if (deviceIds.includes(deviceId)) return true;
    }
    return false;
  }

  /** The next instant at which one begins or ends. */
  nextAt(now: EpochMs): EpochMs {
    let next = Number.POSITIVE_INFINITY;
    for (const { from, to } of this.#silences.values())
      for (const at of [from, to]) if (at > now) next = Math.min(next, at);
    return next;
  }
}
