import type { DeviceLife, PortLife } from '../device-life.ts';
import { type Instance, instance } from '../mib-view.ts';

const IF_NUMBER = '1.3.6.1.2.1.2.1.0';
const IF_ENTRY = '1.3.6.1.2.1.2.2.1';
const IF_X_ENTRY = '1.3.6.1.2.1.31.1.1.1';
const IF_TABLE_LAST_CHANGE = '1.3.6.1.2.1.31.1.5.0';
const IF_STACK_LAST_CHANGE = '1.3.6.1.2.1.31.1.6.0';

/** IANAifType. */
const IF_TYPE = { ethernet: 6, loopback: 24 } as const;
const UP = 1;
const DOWN = 2;
const TRUE = 1;
const FALSE = 2;
/** RFC 2863 ifSpeed: what a port too fast for the object says. */
const SPEED_BEYOND_32_BITS = 4_294_967_295;

const OCTETS_PER_UNICAST_PACKET = 640;
const OCTETS_PER_MULTICAST_PACKET = 60_000;
const OCTETS_PER_BROADCAST_PACKET = 240_000;
const OCTETS_PER_DISCARD = 40_000_000_000;
/** Broken frames that a port counts when its cable is pulled. */
const ERRORS_PER_LOSS = 3;

/** ifTable and ifXTable: RFC 2863. */
export function interfaceInstances(life: DeviceLife): Instance[] {
  return [
    instance.integer(IF_NUMBER, () => life.ports.length),
    instance.timeTicks(IF_TABLE_LAST_CHANGE, () => 0),
    instance.timeTicks(IF_STACK_LAST_CHANGE, () => 0),
    ...life.ports.flatMap((port) => [...ifRow(life, port), ...ifXRow(port)]),
  ];
}

function ifRow(life: DeviceLife, port: PortLife): Instance[] {
  const { shape, index } = port;
  const speedBps = shape.speedMbps * 1e6;
  const at = (column: number) => `${IF_ENTRY}.${column}.${index}`;
  const sinceBoot = (atMs: number) => Math.max(0, atMs - life.state().bootedAtMs);
  const errors = () => port.lossCount() * ERRORS_PER_LOSS;
  return [
    instance.integer(at(1), () => index),
    instance.text(at(2), () => longName(shape.name)),
    instance.integer(at(3), () => IF_TYPE[shape.kind]),
    instance.integer(at(4), () => shape.mtu),
    instance.gauge32(at(5), () => Math.min(speedBps, SPEED_BEYOND_32_BITS)),
    instance.text(at(6), () => (shape.kind === 'loopback' ? '' : port.physicalAddress)),
    instance.integer(at(7), () => (shape.adminUp ? UP : DOWN)),
    instance.integer(at(8), () => (port.state().up ? UP : DOWN)),
    instance.timeTicks(at(9), () => sinceBoot(port.state().changedAtMs)),
    instance.counter32(at(10), port.receivedOctets),
    instance.counter32(at(11), per(port.receivedOctets, OCTETS_PER_UNICAST_PACKET)),
    instance.counter32(at(13), per(port.receivedOctets, OCTETS_PER_DISCARD)),
    instance.counter32(at(14), errors),
    instance.counter32(at(15), () => 0),
    instance.counter32(at(16), port.sentOctets),
    instance.counter32(at(17), per(port.sentOctets, OCTETS_PER_UNICAST_PACKET)),
    instance.counter32(at(19), per(port.sentOctets, OCTETS_PER_DISCARD)),
    instance.counter32(at(20), () => 0),
  ];
}

function ifXRow(port: PortLife): Instance[] {
  const { shape, index } = port;
  const at = (column: number) => `${IF_X_ENTRY}.${column}.${index}`;
  const unicastIn = per(port.receivedOctets, OCTETS_PER_UNICAST_PACKET);
  const multicastIn = per(port.receivedOctets, OCTETS_PER_MULTICAST_PACKET);
  const broadcastIn = per(port.receivedOctets, OCTETS_PER_BROADCAST_PACKET);
  const unicastOut = per(port.sentOctets, OCTETS_PER_UNICAST_PACKET);
  const multicastOut = per(port.sentOctets, OCTETS_PER_MULTICAST_PACKET);
  const broadcastOut = per(port.sentOctets, OCTETS_PER_BROADCAST_PACKET);
  return [
    instance.text(at(1), () => shape.name),
    instance.counter32(at(2), multicastIn),
    instance.counter32(at(3), broadcastIn),
    instance.counter32(at(4), multicastOut),
    instance.counter32(at(5), broadcastOut),
    instance.counter64(at(6), port.receivedOctets),
    instance.counter64(at(7), unicastIn),
    instance.counter64(at(8), multicastIn),
    instance.counter64(at(9), broadcastIn),
    instance.counter64(at(10), port.sentOctets),
    instance.counter64(at(11), unicastOut),
    instance.counter64(at(12), multicastOut),
    instance.counter64(at(13), broadcastOut),
    instance.integer(at(14), () => (shape.kind === 'loopback' ? 2 : 1)),
    instance.gauge32(at(15), () => shape.speedMbps),
    instance.integer(at(16), () => FALSE),
    instance.integer(at(17), () => (shape.kind === 'loopback' ? FALSE : TRUE)),
    instance.text(at(18), () => port.alias),
    // Counters start together with the device, which sysUpTime says already.
    instance.timeTicks(at(19), () => 0),
  ];
}

function per(octets: (nowMs: number) => number, octetsEach: number): (nowMs: number) => number {
  return (nowMs) => Math.floor(octets(nowMs) / octetsEach);
}

function longName(name: string): string {
  return name.replace(/^Te/, 'TenGigabitEthernet').replace(/^Gi/, 'GigabitEthernet');
}
