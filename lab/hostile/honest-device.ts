import type { Clock } from '../../lib/clock.ts';
import { integer, type Octets, octetString, oid, timeTicks } from './ber.ts';
import { ObjectStore } from './object-store.ts';

/** Objects that the hostile agents lie about, by their names in SNMPv2-MIB, IF-MIB and UPS-MIB. */
export const OBJECT = {
  sysDescr: '1.3.6.1.2.1.1.1.0',
  sysObjectID: '1.3.6.1.2.1.1.2.0',
  sysUpTime: '1.3.6.1.2.1.1.3.0',
  sysName: '1.3.6.1.2.1.1.5.0',
  ifTable: '1.3.6.1.2.1.2.2',
  ifDescr: '1.3.6.1.2.1.2.2.1.2',
  ifType: '1.3.6.1.2.1.2.2.1.3',
  ifSpeed: '1.3.6.1.2.1.2.2.1.5',
  ifAdminStatus: '1.3.6.1.2.1.2.2.1.7',
  ifOperStatus: '1.3.6.1.2.1.2.2.1.8',
  ifInOctets: '1.3.6.1.2.1.2.2.1.10',
  ifInErrors: '1.3.6.1.2.1.2.2.1.14',
  ifOutOctets: '1.3.6.1.2.1.2.2.1.16',
  ifXTable: '1.3.6.1.2.1.31.1.1',
  ifName: '1.3.6.1.2.1.31.1.1.1.1',
  ifHCInOctets: '1.3.6.1.2.1.31.1.1.1.6',
  ifHCOutOctets: '1.3.6.1.2.1.31.1.1.1.10',
  ifHighSpeed: '1.3.6.1.2.1.31.1.1.1.15',
  ifAlias: '1.3.6.1.2.1.31.1.1.1.18',
  ifCounterDiscontinuityTime: '1.3.6.1.2.1.31.1.1.1.19',
  ups: '1.3.6.1.2.1.33.1',
  upsBatteryStatus: '1.3.6.1.2.1.33.1.2.1.0',
  upsSecondsOnBattery: '1.3.6.1.2.1.33.1.2.2.0',
  upsMinutesRemaining: '1.3.6.1.2.1.33.1.2.3.0',
  upsCharge: '1.3.6.1.2.1.33.1.2.4.0',
  upsBatteryTemperature: '1.3.6.1.2.1.33.1.2.7.0',
  upsOutputSource: '1.3.6.1.2.1.33.1.4.1.0',
} as const;

const TAG = { counter32: 0x41, gauge32: 0x42, counter64: 0x46 } as const;
const ETHERNET = 6;
const GIGABIT_BPS = 1_000_000_000;
const TWO_TO_32 = 4_294_967_296n;
/** Half of what a port of 1 Gb/s can carry. */
const OCTETS_PER_SECOND = GIGABIT_BPS / 16;
const FIRST_UPTIME_TICKS = 471_100;
const TICK_MS = 10;

/** Counter32 (RFC 2578 §7.1.6). */
export const counter32 = (value: number | bigint): Octets => integer(value, TAG.counter32);
/** Counter64 (RFC 2578 §7.1.10). */
export const counter64 = (value: bigint): Octets => integer(value, TAG.counter64);
/** Gauge32 (RFC 2578 §7.1.7). */
export const gauge32 = (value: number): Octets => integer(value, TAG.gauge32);

/** A device that tells the truth: what it is, its ports, and the power it hangs on. */
export interface HonestDevice {
  readonly objects: ObjectStore;
  /** sysUpTime now, in hundredths of a second. */
  uptimeTicks(): number;
  /** Octets that each port has received by now. */
  receivedOctets(): bigint;
}

/** A switch of `portCount` ports of 1 Gb/s at half load, with a UPS of its own that is well. */
export function honestDevice(clock: Clock, portCount = 4): HonestDevice {
  const startedMs = clock.monotonicMs();
  const elapsedMs = () => clock.monotonicMs() - startedMs;
  const uptimeTicks = () => FIRST_UPTIME_TICKS + Math.floor(elapsedMs() / TICK_MS);
  const receivedOctets = () => BigInt(Math.floor((elapsedMs() * OCTETS_PER_SECOND) / 1000));
  const device = { objects: new ObjectStore(), uptimeTicks, receivedOctets };
  setSystem(device);
  for (let index = 1; index <= portCount; index += 1) setPort(device, index, `Gi0/${index}`);
  setUps(device.objects);
  return device;
}

function setSystem({ objects, uptimeTicks }: HonestDevice): void {
  objects.set(OBJECT.sysDescr, octetString('a switch that is asked'));
  objects.set(OBJECT.sysObjectID, oid('1.3.6.1.4.1.32473.1'));
  objects.set(OBJECT.sysUpTime, () => timeTicks(uptimeTicks()));
  objects.set(OBJECT.sysName, octetString('honest'));
}

/** Adds a port that is up, with both widths of counters. */
export function setPort(device: HonestDevice, index: number, name: string): void {
  const { objects, receivedOctets } = device;
  const set = (column: string, value: Octets | (() => Octets)) =>
    objects.set(`${column}.${index}`, value);
  const wide = () => counter64(receivedOctets());
  const narrow = () => counter32(receivedOctets() % TWO_TO_32);
  set(OBJECT.ifDescr, octetString(`Ethernet ${name}`));
  set(OBJECT.ifType, integer(ETHERNET));
  set(OBJECT.ifSpeed, gauge32(GIGABIT_BPS));
  set(OBJECT.ifAdminStatus, integer(1));
  set(OBJECT.ifOperStatus, integer(1));
  set(OBJECT.ifInOctets, narrow);
  set(OBJECT.ifInErrors, counter32(0));
  set(OBJECT.ifOutOctets, narrow);
  set(OBJECT.ifName, octetString(name));
  set(OBJECT.ifHCInOctets, wide);
  set(OBJECT.ifHCOutOctets, wide);
  set(OBJECT.ifHighSpeed, gauge32(1_000));
  set(OBJECT.ifAlias, octetString(`to ${name}`));
  set(OBJECT.ifCounterDiscontinuityTime, timeTicks(0));
}

/** Removes all ports. */
export function removePorts({ objects }: HonestDevice): void {
  objects.deleteBelow(OBJECT.ifTable);
  objects.deleteBelow(OBJECT.ifXTable);
}

function setUps(objects: ObjectStore): void {
  objects.set(OBJECT.upsBatteryStatus, integer(2));
  objects.set(OBJECT.upsSecondsOnBattery, integer(0));
  objects.set(OBJECT.upsMinutesRemaining, integer(42));
  objects.set(OBJECT.upsCharge, integer(97));
  objects.set(OBJECT.upsBatteryTemperature, integer(25));
  objects.set(OBJECT.upsOutputSource, integer(3));
}
