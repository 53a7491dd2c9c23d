import type { Topology } from '../../alerting/topology.ts';
import type { DeliveryConfig } from '../../config/delivery.ts';
import type { Channel, Config, EscalationStep, Person } from '../../config/model.ts';
import type { Schedule } from '../../config/schedule/schedule.ts';
import { HOUR, MINUTE, SECOND } from '../../lib/time.ts';
import { rule, topology } from '../alerting/network.ts';
import { configWith, secret } from '../pages/page-fixtures.ts';
import { OUTSIDER } from './answer-model.ts';
import { AUTHORITY } from './duty-model.ts';

const ROBOT = 'https://chat.example.org/robot';
export const ZONE = 'Europe/Berlin';
export const MAIL_DOMAIN = 'noc.example.org';

export const PEOPLE = ['first', 'second', 'lead'] as const;
/** Who takes turns; the hand-over falls into the hour that is skipped, or comes twice. */
export const ROTATION = ['first', 'second'] as const;
export const FIRST_TURN = Date.UTC(2025, 11, 1, 2, 30);
export const TURN_MS = 12 * HOUR;
/** From 22:00 to 07:00 only tiers 1 and 2 page this one. */
export const LATE_SLEEPER = 'lead';

export const DELIVERY: DeliveryConfig = {
  fallbackAfterMs: 30 * SECOND,
  mostPages: 3,
  mostPagesWithinMs: 10 * MINUTE,
};

const CHANNELS: readonly Channel[] = [
  ...(['pager', 'sms'] as const).map((id) => ({
    id,
    kind: 'webhook' as const,
    url: secret(`https://${id}.example.org/hook`),
    signingKey: secret('a-signing-key-of-some-length'),
    timeoutMs: 8 * SECOND,
  })),
  {
    id: 'chat',
    kind: 'dingtalk',
    url: secret(ROBOT),
    signingSecret: null,
    appSecret: null,
    timeoutMs: 8 * SECOND,
  },
  {
    id: 'mail',
    kind: 'email',
    host: 'mail.example.org',
    port: 465,
    security: 'tls',
    from: `watch@${MAIL_DOMAIN}`,
    user: null,
    password: null,
    timeoutMs: 8 * SECOND,
  },
];

/** In order of preference. */
export const CHANNELS_OF: Readonly<Record<string, readonly string[]>> = {
  first: ['pager', 'sms'],
  second: ['pager', 'chat'],
  lead: ['pager', 'mail'],
};

/** The channels that the steps allow; the others of a person come in when these fail. */
export const CHANNELS_OF_STEP: readonly (readonly string[])[] = [[], ['pager', 'chat'], ['pager']];

/** Channels that people read themselves; the others are those of programs. */
export const READ_BY_PEOPLE: ReadonlySet<string> = new Set(['chat', 'mail']);

export function isRobot(url: string): boolean {
  return url.startsWith(ROBOT);
}

const SCHEDULE: Schedule = {
  ...{ id: 'noc', name: 'NOC', timeZone: ZONE, teamId: null, isPartial: false, managerIds: [] },
  ...{ holidays: [], overrides: [] },
  layers: [
    {
      ...{ id: 'turns', personIds: ROTATION, firstAt: '2025-12-01T02:30', shiftMs: TURN_MS },
      ...{ endsAt: null, hours: [], holidays: 'also' },
    },
  ],
};

const NIGHTS = {
  ...{ days: [1, 2, 3, 4, 5, 6, 7], from: 22 * 60, to: 7 * 60, timeZone: ZONE },
};

export function simTopology(): Topology {
  const base = topology();
  const tiers = base.tiers;
  const steps: readonly EscalationStep[] = [
    { afterMs: 0, personIds: [], scheduleIds: ['noc'], channelIds: CHANNELS_OF_STEP[0]! },
    { afterMs: 5 * MINUTE, personIds: ['second'], channelIds: CHANNELS_OF_STEP[1]! },
    { afterMs: 8 * MINUTE, personIds: ['lead'], channelIds: CHANNELS_OF_STEP[2]! },
  ];
  return {
    ...base,
    people: [...PEOPLE, OUTSIDER].map((id) => ({
      id,
      name: id,
      language: 'en' as const,
      timeZone: ZONE,
      channelIds: CHANNELS_OF[id] ?? [],
      quietHours: id === LATE_SLEEPER ? [NIGHTS] : [],
    })),
    schedules: [SCHEDULE],
    authorities: [AUTHORITY],
    delivery: DELIVERY,
    channels: CHANNELS.map(({ id, kind }) => ({ id, kind })),
    escalationPolicies: [
      { id: 'default', siteIds: [], steps: { 1: steps, 2: steps, 3: steps, 4: steps } },
    ],
    gradingRules: [
      rule('nobody-answers', 1, { faultKinds: ['collector-blind'] }),
      ...base.gradingRules,
      rule('reported', 4, { faultKinds: ['customer-report'] }),
    ],
    tiers: {
      1: { ...tiers[1], repeatEveryMs: 3 * MINUTE, rotatesChannels: true },
      2: { ...tiers[2], repeatEveryMs: 5 * MINUTE },
      3: { ...tiers[3], repeatEveryMs: 10 * MINUTE },
      4: tiers[4],
    },
  };
}

export function simConfig(): Config {
  const people = PEOPLE.map(
    (id): Person => ({
      id,
      name: id,
      language: 'en',
      timeZone: ZONE,
      contacts: CHANNELS_OF[id]!.map((channelId) => ({
        channelId,
        address: channelId === 'mail' ? `${id}@example.org` : null,
      })),
      logins: [],
      quietHours: id === LATE_SLEEPER ? [NIGHTS] : [],
    }),
  );
  return { ...configWith(CHANNELS, people), delivery: DELIVERY };
}
