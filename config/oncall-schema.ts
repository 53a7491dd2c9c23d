import Type, { type Static } from 'typebox';
import { CHANNEL_ENTRIES } from './channels/schema.ts';
import { DeliveryEntry } from './delivery.ts';
import { HolidayEntry, HoursEntry, ScheduleEntry, TeamEntry } from './schedule/schedule-schema.ts';
import {
  duration,
  flag,
  id,
  language,
  listOf,
  oneOfBy,
  secret,
  section,
  text,
  timeZone,
} from './schema-terms.ts';

export const ChannelEntry = oneOfBy('kind', [...CHANNEL_ENTRIES], 'A way to reach people.');
export type ChannelEntry = Static<typeof ChannelEntry>;

const personReference = id('person id', 'Id of a person.', 'duty-primary');

export const PersonEntry = section(
  {
    id: id('person id', 'Name that steps refer to.', 'duty-primary'),
    name: Type.Optional(text('Name for people; the id when left out.', { minLength: 1 })),
    language: Type.Optional(language('Language of pages; that of threenines.yaml if not set.')),
    timeZone: Type.Optional(timeZone('IANA zone of pages; that of threenines.yaml if not set.')),
    logins: listOf(
      text('A name under which other programs know the person.', { minLength: 1 }),
      'Whose silences by amtool and Grafana are those of this person; id and name count as well.',
      20,
    ),
    contacts: Type.Array(
      Type.String({
        title: 'contact',
        description:
          'A channel, and the address there if the channel needs one: "mail a@b.example".',
        pattern: '^[a-z0-9][a-z0-9._-]{0,62}( [^\\s]{1,200})?$',
        $comment: 'a channel id, or a channel id and an address, such as mail duty@example.org',
      }),
      {
        description: 'How to reach the person, in order of preference.',
        minItems: 1,
        maxItems: 16,
      },
    ),
    quietHours: listOf(
      HoursEntry,
      'Times, in the zone of the person, at which only incidents of tiers 1 and 2 page.',
      20,
    ),
    approvesReviews: flag(
      'Approves reviews that need it; where nobody does, anybody but the author may.',
    ),
    answersAll: flag(
      'May acknowledge every incident; anybody else only those whose escalation they are of.',
    ),
  },
  { description: 'Someone who can be paged.' },
);
export type PersonEntry = Static<typeof PersonEntry>;

const StepEntry = section(
  {
    after: duration('After the incident opened (or its clock restarted), unless acknowledged.', {
      default: '0s',
    }),
    people: Type.Array(personReference, {
      description: 'Who is paged.',
      maxItems: 100,
      uniqueItems: true,
      default: [],
    }),
    schedules: Type.Array(id('schedule id', 'Id of a schedule.', 'noc-primary'), {
      description: 'Whoever is on call there when the step is due is paged.',
      maxItems: 20,
      uniqueItems: true,
      default: [],
    }),
    teams: Type.Array(id('team id', 'Id of a team.', 'noc'), {
      description: 'All members are paged.',
      maxItems: 20,
      uniqueItems: true,
      default: [],
    }),
    channels: listOf(
      id('channel id', 'Id of a channel.', 'mail'),
      'Only these channels of each person; all of them when left out.',
      16,
    ),
  },
  { description: 'One step of an escalation.' },
);
export type StepEntry = Static<typeof StepEntry>;

const steps = (tier: string) =>
  listOf(StepEntry, `Steps of a tier ${tier} incident, in order.`, 50);

export const EscalationPolicyEntry = section(
  {
    id: id('escalation policy id', 'Name of the policy.', 'standard'),
    sites: listOf(
      id('site id', 'Id of a site.', 'hq'),
      'Incidents at these sites use it; all when left out. The first policy that applies wins.',
    ),
    tiers: section(
      {
        '1': steps('1 (critical)'),
        '2': steps('2 (major)'),
        '3': steps('3 (significant)'),
        '4': steps('4 (general)'),
      },
      { description: 'The steps for each tier.' },
    ),
  },
  { description: 'Who is paged, and when, for each tier.' },
);
export type EscalationPolicyEntry = Static<typeof EscalationPolicyEntry>;

/** oncall.yaml */
export const OncallFile = section({
  people: listOf(PersonEntry, 'Everyone who can be paged.'),
  channels: listOf(ChannelEntry, 'Ways to reach people.', 100),
  teams: listOf(TeamEntry, 'People who work together.', 100),
  holidays: listOf(HolidayEntry, 'Calendars of holidays.', 50),
  schedules: listOf(ScheduleEntry, 'Who is on call when.', 100),
  catchAll: Type.Array(personReference, {
    description: 'Who is paged when an escalation reaches nobody else; needed with schedules.',
    maxItems: 20,
    uniqueItems: true,
    default: [],
  }),
  beat: Type.Optional(
    section(
      {
        url: secret('Address that a watcher outside listens at, asked by GET while all is well.'),
        every: duration('How often.', { default: '30s' }),
      },
      { description: 'A sign of life to a watcher outside, whose alarm is our silence.' },
    ),
  ),
  escalationPolicies: listOf(EscalationPolicyEntry, 'Who is paged, and when.', 100),
  delivery: DeliveryEntry,
});
export type OncallFile = Static<typeof OncallFile>;
