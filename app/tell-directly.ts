import type { AuditFinding } from '../alerting/auditor.ts';
import { type DeliveryParts, deliverPage } from '../alerting/page-delivery.ts';
import type { Page } from '../alerting/state.ts';
import { SERVICE_SUBJECT } from '../alerting/subjects.ts';
import type { Config } from '../config/model.ts';
import { NO_TEXT } from '../lib/local-text.ts';
import type { Logger } from '../lib/logger.ts';
import { type DurationMs, type EpochMs, MINUTE } from '../lib/time.ts';

export interface DirectWay {
  readonly config: Config;
  readonly delivery: DeliveryParts;
  readonly log: Logger;
}

/** Within it a message has the same key, so that a receiver that honours it takes one of a service that is started again and again. */
const SAME_KEY_MS: DurationMs = 15 * MINUTE;
/** Where no catch-all is configured, silence would be worse than so many messages. */
const MOST_TOLD = 20;

/** What has begun, or what is over; since when. */
export interface DirectNews {
  readonly finding: AuditFinding;
  readonly since: EpochMs;
  readonly isOver: boolean;
}

/**
 * The path past engine, journal and outbox: one message to everyone of the catch-all (of all people
 * where there is none), on every way to reach them, all at once. What comes of each is logged. Resolves with how many were taken.
 */
export async function tellDirectly(
  { config, delivery, log }: DirectWay,
  news: DirectNews,
  now: EpochMs,
): Promise<number> {
  const { catchAll, people } = config;
  const told =
    catchAll.length > 0
      ? people.filter(({ id }) => catchAll.includes(id))
      : people.slice(0, MOST_TOLD);
  const ways = told.flatMap(({ id: personId, contacts }) =>
    contacts.map(({ channelId }) => ({ personId, channelId })),
  );
  const results = await Promise.all(
    ways.map(async ({ personId, channelId }) => {
      const page = pageOf(news, personId, channelId, now);
      const outcome = await deliverPage(page, config, delivery, now).catch(() => null);
      const result = outcome?.result ?? 'failed';
      const words = { personId, channelId, result, finding: news.finding.text.en };
      if (news.isOver) log.warn(words, 'told directly that it is over');
      else log.error(words, 'told directly, past the outbox');
      return result;
    }),
  );
  return results.filter((result) => result === 'sent').length;
}

function pageOf(
  { finding, since, isOver }: DirectNews,
  personId: string,
  channelId: string,
  now: EpochMs,
): Page {
  const { subject, text } = finding;
  const queuedAt = Math.floor(now / SAME_KEY_MS) * SAME_KEY_MS;
  const kind = isOver ? 'resolved' : 'opened';
  const id = ['self-watch', subject, personId, channelId, kind, queuedAt].join('/');
  return {
    ...{ id, incidentId: 'self-watch', episode: 1, step: 'self-watch', personId, channelId },
    ...{ kind, urgent: !isOver, queuedAt, giveUpAt: now, notBefore: null },
    facts: {
      ...{ incidentId: 'self-watch', tier: 2, rootDeviceId: SERVICE_SUBJECT },
      ...{ rootDeviceName: 'Threenines', component: subject, faultKind: 'paging-stuck' },
      ...{ faultText: NO_TEXT, siteName: '–', because: text, startedAt: since, openedAt: since },
      ...{ acknowledgeBy: since + 15 * MINUTE, acknowledgedBy: null },
      resolvedAt: isOver ? now : null,
      ...{ affectedCount: 0, affectedNames: [], batteryMinutes: null, reminderRatio: null },
    },
    ...{
      status: 'queued',
      attempts: 0,
      mayHaveGoneOut: false,
      nextAttemptAt: now,
      finishedAt: null,
    },
    ...{ lastFailure: null, receipt: null, waitingSince: now, replacedCount: 0, replacedBy: null },
  };
}
