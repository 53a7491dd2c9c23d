import type { DomainEvent } from '../alerting/events.ts';
import type { Config } from '../config/model.ts';
import { type LocalText, sayWith } from '../lib/local-text.ts';
import { namesOf } from './names.ts';

type EngineEvent = Extract<DomainEvent, { type: 'snmp-engine-changed' }>;

/** What it says to a person that an SNMPv3 engine is not what it was. */
export function engineSentence(event: EngineEvent, config: Config): LocalText {
  const device = namesOf(config).device(event.deviceId);
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
