import Type, { type Static } from 'typebox';
import { FAULT_KINDS, GENERATOR_STATES, ROLES } from './model.ts';
import {
  choice,
  duration,
  flag,
  id,
  listOf,
  percent,
  section,
  text,
  tierNumber,
} from './schema-terms.ts';

const LARGEST_COUNT = 1_000_000_000;

function range(description: string, maximum: number) {
  const bound = (words: string) =>
    Type.Optional(Type.Number({ description: words, minimum: 0, maximum }));
  return Type.Optional(
    section(
      { atLeast: bound('Holds from this number on.'), atMost: bound('Holds up to this number.') },
      { description },
    ),
  );
}

function anyOfWords<const V extends string>(
  noun: string,
  values: readonly V[],
  description: string,
) {
  const word = choice(noun, values, `A ${noun}.`);
  return Type.Optional(Type.Array(word, { description, minItems: 1, uniqueItems: true }));
}

const severity = Type.String({
  title: 'severity',
  description: 'A severity label, in small letters.',
  pattern: '^[^A-Z\\r\\n]{0,40}$',
  $comment: 'small letters, such as critical',
});

const conditionFields = {
  faultKinds: anyOfWords('fault kind', FAULT_KINDS, 'The fault is one of these kinds.'),
  levels: anyOfWords('level', ['warning', 'critical'], 'The fault has one of these levels.'),
  roles: anyOfWords('role', ROLES, 'The device at the root has one of these roles.'),
  redundancy: anyOfWords(
    'redundancy',
    ['full', 'degraded', 'none'],
    'Path redundancy left for what the root serves.',
  ),
  siteRoles: anyOfWords('role', ROLES, 'The highest role at the site is one of these.'),
  devicesDown: range('Devices down or unreachable.', LARGEST_COUNT),
  coreDevicesDown: range('Core devices down or unreachable.', LARGEST_COUNT),
  domainDevicesDown: range(
    'The most devices down or unreachable that hang on one aggregation device.',
    LARGEST_COUNT,
  ),
  sitePercent: range('Devices down or unreachable at the worst site, percent.', 100),
  sitesDown: range('Sites with at least 80 % of their devices down, or cut off.', LARGEST_COUNT),
  sitesPercent: range('The same, as percent of all sites.', 100),
  customers: range('Customers cut off.', LARGEST_COUNT),
  customersPercent: range('Customers cut off, percent of all.', 100),
  keyCustomers: range('Key customers cut off.', LARGEST_COUNT),
  unknownPercent: range('Devices that cannot be observed, percent of all.', 100),
  generator: anyOfWords('generator state', GENERATOR_STATES, 'The generator of the site.'),
  membersLeft: range('Working members of a redundancy group that has lost some.', LARGEST_COUNT),
  sitePathsPercent: range(
    'Paths below their standard at the site of one, percent of the devices that answer there.',
    100,
  ),
  switchedOver: Type.Optional(
    Type.Boolean({ description: 'A standby of a redundancy group serves in place of a primary.' }),
  ),
  batteryMinutes: range('Battery time left, minutes.', LARGEST_COUNT),
  alertSeverities: Type.Optional(
    Type.Array(severity, {
      description: 'An alert whose severity label is one of these; "" stands for none.',
      minItems: 1,
      maxItems: 50,
    }),
  ),
  exceptSeverities: Type.Optional(
    Type.Array(severity, {
      description: 'An alert whose severity label is none of these.',
      minItems: 1,
      maxItems: 50,
    }),
  ),
  flapping: Type.Optional(
    Type.Boolean({ description: 'It is flapping (or is not); `for` counts from when that began.' }),
  ),
  currentTier: Type.Optional(tierNumber('The incident already has this tier.')),
};

const InnerCondition = section(conditionFields, { description: 'One of several conditions.' });
export type InnerCondition = Static<typeof InnerCondition>;

export const Condition = section(
  {
    ...conditionFields,
    anyOf: Type.Optional(
      Type.Array(InnerCondition, {
        description: 'At least one of these must hold, too.',
        minItems: 1,
        maxItems: 20,
      }),
    ),
  },
  { description: 'Every key given must hold; an empty mapping always holds.' },
);
export type Condition = Static<typeof Condition>;

export const RuleEntry = section(
  {
    id: id('rule id', 'Name of the rule; incidents show it as the reason of their tier.', 's1-1'),
    tier: tierNumber('Tier of an incident that this rule matches.'),
    when: Condition,
    for: duration('How long the condition must have held.', { default: '0s' }),
    warnAfter: Type.Optional(
      duration('Once the condition has held this long, those paged are told when the rule will.'),
    ),
  },
  { description: 'A grading rule. The first match from the top decides the tier.' },
);
export type RuleEntry = Static<typeof RuleEntry>;

function orNever(description: string) {
  return Type.Optional(
    Type.String({
      title: 'duration',
      description,
      pattern: '^(never|([0-9]{1,9}(ms|[smhd]))+)$',
      examples: ['30m', 'never'],
    }),
  );
}

const Review = section(
  {
    always: flag('Each incident of the tier is reviewed after its end.'),
    ifBreached: flag('Those that nobody acknowledged in time are.'),
    ifLongerThan: orNever('Those that lasted longer are.'),
    ifRepeatedWithin: orNever('Those whose fault was an incident that ended no longer ago are.'),
    withinWorkingDays: Type.Integer({
      description: 'It is due at the end of this working day after the end of the incident.',
      minimum: 1,
      maximum: 60,
      default: 5,
    }),
    approval: flag('Somebody else than its author approves it before the incident is closed.'),
  },
  { description: 'The review after the end, with root cause and corrective actions.' },
);

const within = (tier: string) => orNever(`How soon it is told of tier ${tier}; never if left out.`);

const AuthorityEntry = section(
  {
    id: id('authority id', 'Name of what is to be told, and to whom.', 'written-report'),
    name: text('Name for people.', { minLength: 1 }),
    within: section(
      { '1': within('1'), '2': within('2'), '3': within('3'), '4': within('4') },
      { description: 'How soon it is to be told, by the tier of the incident.' },
    ),
    from: choice(
      'start',
      ['graded', 'detected'],
      'graded: from when the incident was of that tier; detected: from its first sign, a failed poll or one that told of it.',
      { default: 'graded' },
    ),
    reminders: Type.Array(percent('Share of that time.'), {
      description: 'Shares of that time at which people are reminded, ascending.',
      maxItems: 10,
      default: ['50%', '80%'],
    }),
  },
  { description: 'What an authority is to be told of an incident.' },
);
export type AuthorityEntry = Static<typeof AuthorityEntry>;

const Targets = section(
  {
    acknowledgeWithin: duration('Someone must have acknowledged by then.'),
    reminders: Type.Array(percent('Share of that time.'), {
      description: 'Shares of that time at which a reminder goes out, ascending.',
      maxItems: 10,
      default: ['50%', '80%'],
    }),
    repeatEvery: Type.String({
      title: 'duration',
      description: 'Everyone paged so far is paged again this often until acknowledged, or never.',
      pattern: '^(never|([0-9]{1,9}(ms|[smhd]))+)$',
      examples: ['5m', 'never'],
      default: 'never',
    }),
    repeatAfterBreach: orNever('As repeatEvery, once nobody has acknowledged in time.'),
    updateEvery: orNever('Whoever acknowledged says this often how it stands, or is asked to.'),
    updateGrace: Type.Optional(
      duration('Without an update this long after it was asked for, the acknowledgement lapses.'),
    ),
    noticeWithin: orNever('Customers are told this soon after the acknowledgement.'),
    keyNoticeWithin: orNever('As noticeWithin, where key customers are cut off.'),
    review: Type.Optional(Review),
    repeatBy: Type.Optional(
      choice(
        'way',
        ['every-channel', 'rotating-channels'],
        'rotating-channels: each time that people are paged again, another channel of theirs.',
      ),
    ),
  },
  {
    description: 'The promise of a tier; what is left out from repeatAfterBreach on is as shipped.',
  },
);
export type Targets = Static<typeof Targets>;

/** grading.yaml; what is left out is as in the shipped defaults/grading.yaml. */
export const GradingFile = section({
  tiers: Type.Optional(
    section(
      {
        '1': Type.Optional(Targets),
        '2': Type.Optional(Targets),
        '3': Type.Optional(Targets),
        '4': Type.Optional(Targets),
      },
      { description: 'The promise of each tier; a tier left out keeps its default.' },
    ),
  ),
  authorities: listOf(
    AuthorityEntry,
    'What regulators and other authorities are to be told, and how soon; nothing by default.',
    20,
  ),
  rules: Type.Optional(
    Type.Array(RuleEntry, {
      description: 'Grading rules, first match wins. They replace the default rules altogether.',
      minItems: 1,
      maxItems: 500,
    }),
  ),
});
export type GradingFile = Static<typeof GradingFile>;
