import type { DeviceLife } from '../device-life.ts';
import { type Instance, instance } from '../mib-view.ts';

const SYSTEM = '1.3.6.1.2.1.1';
const SNMP_ENGINE = '1.3.6.1.6.3.10.2.1';
const LARGEST_MESSAGE_OCTETS = 65_507;

export interface EngineFacts {
  readonly id: Buffer;
  /** snmpEngineBoots, RFC 3411: rises with every start of the device. */
  boots(): number;
}

/** SNMPv2-MIB system (RFC 3418) and SNMP-FRAMEWORK-MIB snmpEngine (RFC 3411 §5). */
export function systemInstances(life: DeviceLife, engine: EngineFacts): Instance[] {
  const { shape } = life;
  return [
    instance.text(`${SYSTEM}.1.0`, () => shape.description),
    instance.oid(`${SYSTEM}.2.0`, () => shape.objectId),
    instance.timeTicks(`${SYSTEM}.3.0`, (nowMs) => life.uptimeMs(nowMs)),
    instance.text(`${SYSTEM}.4.0`, () => 'noc@example.org'),
    instance.text(`${SYSTEM}.5.0`, () => life.id),
    instance.text(`${SYSTEM}.6.0`, () => shape.location),
    instance.integer(`${SYSTEM}.7.0`, () => shape.services),
    instance.timeTicks(`${SYSTEM}.8.0`, () => 0),
    instance.text(`${SNMP_ENGINE}.1.0`, () => engine.id),
    instance.integer(`${SNMP_ENGINE}.2.0`, () => engine.boots()),
    instance.integer(`${SNMP_ENGINE}.3.0`, (nowMs) => Math.floor(life.uptimeMs(nowMs) / 1000)),
    instance.integer(`${SNMP_ENGINE}.4.0`, () => LARGEST_MESSAGE_OCTETS),
  ];
}
