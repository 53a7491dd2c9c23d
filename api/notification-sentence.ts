import type { DomainEvent } from '../alerting/events.ts';
import { formatZoned } from '../alerting/page-text.ts';
import { meaningOfTrap } from '../collector/traps/known-traps.ts';
import type { Config } from '../config/model.ts';
import { type LocalText, say, sayWith } from '../lib/local-text.ts';
import { namesOf } from './names.ts';

type NotificationEvent = Extract<DomainEvent, { type: 'notification-received' }>;

/** What a trap or inform, or a summary of several, says to a person: what its sender claims, and no more. */
export function notificationSentence(event: NotificationEvent, config: Config): LocalText {
  const parts = {
    who: senderOf(event, config),
    kind: event.kind,
    what: meaningOfTrap(event.kind) ?? unknownTrap(event),
    count: String(event.count),
    from: formatZoned(event.firstAt, config.service.timeZone),
    to: formatZoned(event.lastAt, config.service.timeZone),
  };
  return event.count === 1
    ? sayWith(parts, '{who} reported: {what} ({kind})', '{who} 上报：{what}（{kind}）')
    : sayWith(
        parts,
        '{who} reported {count} times from {from} to {to}: {what} ({kind})',
        '{who} 于 {from} 至 {to} 上报 {count} 次：{what}（{kind}）',
      );
}

function senderOf({ deviceId, sourceAddress }: NotificationEvent, config: Config): LocalText {
  if (deviceId === null) {
    return say(`A device at ${sourceAddress}`, `位于 ${sourceAddress} 的某台设备`);
  }
  const name = namesOf(config).device(deviceId);
  return say(name, name);
}

function unknownTrap({ oid }: NotificationEvent): LocalText {
  return oid === ''
    ? say('traps of kinds that are not known here', '多种未知类型的 Trap')
    : say(`a trap that is not known here, ${oid}`, `未知类型的 Trap ${oid}`);
}
