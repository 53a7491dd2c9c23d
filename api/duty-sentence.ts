import type { ReviewReason } from '../alerting/duties.ts';
import type { DutyEvent } from '../alerting/duty-events.ts';
import type { DomainEvent } from '../alerting/events.ts';
import { formatZoned } from '../alerting/page-text.ts';
import type { Config } from '../config/model.ts';
import { type LocalText, say, sayWith } from '../lib/local-text.ts';
import { namesOf } from './names.ts';

/** Why an incident is reviewed, in a few words. */
export const REVIEW_REASON_NAMES: Readonly<Record<ReviewReason, LocalText>> = {
  tier: say('its tier', '级别要求'),
  breached: say('nobody answered in time', '响应超时'),
  long: say('it lasted long', '持续时间长'),
  repeated: say('it came again', '重复发生'),
};

const TYPES: ReadonlySet<string> = new Set<DutyEvent['type']>([
  'review-required',
  'review-told',
  'review-overdue',
  'review-approved',
  'authority-clock-started',
  'authority-reminded',
  'authority-clock-breached',
  'authority-told',
]);

/** Whether the event belongs to reviews that are owed and what authorities are told. */
export function isDutyEvent(event: DomainEvent): event is DutyEvent {
  return TYPES.has(event.type);
}

/** What is owed about an incident beyond its response, said to a person. */
export function dutySentence(event: DutyEvent, config: Config): LocalText {
  const names = namesOf(config);
  const at = (instant: number) => formatZoned(instant, config.service.timeZone);
  switch (event.type) {
    case 'review-required': {
      const { reasons, dueOn, timeZone } = event.duty;
      const each = reasons.map((reason) => REVIEW_REASON_NAMES[reason]);
      const why = say(
        each.map(({ en }) => en).join(', '),
        each.map((text) => text['zh-CN']).join('、'),
      );
      return sayWith(
        { dueOn, timeZone, why },
        'A review is due by the end of {dueOn} ({timeZone}): {why}',
        '须于 {dueOn}（{timeZone}）结束前完成总结：{why}',
      );
    }
    case 'review-told':
      return event.isOverdue
        ? say('Told that the review is overdue', '已通知：总结逾期')
        : say('Reminded of the review', '已提醒：总结即将到期');
    case 'review-overdue':
      return sayWith(
        { by: at(event.dueAt) },
        'No review by {by}: overdue',
        '截至 {by} 未总结：已逾期',
      );
    case 'review-approved':
      return sayWith({ by: names.person(event.by) }, '{by} approved the review', '{by} 已批准总结');
    case 'authority-clock-started': {
      const { name, dueAt } = event.clock;
      const parts = { name, by: at(dueAt) };
      return sayWith(parts, 'To be told by {by}: {name}', '须于 {by} 前报告：{name}');
    }
    case 'authority-reminded':
    case 'authority-clock-breached':
    case 'authority-told':
      return authoritySentence(event, config);
  }
}

function authoritySentence(
  event: Extract<
    DutyEvent,
    { type: 'authority-reminded' | 'authority-clock-breached' | 'authority-told' }
  >,
  config: Config,
): LocalText {
  const at = (instant: number) => formatZoned(instant, config.service.timeZone);
  const name = authorityName(event.authorityId, config);
  if (event.type === 'authority-reminded') {
    const parts = { name, share: `${Math.round(event.ratio * 100)} %` };
    return sayWith(
      parts,
      'Reminder at {share} of the time: {name}',
      '时限已过 {share}，提醒报告：{name}',
    );
  }
  if (event.type === 'authority-clock-breached')
    return sayWith(
      { name, by: at(event.deadline) },
      'Not told by {by}: {name}',
      '截至 {by} 未报告：{name}',
    );
  const { reference, text, toldAt } = event;
  const rest = [reference, text].filter((each) => each !== '').join('; ');
  const parts = { name, by: namesOf(config).person(event.by), at: at(toldAt), rest };
  return rest === ''
    ? sayWith(parts, 'Told at {at} ({by}): {name}', '已于 {at} 报告（{by}）：{name}')
    : sayWith(
        parts,
        'Told at {at} ({by}): {name}; {rest}',
        '已于 {at} 报告（{by}）：{name}；{rest}',
      );
}

/** As the configuration has it now; the id where it is no longer there. */
function authorityName(authorityId: string, { authorities = [] }: Config): string {
  return authorities.find(({ id }) => id === authorityId)?.name ?? authorityId;
}
