import type { PageFacts } from '../../alerting/events.ts';
import type { Page } from '../../alerting/state.ts';
import { DEFAULT_DELIVERY } from '../../config/delivery.ts';
import type { Channel, Config, Person, Secret } from '../../config/model.ts';
import { say } from '../../lib/local-text.ts';
import { HOUR, MINUTE, SECOND } from '../../lib/time.ts';

/** 2026-11-22 19:13:05 in Shanghai. */
export const STARTED_AT = Date.UTC(2026, 10, 22, 11, 13, 5);
export const OPENED_AT = STARTED_AT + 30 * SECOND;

export function facts(changes: Partial<PageFacts> = {}): PageFacts {
  return {
    incidentId: 'INC-7',
    tier: 2,
    rootDeviceId: 'agg-3',
    rootDeviceName: 'agg-3',
    component: null,
    faultKind: 'device-down',
    faultText: say('no reply to 3 polls', '3 次轮询无应答'),
    siteName: 'North exchange',
    because: {
      en: 'aggregation agg-3 has no redundant path, 7 devices unreachable behind it',
      'zh-CN': '汇聚设备 agg-3 无冗余路径，其下 7 台设备不可达',
    },
    startedAt: STARTED_AT,
    openedAt: OPENED_AT,
    acknowledgeBy: OPENED_AT + 15 * MINUTE,
    acknowledgedBy: null,
    resolvedAt: null,
    affectedCount: 7,
    affectedNames: ['acc-1', 'acc-2', 'acc-3', 'acc-4', 'acc-5'],
    batteryMinutes: null,
    reminderRatio: null,
    ...changes,
  };
}

export function queuedPage(changes: Partial<Page> = {}): Page {
  const page: Page = {
    id: '',
    incidentId: 'INC-7',
    episode: 1,
    step: 'step:0',
    personId: 'duty-primary',
    channelId: 'hook',
    kind: 'opened',
    urgent: true,
    queuedAt: OPENED_AT,
    giveUpAt: OPENED_AT + HOUR,
    notBefore: null,
    facts: facts(),
    status: 'queued',
    waitingSince: changes.queuedAt ?? OPENED_AT,
    replacedCount: 0,
    replacedBy: null,
    attempts: 0,
    mayHaveGoneOut: false,
    nextAttemptAt: OPENED_AT,
    finishedAt: null,
    lastFailure: null,
    receipt: null,
    ...changes,
  };
  const { incidentId, episode, step, personId, channelId, kind } = page;
  const id = `${incidentId}/${episode}/${step}/${personId}/${channelId}/${kind}`;
  return { ...page, id: page.id === '' ? id : page.id };
}

export function secret(value: string): Secret {
  return { source: 'env:TEST', reveal: () => value };
}

export function webhookChannel(id: string, url: string, key = 'signing-key'): Channel {
  return {
    id,
    kind: 'webhook',
    url: secret(url),
    signingKey: secret(key),
    timeoutMs: 10 * SECOND,
  };
}

export function person(changes: Partial<Person> = {}): Person {
  return {
    id: 'duty-primary',
    name: 'Primary on duty',
    language: 'en',
    timeZone: 'Asia/Shanghai',
    contacts: [
      { channelId: 'hook', address: null },
      { channelId: 'slow', address: null },
      { channelId: 'mail', address: 'duty@example.org' },
      { channelId: 'inbox', address: null },
    ],
    logins: [],
    quietHours: [],
    ...changes,
  };
}

/** A configuration of which the sender reads people, channels and service. */
export function configWith(
  channels: readonly Channel[],
  people: readonly Person[] = [person()],
): Config {
  return {
    service: {
      listenHost: '127.0.0.1',
      listenPort: 0,
      dataFolder: '/nonexistent',
      consoleUrl: 'https://noc.example.org',
      publicUrl: null,
      timeZone: 'Asia/Shanghai',
      language: 'en',
      demo: false,
    },
    channels,
    people,
    teams: [],
    schedules: [],
    catchAll: [],
    beat: null,
    polling: {
      heartbeatMs: 15 * SECOND,
      fullPollMs: MINUTE,
      timeoutMs: 2 * SECOND,
      retries: 1,
      failuresToConfirm: 3,
      successesToClear: 2,
      confirmMs: 2 * SECOND,
      deadlineMs: 30 * SECOND,
      concurrency: 100,
      threads: null,
    },
    flapping: { windowMs: HOUR, enterAbove: 5, leaveBelow: 2 },
    objective: { targetPpm: 999_000 },
    traps: null,
    sites: [],
    devices: [],
    credentials: new Map(),
    links: [],
    redundancyGroups: [],
    delivery: DEFAULT_DELIVERY,
    escalationPolicies: [],
    tiers: { 1: TARGETS, 2: TARGETS, 3: TARGETS, 4: TARGETS },
    gradingRules: [],
    maintenanceWindows: [],
    profiles: [],
  };
}

const TARGETS = {
  acknowledgeWithinMs: 15 * MINUTE,
  reminderRatios: [0.5, 0.8],
  repeatEveryMs: null,
};
