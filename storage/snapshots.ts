import type { Snapshot } from '../lib/journal.ts';

/** Snapshots kept of each form: the newest, and one more in case it turns out unreadable. */
const SNAPSHOTS_KEPT = 2;
/** Snapshots kept in all; a form that is no longer written ages out behind the others. */
const SNAPSHOTS_KEPT_OVERALL = 8;

/** The snapshots worth keeping, newest first. */
export function dropOldSnapshots<Kept extends Pick<Snapshot, 'form' | 'sequence'>>(
  snapshots: readonly Kept[],
): Kept[] {
  const keptOfForm = new Map<string, number>();
  return snapshots
    .toSorted((a, b) => b.sequence - a.sequence)
    .filter(({ form }) => {
      const kept = keptOfForm.get(form) ?? 0;
      keptOfForm.set(form, kept + 1);
      return kept < SNAPSHOTS_KEPT;
    })
    .slice(0, SNAPSHOTS_KEPT_OVERALL);
}
