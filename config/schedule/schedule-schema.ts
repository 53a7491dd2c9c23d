import Type, { type Static } from 'typebox';
import { choice, duration, flag, id, listOf, section, text, timeZone } from '../schema-terms.ts';
import { HOLIDAY_RULES, WEEKDAYS } from './schedule.ts';

/** The parts of oncall.yaml that say who is on call when. */

const personId = (description: string) => id('person id', description, 'li-wei');

const date = (description: string) =>
  Type.String({
    title: 'date',
    description,
    pattern: '^\\d{4}-\\d\\d-\\d\\d$',
    $comment: 'a date such as 2026-10-01',
    examples: ['2026-10-01'],
  });

/** Wall-clock time in the zone around it, or with an offset. */
const instant = (description: string) =>
  Type.String({
    title: 'time',
    description,
    pattern: '^\\d{4}-\\d\\d-\\d\\d[ T]\\d\\d:\\d\\d(:\\d\\d)?(Z|[+-]\\d\\d:\\d\\d)?$',
    $comment: 'a date and time such as 2026-11-03 02:00',
    examples: ['2026-11-03 02:00', '2026-11-03T02:00+08:00'],
  });

const timeOfDay = (description: string) =>
  Type.String({
    title: 'time of day',
    description,
    pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$',
    $comment: 'a time of day such as 08:00',
    examples: ['08:00'],
  });

const days = listOf(
  choice('day', WEEKDAYS, 'A day of the week.'),
  'Days on which it begins; every day when left out.',
  7,
);

export const HoursEntry = section(
  {
    days,
    from: timeOfDay('Local time at which it begins.'),
    to: timeOfDay('Local time at which it ends; the day after when not later than "from".'),
  },
  { description: 'A stretch of certain days.' },
);
export type HoursEntry = Static<typeof HoursEntry>;

export const TeamEntry = section(
  {
    id: id('team id', 'Name that steps and schedules refer to.', 'noc'),
    name: Type.Optional(text('Name for people; the id when left out.', { minLength: 1 })),
    members: Type.Array(personId('Id of a person.'), {
      description: 'Who belongs to it; a step that names the team pages all of them.',
      minItems: 1,
      maxItems: 200,
    }),
    manager: Type.Optional(personId('Who is told when a schedule of the team has a gap.')),
  },
  { description: 'People who work together.' },
);
export type TeamEntry = Static<typeof TeamEntry>;

export const HolidayEntry = section(
  {
    id: id('holiday calendar id', 'Name that schedules refer to.', 'china'),
    days: Type.Array(date('A holiday.'), {
      description:
        'The dates; a holiday lasts from midnight to midnight in the zone of a schedule.',
      minItems: 1,
      maxItems: 2000,
    }),
    timeZone: Type.Optional(
      timeZone('Working days of the sites in this IANA zone are counted by this calendar.'),
    ),
    workdays: listOf(
      date('A Saturday or Sunday.'),
      'Saturdays and Sundays on which people work all the same.',
      2000,
    ),
  },
  { description: 'A calendar of holidays.' },
);
export type HolidayEntry = Static<typeof HolidayEntry>;

export const LayerEntry = section(
  {
    id: id('layer id', 'Name of the layer.', 'weekdays'),
    rotation: choice(
      'rotation',
      ['daily', 'weekly', 'custom'],
      'How long a turn lasts: a day, a week, or as "shift" says.',
    ),
    startsOn: date('The first turn begins at the first hand-over on or after this day.'),
    endsOn: Type.Optional(date('Nobody is on duty from midnight of this day on.')),
    handoff: Type.String({
      title: 'hand-over',
      description: 'Local time at which the next one takes over: "09:00", for weekly "mon 09:00".',
      pattern: '^((mon|tue|wed|thu|fri|sat|sun) )?([01][0-9]|2[0-3]):[0-5][0-9]$',
      $comment: 'a time of day such as 09:00, with a day before it for weekly, such as mon 09:00',
      examples: ['09:00', 'mon 09:00'],
    }),
    shift: Type.Optional(duration('Length of a turn of a custom rotation, such as 12h or 3d.')),
    people: Type.Array(personId('Id of a person.'), {
      description: 'Who takes turns, in order.',
      minItems: 1,
      maxItems: 100,
    }),
    hours: listOf(HoursEntry, 'On duty only then; always when left out.', 20),
    holidays: choice(
      'rule',
      HOLIDAY_RULES,
      'also: holidays make no difference; only: on duty on holidays; never: not on holidays.',
      { default: 'also' },
    ),
  },
  { description: 'People who take turns.' },
);
export type LayerEntry = Static<typeof LayerEntry>;

export const OverrideEntry = section(
  {
    id: id('override id', 'Name of the override.', 'li-wei-on-leave'),
    person: personId('Who is on call instead.'),
    replaces: Type.Optional(personId('Instead of whom; of whoever is on call when left out.')),
    from: instant('From when.'),
    to: instant('Until when; no longer part of it.'),
    reason: Type.Optional(text('Why.')),
  },
  { description: 'An exception.' },
);
export type OverrideEntry = Static<typeof OverrideEntry>;

const Half = section(
  {
    person: personId('Whose turn it is.'),
    from: instant('From when the other one takes it.'),
    to: instant('Until when.'),
  },
  { description: 'What one of the two gives away.' },
);

export const SwapEntry = section(
  {
    id: id('swap id', 'Name of the swap.', 'new-year'),
    first: Half,
    second: Half,
    reason: Type.Optional(text('Why.')),
  },
  { description: 'Two people who trade turns.' },
);
export type SwapEntry = Static<typeof SwapEntry>;

export const ScheduleEntry = section(
  {
    id: id('schedule id', 'Name that steps refer to.', 'noc-primary'),
    name: Type.Optional(text('Name for people; the id when left out.', { minLength: 1 })),
    timeZone: Type.Optional(
      timeZone('IANA zone of every time in it; that of threenines.yaml if not set.'),
    ),
    team: Type.Optional(id('team id', 'The team that it is of.', 'noc')),
    manager: Type.Optional(
      personId('Who is told of times that nobody covers; the manager of the team when left out.'),
    ),
    partial: flag('Times that nobody covers are meant: no one is told of them.'),
    holidays: Type.Optional(
      id('holiday calendar id', 'Holidays that its layers may heed.', 'china'),
    ),
    layers: Type.Array(LayerEntry, {
      description: 'From the top: the first layer with someone on duty decides.',
      minItems: 1,
      maxItems: 20,
    }),
    overrides: listOf(OverrideEntry, 'Exceptions; a later one overrules an earlier one.', 1000),
    swaps: listOf(SwapEntry, 'Traded turns; they come after the overrides.', 1000),
  },
  { description: 'Who is on call when.' },
);
export type ScheduleEntry = Static<typeof ScheduleEntry>;
