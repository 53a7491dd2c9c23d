import { DAY, type EpochMs } from '../../lib/time.ts';
import { durationOf } from '../findings.ts';
import { readInstant } from '../local-instant.ts';
import type { OncallFile } from '../oncall-schema.ts';
import { type Hours, type Layer, type Override, type Schedule, WEEKDAYS } from './schedule.ts';
import type { HoursEntry, LayerEntry, ScheduleEntry, SwapEntry } from './schedule-schema.ts';

/** A schedule of an oncall.yaml without errors. */
export function deriveSchedule(
  entry: ScheduleEntry,
  file: OncallFile,
  serviceZone: string,
): Schedule {
  const { id, name = id, timeZone = serviceZone, team = null } = entry;
  const teamManager = file.teams.find((each) => each.id === team)?.manager;
  const manager = entry.manager ?? teamManager;
  const calendar = file.holidays.find((each) => each.id === entry.holidays);
  const at = (text: string) => instantOf(text, timeZone);
  const overrides = entry.overrides.map((each) => ({
    id: each.id,
    scheduleId: id,
    personId: each.person,
    replacesId: each.replaces ?? null,
    from: at(each.from),
    to: at(each.to),
    reason: each.reason ?? '',
    by: null,
    swapId: null,
  }));
  return {
    id,
    name,
    timeZone,
    teamId: team,
    isPartial: entry.partial,
    managerIds: manager === undefined ? [] : [manager],
    layers: entry.layers.map(deriveLayer),
    holidays: calendar?.days ?? [],
    overrides: [...overrides, ...entry.swaps.flatMap((swap) => halvesOf(swap, id, at))],
  };
}

/** A stretch of days without errors. */
export function deriveHours({ days, from, to }: HoursEntry): Hours {
  const all = days.length === 0 ? WEEKDAYS : days;
  return {
    days: all.map((day) => WEEKDAYS.indexOf(day) + 1),
    from: minutesOf(from),
    to: minutesOf(to),
  };
}

function halvesOf(
  { id, first, second, reason = '' }: SwapEntry,
  scheduleId: string,
  at: (text: string) => EpochMs,
): Override[] {
  const half = (suffix: string, given: SwapEntry['first'], taker: string): Override => ({
    id: `${id}.${suffix}`,
    scheduleId,
    personId: taker,
    replacesId: given.person,
    from: at(given.from),
    to: at(given.to),
    reason,
    by: null,
    swapId: id,
  });
  return [half('1', first, second.person), half('2', second, first.person)];
}

function deriveLayer(entry: LayerEntry): Layer {
  const { id, rotation, startsOn, endsOn, handoff, shift, people, hours, holidays } = entry;
  const [time = '', day] = handoff.split(' ').toReversed();
  let date = Temporal.PlainDate.from(startsOn);
  if (day !== undefined) {
    const wanted = WEEKDAYS.indexOf(day as (typeof WEEKDAYS)[number]) + 1;
    date = date.add({ days: (wanted - date.dayOfWeek + 7) % 7 });
  }
  const days = rotation === 'weekly' ? 7 : 1;
  return {
    id,
    personIds: people,
    firstAt: date.toPlainDateTime(Temporal.PlainTime.from(time)).toString(),
    shiftMs: rotation === 'custom' && shift !== undefined ? durationOf(shift) : days * DAY,
    endsAt:
      endsOn === undefined ? null : Temporal.PlainDate.from(endsOn).toPlainDateTime().toString(),
    hours: hours.map(deriveHours),
    holidays,
  };
}

function minutesOf(timeOfDay: string): number {
  const [hours = '0', minutes = '0'] = timeOfDay.split(':');
  return Number(hours) * 60 + Number(minutes);
}

function instantOf(text: string, zone: string): EpochMs {
  const read = readInstant(text, zone);
  return read !== null && 'at' in read ? read.at : 0;
}
