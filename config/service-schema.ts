import Type, { type Static } from 'typebox';
import {
  choice,
  count,
  duration,
  flag,
  id,
  language,
  listenAddress,
  listOf,
  percent,
  role,
  secret,
  section,
  text,
  timeZone,
} from './schema-terms.ts';

const POLLING_TEXTS = {
  heartbeat: 'Time between two quick reachability checks of one device.',
  fullPoll: 'Time between two full readings of one device.',
  timeout: 'How long to wait for one reply.',
  retries: 'Further tries of one request after the first.',
  failuresToConfirm: 'Failed polls in a row before a device is confirmed not answering.',
  successesToClear: 'Good polls in a row before a device is confirmed back.',
  confirm: 'Wait between the quick re-probes that confirm a change.',
  deadline: 'Longest time a whole full poll of one device may take.',
} as const;

const RETRIES_BOUNDS = { minimum: 0, maximum: 5 };
const CONFIRM_BOUNDS = { minimum: 1, maximum: 20 };

/** Polling of one device where it departs from the rest: every key may be left out. */
export const PollingOverride = section(
  {
    heartbeat: Type.Optional(duration(POLLING_TEXTS.heartbeat)),
    fullPoll: Type.Optional(duration(POLLING_TEXTS.fullPoll)),
    timeout: Type.Optional(duration(POLLING_TEXTS.timeout)),
    retries: Type.Optional(count(POLLING_TEXTS.retries, RETRIES_BOUNDS)),
    failuresToConfirm: Type.Optional(count(POLLING_TEXTS.failuresToConfirm, CONFIRM_BOUNDS)),
    successesToClear: Type.Optional(count(POLLING_TEXTS.successesToClear, CONFIRM_BOUNDS)),
    confirm: Type.Optional(duration(POLLING_TEXTS.confirm)),
    deadline: Type.Optional(duration(POLLING_TEXTS.deadline)),
  },
  { description: 'Polling of this device where it departs from threenines.yaml.' },
);
export type PollingOverride = Static<typeof PollingOverride>;

const Polling = section(
  {
    heartbeat: duration(POLLING_TEXTS.heartbeat, { default: '15s' }),
    fullPoll: duration(POLLING_TEXTS.fullPoll, { default: '60s' }),
    timeout: duration(POLLING_TEXTS.timeout, { default: '2s' }),
    retries: count(POLLING_TEXTS.retries, { ...RETRIES_BOUNDS, default: 1 }),
    failuresToConfirm: count(POLLING_TEXTS.failuresToConfirm, { ...CONFIRM_BOUNDS, default: 3 }),
    successesToClear: count(POLLING_TEXTS.successesToClear, { ...CONFIRM_BOUNDS, default: 2 }),
    confirm: duration(POLLING_TEXTS.confirm, { default: '3s' }),
    deadline: duration(POLLING_TEXTS.deadline, { default: '30s' }),
    concurrency: count('Polls in progress at once, over all devices.', {
      minimum: 1,
      maximum: 4000,
      default: 200,
    }),
    threads: Type.Optional(
      count(
        'Threads that poll, beside the one that decides and answers; 0 polls in that one. When left out: 1, or 0 on a machine with one core. Changes at a restart.',
        { minimum: 0, maximum: 16 },
      ),
    ),
  },
  { description: 'How often and how patiently devices are asked.', default: {} },
);

/** Below the number of changes that the engine remembers, so that the threshold can be crossed. */
const MOST_CHANGES = 60;

const Flapping = section(
  {
    window: duration('How far back confirmed changes are counted.', { default: '1h' }),
    enterAbove: count('More confirmed changes than this inside the window: flapping.', {
      minimum: 1,
      maximum: MOST_CHANGES,
      default: 5,
    }),
    leaveBelow: count('Fewer confirmed changes than this inside the window: calm again.', {
      minimum: 1,
      maximum: MOST_CHANGES,
      default: 3,
    }),
  },
  { description: 'When a device that keeps changing counts as flapping.', default: {} },
);

const Traps = section(
  {
    listen: listenAddress(
      'Address and UDP port, such as 127.0.0.1:9162 or 0.0.0.0:162, on which traps and informs arrive. Only those of configured devices count, with the credentials by which they are polled.',
    ),
  },
  {
    description:
      'SNMP traps and informs: each makes the service look at its device at once. Without this section none are received.',
  },
);

export const PathStandardsSection = section({
  loss: Type.Optional(percent('Share of packets that may be lost, such as 1%.')),
  roundTrip: Type.Optional(duration('Mean round trip that is still good.')),
  jitter: Type.Optional(duration('Mean difference of successive round trips that is still good.')),
});

const Probes = section(
  {
    every: duration('Time between two rounds.', { default: '60s' }),
    by: choice(
      'prober',
      ['icmp', 'snmp'],
      'What measures: icmp is fping, and the polls where there is none; snmp is the round trips of the polls.',
      { default: 'icmp' },
    ),
    packets: count('Packets to each device in a round.', { minimum: 2, maximum: 50, default: 10 }),
    standards: section(PathStandardsSection.properties, {
      description: 'What the path to every device must be like.',
      default: {},
    }),
    overrides: listOf(
      section({
        devices: listOf(id('device id', 'Id of a device.', 'core-1'), 'Only these; all if empty.'),
        sites: listOf(id('site id', 'Id of a site.', 'hq'), 'Only at these; at all if empty.'),
        roles: listOf(role('Role of a device.'), 'Only of these; of all if empty.', 10),
        standards: section(PathStandardsSection.properties, {
          description: 'In place of the common ones, key by key.',
          default: {},
        }),
      }),
      'Other standards for some devices; of several that fit the last counts most.',
      1_000,
    ),
  },
  {
    description:
      'Loss, round trip and jitter of every device, by fping or by the polls; held against standards. Without this section there are none.',
  },
);
export type ProbesSection = Static<typeof Probes>;

const Reports = section(
  {
    to: Type.Array(
      id('person id', 'Id of a person of oncall.yaml who has a mail contact.', 'lead'),
      {
        description: 'Who gets every report by mail, each in their own language.',
        minItems: 1,
        maxItems: 100,
      },
    ),
    every: Type.Array(choice('period', ['month', 'quarter', 'year'], 'A kind of period.'), {
      description: 'Which periods are frozen and reported when they are over.',
      default: ['month', 'quarter', 'year'],
      minItems: 1,
      maxItems: 3,
      uniqueItems: true,
    }),
    after: duration('How long after the end of the period: late confirmations need some minutes.', {
      default: '6h',
    }),
    format: choice('format', ['pdf', 'html', 'csv', 'json'], 'The form of the attached report.', {
      default: 'pdf',
    }),
  },
  {
    description:
      'Reports that are frozen, archived and mailed when their period is over. Without this section none are.',
  },
);

export const Influx = section(
  {
    url: text('Address of the server, such as http://127.0.0.1:8086.', { minLength: 1 }),
    database: Type.String({
      description: 'Database; created when it is not there.',
      pattern: '^[A-Za-z0-9_-]{1,64}$',
      $comment: 'up to 64 letters (A-Z, a-z), digits, _ and -',
      default: 'threenines',
    }),
    user: Type.Optional(text('User name, where the server asks for one.', { minLength: 1 })),
    password: Type.Optional(secret('Password of that user.')),
    bufferMegabytes: count('Disk space for what waits while the server is away.', {
      minimum: 1,
      maximum: 100_000,
      default: 256,
    }),
  },
  {
    description:
      'InfluxDB 1.x: samples, transitions and incidents are written to it. Without this section, THREENINES_INFLUX_URL in the environment names the server.',
  },
);
export type InfluxSection = Static<typeof Influx>;

/** threenines.yaml */
export const ServiceFile = section({
  listen: listenAddress('Address and port on which the console and the API answer.', {
    default: '127.0.0.1:9909',
  }),
  allowRemote: flag(
    'Allows a listen address that other machines reach. There is no sign-in yet: only behind a proxy that asks for one.',
  ),
  dataFolder: Type.String({
    description: 'Folder of the journal, relative to the configuration folder.',
    default: 'data',
    minLength: 1,
    maxLength: 1000,
  }),
  consoleUrl: Type.Optional(
    text('How people reach the console; links in pages begin with it. From listen when left out.'),
  ),
  publicUrl: Type.Optional(
    text(
      'Address under which telephones and message providers reach /a/ and /api/v1/callbacks/ from outside, for acknowledge links, replies and receipts.',
    ),
  ),
  hosts: listOf(
    Type.String({
      pattern:
        '^(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*$',
      $comment: 'a host name without port, such as threenines.monitoring.svc',
    }),
    'Further host names under which Prometheus, Grafana and others ask; addresses, names without a dot and those of consoleUrl and publicUrl need not be named.',
    50,
  ),
  timeZone: timeZone('IANA zone in which periods and times are shown.', { default: 'UTC' }),
  language: language('Language of reports and of people who have none set.', { default: 'en' }),
  demo: flag('Marks the built-in demo network; the console and the log say so.'),
  polling: Polling,
  flapping: Flapping,
  traps: Type.Optional(Traps),
  probes: Type.Optional(Probes),
  reports: Type.Optional(Reports),
  influx: Type.Optional(Influx),
  objective: percent('Share of time in which equipment should work.', { default: '99.9%' }),
});
export type ServiceFile = Static<typeof ServiceFile>;
