import type { Topology } from '../../alerting/topology.ts';
import type { Channel, Config, Person } from '../../config/model.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import { topology } from '../alerting/network.ts';
import { configWith, secret } from '../pages/page-fixtures.ts';

const ROBOT = 'https://chat.example.org/robot';

export const PEOPLE = ['first', 'second', 'lead'] as const;

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
];

/** In order of preference. */
export const CHANNELS_OF: Readonly<Record<string, readonly string[]>> = {
  first: ['pager', 'sms'],
  second: ['pager', 'chat'],
  lead: ['pager'],
};

export function isRobot(url: string): boolean {
  return url.startsWith(ROBOT);
}

export function simTopology(): Topology {
  const base = topology();
  const tiers = base.tiers;
  return {
    ...base,
    people: PEOPLE.map((id) => ({
      id,
      name: id,
      language: 'en' as const,
      timeZone: 'Europe/Berlin',
      channelIds: CHANNELS_OF[id]!,
    })),
    channels: CHANNELS.map(({ id, kind }) => ({ id, kind })),
    tiers: {
      1: { ...tiers[1], repeatEveryMs: 3 * MINUTE },
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
      timeZone: 'Europe/Berlin',
      contacts: CHANNELS_OF[id]!.map((channelId) => ({ channelId, address: null })),
      quietHours: [],
    }),
  );
  return configWith(CHANNELS, people);
}
