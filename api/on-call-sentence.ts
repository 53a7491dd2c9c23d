import type { DomainEvent } from '../alerting/events.ts';
import { formatZoned } from '../alerting/page-text.ts';
import type { Config } from '../config/model.ts';
import { type LocalText, say, sayWith } from '../lib/local-text.ts';
import { namesOf } from './names.ts';

type OnCallEvent = Extract<DomainEvent, { type: `override-${string}` }>;

/** Whether the event is about who is on call. */
export function isOnCallEvent(event: DomainEvent): event is OnCallEvent {
  return event.type === 'override-added' || event.type === 'override-removed';
}

/** What an exception to a schedule says to a person. */
export function onCallSentence(event: OnCallEvent, config: Config): LocalText {
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
