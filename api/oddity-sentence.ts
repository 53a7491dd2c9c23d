import type { DomainEvent } from '../alerting/events.ts';
import { SERIES_CAP } from '../collector/series-room.ts';
import type { Config } from '../config/model.ts';
import { type LocalText, sayWith } from '../lib/local-text.ts';
import { namesOf } from './names.ts';

type EngineEvent = Extract<DomainEvent, { type: 'snmp-engine-changed' }>;
export type OddityEvent = EngineEvent | Extract<DomainEvent, { type: 'series-left-out' }>;

/** Whether it tells of something odd about a device that is neither health nor fault. */
export function isOddityEvent(event: DomainEvent): event is OddityEvent {
  return event.type === 'snmp-engine-changed' || event.type === 'series-left-out';
}

/** What an oddity of a device says to a person. */
export function odditySentence(event: OddityEvent, config: Config): LocalText {
  const device = namesOf(config).device(event.deviceId);
  if (event.type === 'snmp-engine-changed') return engineSentence(event, device);
  const parts = { device, most: String(SERIES_CAP), count: String(event.count) };
  return sayWith(
    parts,
    '{device} has more than {most} series: {count} are shown nowhere',
    '{device} 的序列超过 {most} 条：其中 {count} 条不予显示',
  );
}

function engineSentence(event: EngineEvent, device: string): LocalText {
  const parts = { device, before: String(event.before), after: String(event.after) };
  switch (event.because) {
    case 'id-changed':
      return sayWith(
        parts,
        'Another SNMPv3 engine answers for {device}: {after}, before {before}',
        '{device} 的 SNMPv3 引擎已更换：由 {before} 变为 {after}',
      );
    case 'boots-went-back':
      return sayWith(
        parts,
        'The SNMPv3 engine of {device} lost count of its starts: {after} after {before}',
        '{device} 的 SNMPv3 引擎启动次数回退：由 {before} 变为 {after}',
      );
    case 'time-went-back':
      return sayWith(
        parts,
        'The clock of the SNMPv3 engine of {device} went back from {before} to {after} seconds without a start',
        '{device} 的 SNMPv3 引擎未重启而时钟回退：由 {before} 秒变为 {after} 秒',
      );
  }
}
