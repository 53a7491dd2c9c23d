import type { Tier } from '../config/model.ts';
import type { DurationMs } from '../lib/time.ts';
import type { IncidentRecord } from './incident-records.ts';

/** What is told of an incident by the time in which it was at its worst. */
type Episode = Pick<IncidentRecord, 'tier' | 'deviceId' | 'faultKind' | 'because'>;

interface Before {
  readonly worst: Episode;
  readonly tiers: readonly Tier[];
}

/** How long an incident was open until it was resolved, all its times together; null while it is open. */
export function openMs(
  record: Pick<IncidentRecord, 'openedAt' | 'resolvedAt' | 'restoredMs'>,
): DurationMs | null {
  const { openedAt, resolvedAt, restoredMs = 0 } = record;
  return resolvedAt === null ? null : Math.max(0, resolvedAt - openedAt - restoredMs);
}

/** Times told one by one; of one that came back more often, the first of them. */
const MOST_TIERS_TOLD = 20;

/**
 * An incident that comes back may do so with another tier. It is reported with the worst that it ended
 * with in any of its times, and what was said of it then; response clocks count under their own.
 */
export class IncidentEpisodes {
  readonly #before = new Map<string, Before>();

  /** The incident opens again: as it stands in its record it was until now. */
  end({ id, tier, deviceId, faultKind, because }: IncidentRecord): void {
    const before = this.#before.get(id);
    const isWorse = before === undefined || tier < before.worst.tier;
    this.#before.set(id, {
      worst: isWorse ? { tier, deviceId, faultKind, because } : before.worst,
      tiers: [...(before?.tiers ?? []), tier].slice(0, MOST_TIERS_TOLD),
    });
  }

  /** The record as reports have it; its own where it never came back. */
  told(record: IncidentRecord): IncidentRecord {
    const before = this.#before.get(record.id);
    if (before === undefined) return record;
    const { worst, tiers } = before;
    const episodeTiers = [...tiers, record.tier].slice(0, MOST_TIERS_TOLD);
    return { ...record, ...(worst.tier < record.tier ? worst : {}), episodeTiers };
  }
}
