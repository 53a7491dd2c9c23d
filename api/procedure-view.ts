import { type Static, Type } from 'typebox';
import type { DomainEvent } from '../alerting/events.ts';
import type { HeldReport } from '../alerting/procedure.ts';
import type { Config } from '../config/model.ts';
import { type LocalText, say } from '../lib/local-text.ts';
import { type EpochMs, formatInstant } from '../lib/time.ts';
import { AuthorityClockSchema, DutyView, ReviewDutySchema } from './duty-view.ts';
import type { IncidentRecord } from './incident-record.ts';
import { namesOf } from './names.ts';
import { STAGE_NAMES } from './procedure-sentence.ts';
import { Instant, LocalTextSchema, NullableInstant, NullableString, oneOf } from './schemas.ts';

const PersonRef = Type.Object({ id: Type.String(), name: Type.String() });
const NullablePerson = Type.Union([PersonRef, Type.Null()]);

export const ReportSchema = Type.Object({
  id: Type.String(),
  customer: Type.String(),
  contact: Type.String(),
  text: Type.String(),
  deviceId: NullableString,
  siteId: NullableString,
  by: NullablePerson,
  incidentId: NullableString,
  receivedAt: Instant,
  respondBy: Instant,
  respondedAt: NullableInstant,
  answerBy: Instant,
  answeredAt: NullableInstant,
  breached: Type.Array(oneOf(['respond', 'answer'])),
});

export const STAGES = [
  'detected',
  'graded',
  'reported-up',
  'assigned',
  'contained',
  'customers-told',
  'restored',
  'reviewed',
  'closed',
] as const;
type Stage = (typeof STAGES)[number];

export const ProcedureSchema = Type.Object({
  /** In the order of the procedure; `at` is null for what has not happened yet. */
  stages: Type.Array(
    Type.Object({
      stage: oneOf(STAGES),
      name: LocalTextSchema,
      at: NullableInstant,
      by: NullablePerson,
      /** Who was told, or to whom it was assigned. */
      person: NullablePerson,
      text: Type.String(),
    }),
  ),
  notices: Type.Array(
    Type.Object({ at: Instant, by: PersonRef, text: Type.String(), expectedAt: NullableInstant }),
  ),
  /** What customers could be told, until they have been; never sent by itself. */
  draft: Type.Union([Type.Object({ at: Instant, text: LocalTextSchema }), Type.Null()]),
  review: Type.Union([
    Type.Object({
      at: Instant,
      by: PersonRef,
      rootCause: Type.String(),
      actions: Type.Array(
        Type.Object({ text: Type.String(), owner: PersonRef, dueOn: Type.String() }),
      ),
    }),
    Type.Null(),
  ]),
  /** Whether it can be closed only after a review: it was of tier 1 or 2, or the rule of its tier asks for one. */
  needsReview: Type.Boolean(),
  /** By when it is to be reviewed; null while it is open, and where nothing asks for it. */
  reviewDuty: Type.Union([ReviewDutySchema, Type.Null()]),
  /** What authorities are to be told of it. */
  authorities: Type.Array(AuthorityClockSchema),
  reports: Type.Array(ReportSchema),
});
export type ProcedureView = Static<typeof ProcedureSchema>;

const NAMES: Readonly<Record<Stage, LocalText>> = {
  detected: say('Detected', '发现'),
  graded: say('Graded', '定级'),
  ...STAGE_NAMES,
  'customers-told': say('Customers told', '告知用户'),
  restored: say('Restored', '恢复'),
  reviewed: say('Reviewed', '总结'),
  closed: say('Closed', '关闭'),
};

interface Reached {
  readonly at: EpochMs;
  readonly by: string | null;
  readonly personId: string | null;
  readonly text: string;
}

/** Where an incident stands in its procedure, as its journal entries tell it. */
export function viewProcedure(
  record: IncidentRecord,
  events: Iterable<DomainEvent>,
  reports: readonly HeldReport[],
  config: Config,
  now: EpochMs,
): ProcedureView {
  const person = (id: string) => ({ id, name: namesOf(config).person(id) });
  const reached = new Map<Stage, Reached>();
  const plain = (at: EpochMs): Reached => ({ at, by: null, personId: null, text: '' });
  reached.set('detected', plain(record.startedAt));
  reached.set('graded', plain(record.openedAt));
  if (record.restoredAt !== null) reached.set('restored', plain(record.restoredAt));
  const notices: ProcedureView['notices'] = [];
  let draft: ProcedureView['draft'] = null;
  let review: ProcedureView['review'] = null;
  let worstTier = record.tier;
  const duties = new DutyView();
  for (const event of events) {
    duties.take(event);
    if (event.type === 'incident-opened') worstTier = Math.min(worstTier, event.tier) as 1;
    if (event.type === 'incident-graded') worstTier = Math.min(worstTier, event.to) as 1;
    if (event.type === 'stage-reached') reached.set(event.stage, event);
    if (event.type === 'notice-drafted')
      draft = { at: formatInstant(event.at), text: { ...event.text } };
    if (event.type === 'notice-published') {
      draft = null;
      const { at, by, text, expectedAt } = event;
      if (notices.length === 0) reached.set('customers-told', { at, by, personId: null, text });
      notices.push({
        ...{ at: formatInstant(at), by: person(by), text },
        expectedAt: expectedAt === null ? null : formatInstant(expectedAt),
      });
    }
    if (event.type === 'review-written') {
      const { at, by } = event;
      const { rootCause, actions } = event.review;
      reached.set('reviewed', { at, by, personId: null, text: rootCause });
      review = {
        ...{ at: formatInstant(at), by: person(by), rootCause },
        actions: actions.map(({ text, ownerId, dueOn }) => ({
          text,
          owner: person(ownerId),
          dueOn,
        })),
      };
    }
    if (event.type === 'incident-closed')
      reached.set('closed', { ...plain(event.at), by: event.by });
    if (event.type === 'incident-resolved') draft = null;
    if (event.type === 'incident-reopened') reached.delete('closed');
  }
  const owed = duties.view(config, now);
  return {
    stages: STAGES.map((stage) => {
      const { at, by, personId, text } = reached.get(stage) ?? { ...plain(0), at: null };
      return {
        ...{ stage, name: NAMES[stage], text },
        at: at === null ? null : formatInstant(at),
        by: by === null ? null : person(by),
        person: personId === null ? null : person(personId),
      };
    }),
    ...{ notices, draft, review, ...owed },
    needsReview: worstTier <= 2 || owed.reviewDuty !== null,
    reports: reports.map((report) => viewReport(report, config)),
  };
}

/** A customer's report with its clocks. */
export function viewReport(report: HeldReport, config: Config): Static<typeof ReportSchema> {
  const instant = (at: EpochMs | null) => (at === null ? null : formatInstant(at));
  const { id, customer, contact, text, deviceId, siteId, by, incidentId } = report;
  return {
    ...{ id, customer, contact, text, deviceId, siteId, incidentId },
    by: by === null ? null : { id: by, name: namesOf(config).person(by) },
    receivedAt: formatInstant(report.receivedAt),
    respondBy: formatInstant(report.respondBy),
    respondedAt: instant(report.respondedAt),
    answerBy: formatInstant(report.answerBy),
    answeredAt: instant(report.answeredAt),
    breached: [...report.breached],
  };
}
