import type { DomainEvent } from '../alerting/events.ts';
import { formatZoned } from '../alerting/page-text.ts';
import type { RecordedStage, ReportClock } from '../alerting/procedure.ts';
import type { Config } from '../config/model.ts';
import { type LocalText, say, sayWith } from '../lib/local-text.ts';
import { namesOf } from './names.ts';

const TYPES = [
  'stage-reached',
  'notice-drafted',
  'notice-published',
  'review-written',
  'incident-closed',
  'customer-report-received',
  'customer-report-joined',
  'customer-report-responded',
  'customer-report-answered',
  'customer-report-breached',
] as const;

export type ProcedureEvent = Extract<DomainEvent, { type: (typeof TYPES)[number] }>;

/** Whether the event belongs to the procedure of incidents and what customers report. */
export function isProcedureEvent(event: DomainEvent): event is ProcedureEvent {
  return (TYPES as readonly string[]).includes(event.type);
}

export const STAGE_NAMES: Readonly<Record<RecordedStage, LocalText>> = {
  'reported-up': say('Reported up', '已上报'),
  assigned: say('Assigned', '已指派'),
  contained: say('Contained', '已控制'),
};

const CLOCK_NAMES: Readonly<Record<ReportClock, LocalText>> = {
  respond: say('response', '响应'),
  answer: say('answer', '答复'),
};

/** What a step of the procedure says to a person. */
export function procedureSentence(event: ProcedureEvent, config: Config): LocalText {
  const names = namesOf(config);
  const at = (instant: number) => formatZoned(instant, config.service.timeZone);
  switch (event.type) {
    case 'stage-reached': {
      const { personId, text } = event;
      const whom = personId === null ? '' : ` → ${names.person(personId)}`;
      const parts = { stage: STAGE_NAMES[event.stage], by: names.person(event.by), whom, text };
      return text === ''
        ? sayWith(parts, '{stage}{whom} ({by})', '{stage}{whom}（{by}）')
        : sayWith(parts, '{stage}{whom} ({by}): {text}', '{stage}{whom}（{by}）：{text}');
    }
    case 'notice-drafted':
      return sayWith(
        { text: event.text },
        'A customer notice is drafted, for a person to publish: {text}',
        '已生成用户告知草稿，待人工发布：{text}',
      );
    case 'notice-published': {
      const { text, expectedAt } = event;
      const parts = { by: names.person(event.by), text };
      return expectedAt === null
        ? sayWith(parts, 'Customers told ({by}): {text}', '已告知用户（{by}）：{text}')
        : sayWith(
            { ...parts, expected: at(expectedAt) },
            'Customers told ({by}): {text} Expected by {expected}',
            '已告知用户（{by}）：{text} 预计 {expected} 完成',
          );
    }
    case 'review-written': {
      const { rootCause, actions } = event.review;
      return sayWith(
        { by: names.person(event.by), rootCause, count: String(actions.length) },
        'Reviewed ({by}): {rootCause} Corrective actions: {count}',
        '已总结（{by}）：{rootCause} 整改措施 {count} 项',
      );
    }
    case 'incident-closed':
      return sayWith({ by: names.person(event.by) }, '{by} closed it', '{by} 已关闭');
    default:
      return reportSentence(event, config);
  }
}

function reportSentence(
  event: Extract<ProcedureEvent, { type: `customer-report-${string}` }>,
  config: Config,
): LocalText {
  const names = namesOf(config);
  switch (event.type) {
    case 'customer-report-received': {
      const { id, customer, text } = event.report;
      return sayWith(
        { id, customer, text },
        '{customer} reports ({id}): {text}',
        '{customer} 申告（{id}）：{text}',
      );
    }
    case 'customer-report-joined':
      return sayWith({ id: event.reportId }, 'Customer report {id} joined', '用户申告 {id} 已并入');
    case 'customer-report-responded':
    case 'customer-report-answered': {
      const parts = { by: names.person(event.by), id: event.reportId, text: event.text };
      return event.type === 'customer-report-responded'
        ? sayWith(parts, '{by} responded to {id}: {text}', '{by} 已响应 {id}：{text}')
        : sayWith(parts, '{by} answered {id}: {text}', '{by} 已答复 {id}：{text}');
    }
    case 'customer-report-breached':
      return sayWith(
        {
          id: event.reportId,
          clock: CLOCK_NAMES[event.clock],
          by: formatZoned(event.deadline, config.service.timeZone),
        },
        'The time for the {clock} to {id} was over at {by}',
        '{id} 的{clock}时限已于 {by} 到期',
      );
  }
}
