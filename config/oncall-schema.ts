import Type, { type Static } from 'typebox';
import { HolidayEntry, HoursEntry, ScheduleEntry, TeamEntry } from './schedule/schedule-schema.ts';
import {
  choice,
  duration,
  id,
  language,
  listOf,
  oneOfBy,
  port,
  secret,
  section,
  text,
  timeZone,
} from './schema-terms.ts';

const channelId = id('channel id', 'Name that contacts and steps refer to.', 'mail');
const channelTimeout = Type.Optional(duration('How long one try may take; 10s when left out.'));

const InboxChannel = section({
  id: channelId,
  kind: choice('kind', ['inbox'], 'inbox: pages appear in the console only.'),
});

const WebhookChannel = section({
  id: channelId,
  kind: choice('kind', ['webhook'], 'webhook: an HTTP POST of JSON.'),
  url: secret('Address that receives the POST; often holds a token.'),
  signingKey: secret('Key of the HMAC-SHA256 signature that the receiver checks.'),
  timeout: channelTimeout,
});

const EmailChannel = section({
  id: channelId,
  kind: choice('kind', ['email'], 'email: through an SMTP server.'),
  host: Type.String({
    title: 'mail server',
    description: 'Name or address of the SMTP server.',
    pattern: '^[A-Za-z0-9.:_-]{1,253}$',
    examples: ['mail.example.org'],
  }),
  port: Type.Optional(port('465 for tls, 587 for starttls, 25 for none when left out.')),
  security: Type.Optional(
    choice(
      'security',
      ['tls', 'starttls', 'none'],
      'How the connection is protected; starttls when left out. none only on your own network.',
    ),
  ),
  from: text('Sender address of the pages.', { minLength: 3 }),
  user: Type.Optional(text('User name at the server, if it asks for one.', { minLength: 1 })),
  password: Type.Optional(secret('Password at the server, if it asks for one.')),
  timeout: channelTimeout,
});

export const ChannelEntry = oneOfBy(
  'kind',
  [InboxChannel, WebhookChannel, EmailChannel],
  'A way to reach people.',
);
export type ChannelEntry = Static<typeof ChannelEntry>;

const personReference = id('person id', 'Id of a person.', 'duty-primary');

export const PersonEntry = section(
  {
    id: id('person id', 'Name that steps refer to.', 'duty-primary'),
    name: Type.Optional(text('Name for people; the id when left out.', { minLength: 1 })),
    language: Type.Optional(language('Language of pages; that of threenines.yaml if not set.')),
    timeZone: Type.Optional(timeZone('IANA zone of pages; that of threenines.yaml if not set.')),
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
  escalationPolicies: listOf(EscalationPolicyEntry, 'Who is paged, and when.', 100),
});
export type OncallFile = Static<typeof OncallFile>;
