import Type, { type Static } from 'typebox';
import { WEEKS_OF_MONTH } from './maintenance-repeat.ts';
import { WEEKDAYS } from './schedule/schedule.ts';
import { choice, id, listOf, section, text, timeZone } from './schema-terms.ts';

const instant = (description: string) =>
  Type.String({
    title: 'time',
    description,
    pattern: '^\\d{4}-\\d\\d-\\d\\d[ T]\\d\\d:\\d\\d(:\\d\\d)?(Z|[+-]\\d\\d:\\d\\d)?$',
    examples: ['2026-11-03 02:00', '2026-11-03T02:00+08:00'],
  });

const Repeat = section(
  {
    every: choice('period', ['day', 'week', 'month'], 'How often, at the same local time.'),
    days: listOf(
      choice('day', WEEKDAYS, 'A day of the week.'),
      'For week: the days on which it begins; that of startsAt when left out. For month with week: the day.',
      7,
    ),
    week: Type.Optional(
      choice(
        'week',
        WEEKS_OF_MONTH,
        'For month: on the day named by days in this week of the month, as in the second Tuesday.',
      ),
    ),
    until: Type.String({
      title: 'date',
      description: 'The last day on which one may begin, at most two years after startsAt.',
      pattern: '^\\d{4}-\\d\\d-\\d\\d$',
      $comment: 'a date such as 2027-12-31',
    }),
  },
  { description: 'Comes again; startsAt and endsAt are those of the first.' },
);

const WindowEntry = section(
  {
    id: id('maintenance window id', 'Name of the window.', 'core-upgrade'),
    reason: text('What is done.', { minLength: 1 }),
    owner: text('Who answers for it.', { minLength: 1 }),
    startsAt: instant(
      'First instant of the window: wall-clock time in its zone, or with an offset.',
    ),
    endsAt: instant('End of the window; no longer part of it.'),
    timeZone: Type.Optional(
      timeZone('IANA zone of startsAt and endsAt; that of threenines.yaml if not set.'),
    ),
    repeat: Type.Optional(Repeat),
    devices: listOf(
      id('device id', 'Id of a device.', 'agg-1'),
      'Devices that are covered.',
      50_000,
    ),
    sites: listOf(id('site id', 'Id of a site.', 'hq'), 'Sites whose devices are covered.', 10_000),
    tags: listOf(id('tag', 'A tag.', 'north-ring'), 'Devices with one of these tags are covered.'),
  },
  { description: 'Planned work: no pages, and out of the availability figures.' },
);

export type WindowEntry = Static<typeof WindowEntry>;

/** maintenance.yaml */
export const MaintenanceFile = section({
  windows: listOf(WindowEntry, 'Planned work.', 10_000),
});
export type MaintenanceFile = Static<typeof MaintenanceFile>;
