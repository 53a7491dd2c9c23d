import { DAY, type EpochMs } from '../lib/time.ts';
import {
  checkReference,
  checkTimeZone,
  checkUniqueIds,
  type Findings,
  isTimeZone,
  type KnownIds,
} from './findings.ts';
import type { MaintenanceFile, WindowEntry } from './maintenance-schema.ts';
import type { MaintenanceWindow } from './model.ts';
import { type Path, show } from './problem-text.ts';

const LONGEST_USUAL_WINDOW = 30 * DAY;

/** What maintenance.yaml takes from the other files. */
export interface MaintenanceContext {
  readonly timeZone: string;
  readonly deviceIds: KnownIds;
  readonly siteIds: KnownIds;
  readonly tags: KnownIds;
}

/** Checks maintenance.yaml beyond its schema and gives its part of the configuration. */
export function readMaintenanceFile(
  findings: Findings,
  file: MaintenanceFile,
  context: MaintenanceContext,
): MaintenanceWindow[] {
  checkUniqueIds(findings, ['windows'], file.windows);
  return file.windows.map((entry, index) => {
    const path = ['windows', index];
    checkCoverage(findings, path, entry, context);
    if (entry.timeZone !== undefined) {
      checkTimeZone(findings, [...path, 'timeZone'], entry.timeZone);
    }
    const zone = entry.timeZone ?? context.timeZone;
    const startsAt = readInstant(findings, [...path, 'startsAt'], entry.startsAt, zone);
    const endsAt = readInstant(findings, [...path, 'endsAt'], entry.endsAt, zone);
    if (startsAt !== null && endsAt !== null) {
      if (endsAt <= startsAt) {
        const message = `ends ${entry.endsAt}, not after it starts (${entry.startsAt})`;
        findings.error([...path, 'endsAt'], message);
      } else if (endsAt - startsAt > LONGEST_USUAL_WINDOW) {
        const days = Math.floor((endsAt - startsAt) / DAY);
        findings.warning([...path, 'endsAt'], `the window lasts ${days} days; is the date right?`);
      }
    }
    return {
      id: entry.id,
      reason: entry.reason,
      owner: entry.owner,
      startsAt: startsAt ?? 0,
      endsAt: endsAt ?? 0,
      deviceIds: entry.devices,
      siteIds: entry.sites,
      tags: entry.tags,
    };
  });
}

function checkCoverage(
  findings: Findings,
  path: Path,
  entry: WindowEntry,
  context: MaintenanceContext,
): void {
  if (entry.devices.length + entry.sites.length + entry.tags.length === 0) {
    findings.error(path, 'covers nothing; expected devices, sites or tags');
  }
  const lists = [
    ['devices', context.deviceIds, 'device'],
    ['sites', context.siteIds, 'site'],
    ['tags', context.tags, 'tag of any device'],
  ] as const;
  for (const [key, known, noun] of lists) {
    entry[key].forEach((id, index) => {
      checkReference(findings, [...path, key, index], id, known, noun);
    });
  }
}

/**
 * `2026-11-03T02:00+08:00`, or wall-clock time in the zone. A wall-clock time that a change to or
 * from summer time skips or repeats is a fault: only an offset says which instant is meant.
 */
function readInstant(findings: Findings, path: Path, text: string, zone: string): EpochMs | null {
  const iso = text.replace(' ', 'T');
  try {
    if (/(Z|[+-]\d\d:\d\d)$/.test(iso)) return Temporal.Instant.from(iso).epochMilliseconds;
    const local = Temporal.PlainDateTime.from(iso);
    if (!isTimeZone(zone)) return null;
    const [earlier, later] = (['earlier', 'later'] as const).map(
      (disambiguation) => local.toZonedDateTime(zone, { disambiguation }).epochMilliseconds,
    );
    if (earlier === later) return earlier!;
    const message = `${show(text)} is skipped or repeated in ${zone} (summer time); write it with an offset such as ${iso}+01:00`;
    findings.error(path, message);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    findings.error(path, `${show(text)} is not a date and time of the calendar`);
  }
  return null;
}
