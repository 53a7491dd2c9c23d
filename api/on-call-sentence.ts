import type { DomainEvent } from '../alerting/events.ts';
import { formatZoned } from '../alerting/page-text.ts';
import type { Config } from '../config/model.ts';
import { type LocalText, say, sayWith } from '../lib/local-text.ts';
import { namesOf } from './names.ts';

type OnCallEvent = Extract<DomainEvent, { type: `override-${string}` | `silence-${string}` }>;

/** Whether the event is about who is on call, or whom nothing reaches. */
export function isOnCallEvent(event: DomainEvent): event is OnCallEvent {
  return event.type.startsWith('override-') || event.type.startsWith('silence-');
}

/** What an exception to a schedule, or a silence, says to a person. */
export function onCallSentence(event: OnCallEvent, config: Config): LocalText {
  if (event.type !== 'override-added' && event.type !== 'override-removed') {
    return silenceSentence(event, config);
  }
  const names = namesOf(config);
  if (event.type === 'override-removed') {
    const parts = { who: names.person(event.by), id: event.overrideId };
    return sayWith(parts, '{who} took back the override {id}', '{who} 撤销了替班 {id}');
  }
  const { override } = event;
  const schedule = config.schedules.find(({ id }) => id === override.scheduleId);
  const zone = schedule?.timeZone ?? config.service.timeZone;
  const { replacesId } = override;
  return sayWith(
    {
      who: names.person(override.personId),
      other: replacesId === null ? say('whoever is', '当班人') : names.person(replacesId),
      schedule: schedule?.name ?? override.scheduleId,
      from: formatZoned(override.from, zone),
      to: formatZoned(override.to, zone),
    },
    '{who} is on call instead of {other} ({schedule}) from {from} to {to}',
    '{who} 将代替{other}值班（{schedule}），自 {from} 至 {to}',
  );
}

type SilenceEvent = Extract<DomainEvent, { type: `silence-${string}` }>;

function silenceSentence(event: SilenceEvent, config: Config): LocalText {
  const names = namesOf(config);
  const zone = config.service.timeZone;
  if (event.type === 'silence-added') {
    const { id, createdBy, reason, startsAt, endsAt } = event.silence;
    return sayWith(
      {
        ...{ id, reason, who: names.person(createdBy) },
        from: formatZoned(startsAt, zone),
        to: formatZoned(endsAt, zone),
      },
      '{who} silenced pages ({id}) from {from} to {to}: {reason}',
      '{who} 已静默通知（{id}），自 {from} 至 {to}：{reason}',
    );
  }
  const parts = { who: names.person(event.by), id: event.silenceId };
  switch (event.type) {
    case 'silence-confirmed':
      return sayWith(parts, '{who} confirmed the silence {id}', '{who} 已复核静默 {id}');
    case 'silence-extended':
      return sayWith(
        { ...parts, to: formatZoned(event.endsAt, zone) },
        '{who} extended the silence {id} to {to}',
        '{who} 已将静默 {id} 延长至 {to}',
      );
    case 'silence-ended':
      return sayWith(parts, '{who} ended the silence {id}', '{who} 已结束静默 {id}');
  }
}
