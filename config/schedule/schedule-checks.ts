import { DAY, HOUR } from '../../lib/time.ts';
import { type Draft, entriesOf, type Maybe } from '../draft.ts';
import {
  checkDuration,
  checkNoRepeats,
  checkReference,
  checkReferences,
  checkTimeZone,
  checkUniqueIds,
  type Findings,
  type KnownIds,
  knownIds,
} from '../findings.ts';
import { readInstant } from '../local-instant.ts';
import type { OncallFile } from '../oncall-schema.ts';
import { type Path, show } from '../problem-text.ts';
import type { LayerEntry, ScheduleEntry, TeamEntry } from './schedule-schema.ts';

const SHIFT_BOUNDS = { least: HOUR, most: 92 * DAY };

/** What the schedules of one file refer to. */
interface Known {
  readonly people: KnownIds;
  readonly teams: KnownIds;
  readonly calendars: KnownIds;
  readonly serviceZone: string | null;
}

/** Checks teams, holidays, schedules and the catch-all beyond their schema. */
export function checkSchedules(
  findings: Findings,
  file: Draft<OncallFile>,
  serviceZone: string | null,
): void {
  for (const part of ['teams', 'holidays', 'schedules'] as const) {
    checkUniqueIds(findings, [part], file[part]);
  }
  const known: Known = {
    people: knownIds(file.people),
    teams: knownIds(file.teams),
    calendars: knownIds(file.holidays),
    serviceZone,
  };
  for (const [index, team] of entriesOf(file.teams)) {
    checkTeam(findings, ['teams', index], team, known.people);
  }
  for (const [index, { days, workdays }] of entriesOf(file.holidays)) {
    for (const [position, day] of entriesOf(workdays))
      checkDate(findings, ['holidays', index, 'workdays', position], day);
    for (const [position, day] of entriesOf(days)) {
      checkDate(findings, ['holidays', index, 'days', position], day);
    }
    checkNoRepeats(findings, ['holidays', index, 'days'], days);
  }
  for (const [index, entry] of entriesOf(file.schedules)) {
    checkSchedule(findings, ['schedules', index], entry, known);
  }
  checkReferences(findings, ['catchAll'], file.catchAll, known.people, 'person');
  if (file.schedules?.length && file.catchAll?.length === 0) {
    const message = 'is missing; expected who is paged when nobody is on call';
    findings.error(['catchAll'], message);
  }
}

function checkTeam(
  findings: Findings,
  path: Path,
  { members, manager }: Draft<TeamEntry>,
  people: KnownIds,
): void {
  checkReferences(findings, [...path, 'members'], members, people, 'person');
  checkNoRepeats(findings, [...path, 'members'], members);
  checkReference(findings, [...path, 'manager'], manager ?? null, people, 'person');
}

function checkSchedule(
  findings: Findings,
  path: Path,
  entry: Draft<ScheduleEntry>,
  known: Known,
): void {
  const ownZone = checkTimeZone(findings, [...path, 'timeZone'], entry.timeZone);
  const zone = entry.timeZone === undefined ? known.serviceZone : ownZone;
  checkReference(findings, [...path, 'team'], entry.team ?? null, known.teams, 'team');
  checkReference(findings, [...path, 'manager'], entry.manager ?? null, known.people, 'person');
  const calendar = entry.holidays ?? null;
  checkReference(findings, [...path, 'holidays'], calendar, known.calendars, 'holiday calendar');
  for (const list of ['layers', 'overrides', 'swaps'] as const) {
    checkUniqueIds(findings, [...path, list], entry[list]);
  }
  for (const [index, layer] of entriesOf(entry.layers)) {
    const place = [...path, 'layers', index];
    checkLayer(findings, place, layer, known.people);
    if (entry.holidays !== undefined || layer.holidays === null) continue;
    if (layer.holidays === 'also') continue;
    const message = `heeds holidays (${layer.holidays}), but the schedule names no calendar; expected "holidays" there`;
    findings.error([...place, 'holidays'], message);
  }
  for (const [index, each] of entriesOf(entry.overrides)) {
    const place = [...path, 'overrides', index];
    checkReference(findings, [...place, 'person'], each.person, known.people, 'person');
    checkReference(findings, [...place, 'replaces'], each.replaces ?? null, known.people, 'person');
    checkSpan(findings, place, each, zone);
  }
  for (const [index, swap] of entriesOf(entry.swaps)) {
    for (const half of ['first', 'second'] as const) {
      const place = [...path, 'swaps', index, half];
      const given = swap[half];
      if (given === null) continue;
      checkReference(findings, [...place, 'person'], given.person, known.people, 'person');
      checkSpan(findings, place, given, zone);
    }
    if (swap.first?.person && swap.first.person === swap.second?.person) {
      const message = `${show(swap.first.person)} is on both sides; expected two people`;
      findings.error([...path, 'swaps', index], message);
    }
  }
}

function checkLayer(
  findings: Findings,
  path: Path,
  layer: Draft<LayerEntry>,
  people: KnownIds,
): void {
  checkReferences(findings, [...path, 'people'], layer.people, people, 'person');
  checkDate(findings, [...path, 'startsOn'], layer.startsOn);
  checkDate(findings, [...path, 'endsOn'], layer.endsOn);
  const { rotation, handoff, shift } = layer;
  if (rotation !== null && handoff !== null) {
    const hasDay = handoff.includes(' ');
    if (rotation === 'weekly' && !hasDay) {
      const message = `${show(handoff)} names no day; expected one such as "mon ${handoff}" for a weekly rotation`;
      findings.error([...path, 'handoff'], message);
    } else if (rotation !== 'weekly' && hasDay) {
      const message = `${show(handoff)} names a day; expected a time such as "${handoff.slice(4)}" for a ${rotation} rotation`;
      findings.error([...path, 'handoff'], message);
    }
  }
  checkDuration(findings, [...path, 'shift'], shift, SHIFT_BOUNDS);
  if (rotation === 'custom' && shift === undefined) {
    findings.error(path, '"shift" is missing; expected the length of a turn, such as 12h or 3d');
  } else if (rotation !== null && rotation !== 'custom' && shift) {
    const message = `a ${rotation} rotation has no "shift"; expected rotation: custom`;
    findings.error([...path, 'shift'], message);
  }
}

function checkSpan(
  findings: Findings,
  path: Path,
  { from, to }: { readonly from: string | null; readonly to: string | null },
  zone: string | null,
): void {
  const read = (key: 'from' | 'to', text: string | null) => {
    const found = text === null ? null : readInstant(text, zone);
    if (found === null || 'at' in found) return found?.at ?? null;
    findings.error([...path, key], found.fault);
    return null;
  };
  const startsAt = read('from', from);
  const endsAt = read('to', to);
  if (startsAt === null || endsAt === null || endsAt > startsAt) return;
  findings.error([...path, 'to'], `ends ${to}, not after it starts (${from})`);
}

function checkDate(findings: Findings, path: Path, text: Maybe<string>): void {
  if (text === null || text === undefined) return;
  try {
    Temporal.PlainDate.from(text, { overflow: 'reject' });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    findings.error(path, `${show(text)} is not a date of the calendar`);
  }
}
