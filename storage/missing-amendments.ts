import { type Amendment, touches } from '../reports/amendments.ts';
import {
  type FrozenReport,
  frozenFor,
  keptDocument,
  periodOf,
  type ReportArchive,
} from './report-archive.ts';

/**
 * The numbers of the amendments that were made after a report was frozen and would change it: its next
 * revision takes them in. Of a site's report those of its devices; where the document that names them
 * cannot be read, all of its time.
 */
export function missingAmendments(
  dataFolder: string,
  amendments: readonly Amendment[],
  frozen: FrozenReport,
): readonly number[] {
  const period = periodOf(frozen);
  const later = amendments.filter(
    (each) => each.number > frozen.throughAmendment && touches(each, period),
  );
  if (later.length === 0 || frozen.siteId === null) return later.map(({ number }) => number);
  const known = devicesOf(dataFolder, frozen);
  return later
    .filter(({ deviceIds }) => known === null || deviceIds.some((id) => known.has(id)))
    .map(({ number }) => number);
}

/** The frozen reports, newest revisions, that an amendment is not in yet. */
export function reportsToFreezeAgain(
  dataFolder: string,
  archive: Pick<ReportArchive, 'frozen' | 'amendments'>,
  number: number,
): readonly FrozenReport[] {
  return newestRevisions(archive).filter((frozen) =>
    missingAmendments(dataFolder, archive.amendments, frozen).includes(number),
  );
}

/** Of every frozen report the revision that counts, in the order in which they were frozen. */
export function newestRevisions(archive: Pick<ReportArchive, 'frozen'>): readonly FrozenReport[] {
  return archive.frozen.filter((each) => frozenFor(archive, each.period, each.siteId) === each);
}

function devicesOf(dataFolder: string, frozen: FrozenReport): ReadonlySet<string> | null {
  const kept = keptDocument(dataFolder, frozen);
  if (!kept.ok) return null;
  try {
    const { devices } = JSON.parse(kept.json) as { devices: readonly { id: string }[] };
    return new Set(devices.map(({ id }) => id));
  } catch {
    return null;
  }
}
