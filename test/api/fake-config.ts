import { DEFAULT_DELIVERY } from '../../config/delivery.ts';
import type {
  Config,
  Device,
  EscalationStep,
  Role,
  Site,
  Tier,
  TierTargets,
} from '../../config/model.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';

const POLLING: Device['polling'] = {
  heartbeatMs: 15 * SECOND,
  fullPollMs: 60 * SECOND,
  timeoutMs: SECOND,
  retries: 1,
  failuresToConfirm: 3,
  successesToClear: 2,
  confirmMs: 2 * SECOND,
  deadlineMs: 30 * SECOND,
  concurrency: 64,
  threads: null,
};

/** A site of the fake network; it has no customers of its own. */
export function site(id: string, name: string): Site {
  const timeZone = 'Asia/Shanghai';
  return {
    id,
    name,
    timeZone,
    customers: 0,
    keyCustomers: 0,
    generator: false,
    batteryMinutes: 30,
  };
}

function device(id: string, siteId: string, role: Role, more: Partial<Device> = {}): Device {
  return {
    id,
    name: id,
    address: `192.0.2.${(id.length * 7 + id.charCodeAt(id.length - 1)) % 250}`,
    port: 161,
    replyFromAnyAddress: false,
    siteId,
    role,
    credentialId: 'lab',
    parents: [],
    powerFeeds: [],
    importantPorts: [],
    commissionedAt: null,
    retiredAt: null,
    profiles: [],
    tags: [],
    customers: 0,
    keyCustomers: 0,
    polling: POLLING,
    ...more,
  };
}

const on = (...parents: string[]) =>
  parents.map((parent) => {
    const [deviceId = '', port = null] = parent.split('#');
    return { deviceId, port };
  });

/** A small network: two cores, three aggregation sites with access switches, and the power they hang on. */
export const FAKE_DEVICES: readonly Device[] = [
  device('core-1', 'central', 'core', { powerFeeds: ['ups-central'] }),
  device('core-2', 'central', 'core', { powerFeeds: ['ups-central', 'rectifier-central'] }),
  device('ups-central', 'central', 'power', { parents: on('core-1', 'core-2') }),
  device('rectifier-central', 'central', 'power', { parents: on('core-1', 'core-2') }),
  device('dns-1', 'central', 'server', { parents: on('core-1', 'core-2') }),
  ...['harbour', 'hill', 'station'].flatMap((site) => [
    device(`agg-${site}`, site, 'aggregation', {
      parents: on('core-1#Te1/1', 'core-2#Te1/1'),
      powerFeeds: [`ups-${site}`],
    }),
    device(`ups-${site}`, site, 'power', { parents: on(`agg-${site}`) }),
    ...[1, 2, 3, 4].map((number) =>
      device(`access-${site}-${number}`, site, 'access', {
        parents: on(`agg-${site}#Gi0/${number}`),
        customers: 48,
        tags: ['street'],
      }),
    ),
  ]),
];

const STEPS: readonly EscalationStep[] = [
  { afterMs: 0, personIds: ['duty-primary'], channelIds: [] },
  { afterMs: 5 * MINUTE, personIds: ['duty-second'], channelIds: [] },
  { afterMs: 8 * MINUTE, personIds: ['shift-lead'], channelIds: [] },
];
export const FAKE_STEPS: Readonly<Record<Tier, readonly EscalationStep[]>> = {
  1: STEPS,
  2: STEPS,
  3: STEPS,
  4: STEPS,
};

const target = (minutes: number): TierTargets => ({
  acknowledgeWithinMs: minutes * MINUTE,
  reminderRatios: [0.5, 0.8],
  repeatEveryMs: 5 * MINUTE,
});
export const FAKE_TARGETS: Readonly<Record<Tier, TierTargets>> = {
  1: target(15),
  2: target(15),
  3: target(30),
  4: target(60),
};

const person = (id: string, name: string, logins: readonly string[] = []) => ({
  id,
  name,
  language: 'en' as const,
  timeZone: 'Asia/Shanghai',
  contacts: [
    { channelId: 'inbox', address: null },
    { channelId: 'mail', address: `${id}@noc.example.org` },
  ],
  logins,
  quietHours: [],
});

/** A configuration as the parser gives it; `demo` and devices can be replaced. */
export function fakeConfig(overrides: Partial<Config> = {}): Config {
  return {
    service: {
      listenHost: '127.0.0.1',
      listenPort: 9909,
      dataFolder: '/nowhere',
      consoleUrl: 'https://noc.example.org',
      publicUrl: null,
      timeZone: 'Asia/Shanghai',
      language: 'en',
      demo: true,
    },
    polling: POLLING,
    flapping: { windowMs: 30 * MINUTE, enterAbove: 5, leaveBelow: 2 },
    objective: { targetPpm: 999_000 },
    traps: null,
    sites: [
      site('central', 'Central exchange'),
      site('harbour', 'Harbour'),
      site('hill', 'Hill'),
      site('station', 'Station road'),
    ],
    devices: FAKE_DEVICES,
    credentials: new Map([
      [
        'lab',
        {
          id: 'lab',
          version: 'v2c',
          community: { source: 'env:LAB', reveal: () => 'canary-community' },
        },
      ],
    ]),
    links: [],
    redundancyGroups: [],
    people: [
      person('duty-primary', 'Duty engineer', ['liwei']),
      person('duty-second', 'Second on call'),
      person('shift-lead', 'Shift lead'),
    ],
    teams: [],
    schedules: [],
    catchAll: [],
    beat: null,
    channels: [{ id: 'inbox', kind: 'inbox' }],
    delivery: DEFAULT_DELIVERY,
    escalationPolicies: [{ id: 'default', siteIds: [], steps: FAKE_STEPS }],
    tiers: FAKE_TARGETS,
    gradingRules: [],
    maintenanceWindows: [],
    profiles: [],
    ...overrides,
  };
}
