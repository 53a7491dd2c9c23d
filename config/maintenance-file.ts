import { DAY, type EpochMs } from '../lib/time.ts';
import type { KnownDevices } from './devices-checks.ts';
import { type Draft, entriesOf } from './draft.ts';
import { checkReferences, checkTimeZone, checkUniqueIds, type Findings } from './findings.ts';
import { hasOffset, readInstant } from './local-instant.ts';
import { dayIn, occurrencesOf } from './maintenance-repeat.ts';
import type { MaintenanceFile, WindowEntry } from './maintenance-schema.ts';
import type { MaintenanceWindow } from './model.ts';
import { type Path, show } from './problem-text.ts';

type Repeat = NonNullable<WindowEntry['repeat']>;

const LONGEST_USUAL_WINDOW = 30 * DAY;

/** What maintenance.yaml takes from elsewhere. */
export interface MaintenanceContext {
  readonly timeZone: string | null;
  readonly devices: KnownDevices;
  /** Null: nothing is said about windows that have begun. */
  readonly now: EpochMs | null;
}

/** Checks maintenance.yaml beyond its schema. */
export function checkMaintenanceFile(
  findings: Findings,
  file: Draft<MaintenanceFile>,
  context: MaintenanceContext,
): void {
  checkUniqueIds(findings, ['windows'], file.windows);
  for (const [index, entry] of entriesOf(file.windows)) {
    const path = ['windows', index];
    checkCoverage(findings, path, entry, context.devices);
    checkTimes(findings, path, entry, context);
  }
}

function checkCoverage(
  findings: Findings,
  path: Path,
  entry: Draft<WindowEntry>,
  known: KnownDevices,
): void {
  const { devices, sites, tags } = entry;
  if ([devices, sites, tags].every((list) => list?.length === 0)) {
    findings.error(path, 'covers nothing; expected devices, sites or tags');
  }
  checkReferences(findings, [...path, 'devices'], devices, known.deviceIds, 'device');
  checkReferences(findings, [...path, 'sites'], sites, known.siteIds, 'site');
  checkReferences(findings, [...path, 'tags'], tags, known.tags, 'tag of any device');
}

function checkTimes(
  findings: Findings,
  path: Path,
  entry: Draft<WindowEntry>,
  context: MaintenanceContext,
): void {
  const ownZone = checkTimeZone(findings, [...path, 'timeZone'], entry.timeZone);
  const zone = entry.timeZone === undefined ? context.timeZone : ownZone;
  // Which of two wall-clock times is the later one can be told without knowing where the wall is.
  const isWallClock = ![entry.startsAt, entry.endsAt].some((text) => hasOffset(text ?? ''));
  const anyZone = zone ?? (isWallClock ? 'UTC' : null);
  const startsAt = checkInstant(findings, [...path, 'startsAt'], entry.startsAt, anyZone);
  const endsAt = checkInstant(findings, [...path, 'endsAt'], entry.endsAt, anyZone);
  checkRepeat(findings, path, entry);
  if (startsAt === null || endsAt === null) return;
  if (endsAt <= startsAt) {
    const message = `ends ${entry.endsAt}, not after it starts (${entry.startsAt})`;
    findings.error([...path, 'endsAt'], message);
    return;
  }
  if (endsAt - startsAt > LONGEST_USUAL_WINDOW) {
    const days = Math.floor((endsAt - startsAt) / DAY);
    findings.warning([...path, 'endsAt'], `the window lasts ${days} days; is the date right?`);
  }
  const { now } = context;
  if (zone !== null && now !== null && startsAt <= now && now < endsAt) {
    const name = entry.id === null ? 'the window' : show(entry.id);
    const message = `${name} has begun (${entry.startsAt}): pages are held back, but unless it was loaded before it began, reports count its time as it was observed`;
    findings.warning([...path, 'startsAt'], message);
  }
}

function checkRepeat(findings: Findings, path: Path, entry: Draft<WindowEntry>): void {
  const { repeat, startsAt, endsAt } = entry;
  if (!repeat) return;
  if (startsAt === null || endsAt === null) return;
  if (hasOffset(startsAt) || hasOffset(endsAt)) {
    const message =
      'a window that repeats has wall-clock times; expected startsAt and endsAt without an offset';
    findings.error(path, message);
    return;
  }
  checkWeek(findings, [...path, 'repeat'], repeat, startsAt.slice(0, 10));
  if (repeat.until === null) return;
  const first = startsAt.slice(0, 10);
  const latest = `${Number(first.slice(0, 4)) + 2}${first.slice(4)}`;
  if (!isDate(repeat.until)) {
    const message = `${show(repeat.until)} is not a date of the calendar`;
    findings.error([...path, 'repeat', 'until'], message);
  } else if (repeat.until < first || repeat.until > latest) {
    const message = `${repeat.until} is not within two years after it first starts (${first})`;
    findings.error([...path, 'repeat', 'until'], message);
  }
}

/** The second Tuesday has a month, a week and one day, and is the day on which the first begins. */
function checkWeek(
  findings: Findings,
  path: Path,
  { every, days, week }: Draft<Repeat>,
  first: string,
): void {
  if (week === null) return;
  if (week === undefined) {
    if (every === null || every === 'week' || days === null || days.length === 0) return;
    const message =
      every === 'month' ? 'needs a week, such as second' : 'counts for every: week only';
    findings.error([...path, 'days'], message);
    return;
  }
  if (every !== null && every !== 'month') {
    findings.error([...path, 'week'], 'counts for every: month only');
    return;
  }
  if (days === null || days.includes(null)) return;
  const [day] = days;
  if (days.length !== 1 || day === undefined || day === null) {
    findings.error([...path, 'days'], 'expected one day, the one that week counts');
    return;
  }
  if (!isDate(first)) return;
  const meant = dayIn(Temporal.PlainDate.from(first).toPlainYearMonth(), week, day);
  if (meant.toString() === first) return;
  findings.error(path, `startsAt is ${first}; expected the ${week} ${day} of its month, ${meant}`);
}

function isDate(text: string): boolean {
  try {
    Temporal.PlainDate.from(text, { overflow: 'reject' });
    return true;
  } catch {
    return false;
  }
}

function checkInstant(
  findings: Findings,
  path: Path,
  text: string | null,
  zone: string | null,
): EpochMs | null {
  if (text === null) return null;
  const read = readInstant(text, zone);
  if (read !== null && 'at' in read) return read.at;
  if (read !== null) findings.error(path, read.fault);
  return null;
}

/** The windows of a maintenance.yaml without errors. */
export function deriveMaintenance(file: MaintenanceFile, timeZone: string): MaintenanceWindow[] {
  return file.windows.flatMap((entry) => {
    const instantOf = (text: string) => {
      const read = readInstant(text, entry.timeZone ?? timeZone);
      return read !== null && 'at' in read ? read.at : 0;
    };
    const { id, startsAt, endsAt, repeat } = entry;
    const zone = entry.timeZone ?? timeZone;
    const occurrences =
      repeat === undefined
        ? [{ id, startsAt: instantOf(startsAt), endsAt: instantOf(endsAt) }]
        : occurrencesOf(id, startsAt, endsAt, repeat, zone);
    return occurrences.map((occurrence) => ({
      ...occurrence,
      reason: entry.reason,
      owner: entry.owner,
      deviceIds: entry.devices,
      siteIds: entry.sites,
      tags: entry.tags,
    }));
  });
}
