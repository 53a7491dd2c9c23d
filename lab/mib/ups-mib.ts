import { SECOND } from '../../lib/time.ts';
import { LOW_BATTERY_MINUTES } from '../battery.ts';
import type { DeviceLife, UpsLife } from '../device-life.ts';
import { type Instance, instance } from '../mib-view.ts';

const UPS = '1.3.6.1.2.1.33.1';
const LINE = 1;
const NOMINAL_TENTHS_OF_HERTZ = 500;
const FULL_BATTERY_TENTHS_OF_VOLT = 1092;
const EMPTY_BATTERY_TENTHS_OF_VOLT = 840;
const POWER_FACTOR = 0.9;
/** What a UPS takes for itself and loses. */
const OWN_USE_RATIO = 0.06;

const BATTERY_STATUS = { normal: 2, low: 3, depleted: 4 } as const;
const OUTPUT_SOURCE = { none: 2, normal: 3, battery: 5 } as const;
const NO_TEST_INITIATED = 6;
/** Nothing is scheduled: upsShutdownAfterDelay, upsStartupAfterDelay, upsRebootWithDuration. */
const NOT_SCHEDULED = -1;

/** UPS-MIB (RFC 1628), every group; one input, one output and one bypass line. */
export function upsInstances(life: DeviceLife): Instance[] {
  const { ups } = life;
  if (ups === null) return [];
  return [
    ...identity(life),
    ...battery(ups),
    ...input(ups),
    ...output(ups),
    ...bypass(ups),
    ...alarms(life, ups),
    ...testAndControl(),
    ...configuration(ups),
  ];
}

function identity(life: DeviceLife): Instance[] {
  const texts = [
    'Threenines demo',
    life.shape.model,
    '3.1',
    '1.7',
    life.id,
    life.powers.join(', '),
  ];
  return texts.map((text, position) => instance.text(`${UPS}.1.${position + 1}.0`, () => text));
}

function battery(ups: UpsLife): Instance[] {
  const at = (scalar: number) => `${UPS}.2.${scalar}.0`;
  const secondsOnBattery = (nowMs: number) => {
    const sinceMs = ups.onBatterySinceMs();
    return sinceMs === null ? 0 : Math.floor((nowMs - sinceMs) / SECOND);
  };
  const tenthsOfVolt = (nowMs: number) =>
    EMPTY_BATTERY_TENTHS_OF_VOLT +
    ups.chargeRatio(nowMs) * (FULL_BATTERY_TENTHS_OF_VOLT - EMPTY_BATTERY_TENTHS_OF_VOLT);
  const tenthsOfAmpere = (nowMs: number) =>
    ups.onBatterySinceMs() === null ? 0 : (watts(ups, nowMs) * 100) / tenthsOfVolt(nowMs);
  return [
    instance.integer(at(1), (nowMs) => batteryStatus(ups, nowMs)),
    instance.integer(at(2), secondsOnBattery),
    instance.integer(at(3), (nowMs) => ups.minutesLeft(nowMs)),
    instance.integer(at(4), (nowMs) => Math.floor(ups.chargeRatio(nowMs) * 100)),
    instance.integer(at(5), (nowMs) => Math.round(tenthsOfVolt(nowMs))),
    instance.integer(at(6), (nowMs) => Math.round(tenthsOfAmpere(nowMs))),
    instance.integer(at(7), (nowMs) => Math.round(ups.temperatureCelsius(nowMs))),
  ];
}

function input(ups: UpsLife): Instance[] {
  const at = (column: number) => `${UPS}.3.3.1.${column}.${LINE}`;
  const whenMains = (read: (nowMs: number) => number) => (nowMs: number) =>
    ups.onBatterySinceMs() === null ? Math.round(read(nowMs)) : 0;
  const inputWatts = (nowMs: number) => watts(ups, nowMs) * (1 + OWN_USE_RATIO);
  return [
    instance.counter32(`${UPS}.3.1.0`, () => ups.inputLossCount()),
    instance.integer(`${UPS}.3.2.0`, () => 1),
    instance.integer(
      at(2),
      whenMains(() => NOMINAL_TENTHS_OF_HERTZ),
    ),
    instance.integer(
      at(3),
      whenMains((nowMs) => ups.shape.nominalVolts + drift(nowMs)),
    ),
    instance.integer(
      at(4),
      whenMains((nowMs) => tenthsOfAmpere(ups, inputWatts(nowMs))),
    ),
    instance.integer(at(5), whenMains(inputWatts)),
  ];
}

function output(ups: UpsLife): Instance[] {
  const at = (column: number) => `${UPS}.4.4.1.${column}.${LINE}`;
  const whenOn = (read: (nowMs: number) => number) => (nowMs: number) =>
    ups.hasOutput(nowMs) ? Math.round(read(nowMs)) : 0;
  return [
    instance.integer(`${UPS}.4.1.0`, (nowMs) => outputSource(ups, nowMs)),
    instance.integer(
      `${UPS}.4.2.0`,
      whenOn(() => NOMINAL_TENTHS_OF_HERTZ),
    ),
    instance.integer(`${UPS}.4.3.0`, () => 1),
    instance.integer(
      at(2),
      whenOn(() => ups.shape.nominalVolts),
    ),
    instance.integer(
      at(3),
      whenOn((nowMs) => tenthsOfAmpere(ups, watts(ups, nowMs))),
    ),
    instance.integer(
      at(4),
      whenOn((nowMs) => watts(ups, nowMs)),
    ),
    instance.integer(
      at(5),
      whenOn((nowMs) => ups.loadRatio(nowMs) * 100),
    ),
  ];
}

function bypass(ups: UpsLife): Instance[] {
  const at = (column: number) => `${UPS}.5.3.1.${column}.${LINE}`;
  const whenMains = (value: number) => () => (ups.onBatterySinceMs() === null ? value : 0);
  return [
    instance.integer(`${UPS}.5.1.0`, whenMains(NOMINAL_TENTHS_OF_HERTZ)),
    instance.integer(`${UPS}.5.2.0`, () => 1),
    instance.integer(at(2), whenMains(ups.shape.nominalVolts)),
    instance.integer(at(3), () => 0),
    instance.integer(at(4), () => 0),
  ];
}

/** Rows of upsAlarmTable come and go: each alarm has its own row, there while `isPresent`. */
function alarms(life: DeviceLife, ups: UpsLife): Instance[] {
  const onBattery = () => ups.onBatterySinceMs() !== null;
  const known = [
    { wellKnown: 2, isPresent: onBattery },
    { wellKnown: 3, isPresent: (nowMs: number) => onBattery() && isLow(ups, nowMs) },
    { wellKnown: 6, isPresent: onBattery },
    { wellKnown: 14, isPresent: (nowMs: number) => !ups.hasOutput(nowMs) },
  ];
  const present = (nowMs: number) => known.filter((alarm) => alarm.isPresent(nowMs)).length;
  const raisedMs = () => (ups.onBatterySinceMs() ?? 0) - life.state().bootedAtMs;
  return [
    instance.gauge32(`${UPS}.6.1.0`, present),
    ...known.flatMap(({ wellKnown, isPresent }, position) => [
      instance.oid(`${UPS}.6.2.1.2.${position + 1}`, (nowMs) =>
        isPresent(nowMs) ? `${UPS}.6.3.${wellKnown}` : undefined,
      ),
      instance.timeTicks(`${UPS}.6.2.1.3.${position + 1}`, (nowMs) =>
        isPresent(nowMs) ? raisedMs() : undefined,
      ),
    ]),
  ];
}

function testAndControl(): Instance[] {
  return [
    instance.oid(`${UPS}.7.1.0`, () => `${UPS}.7.7.1`),
    instance.integer(`${UPS}.7.2.0`, () => 0),
    instance.integer(`${UPS}.7.3.0`, () => NO_TEST_INITIATED),
    instance.text(`${UPS}.7.4.0`, () => ''),
    instance.timeTicks(`${UPS}.7.5.0`, () => 0),
    instance.integer(`${UPS}.7.6.0`, () => 0),
    instance.integer(`${UPS}.8.1.0`, () => 1),
    instance.integer(`${UPS}.8.2.0`, () => NOT_SCHEDULED),
    instance.integer(`${UPS}.8.3.0`, () => NOT_SCHEDULED),
    instance.integer(`${UPS}.8.4.0`, () => NOT_SCHEDULED),
    instance.integer(`${UPS}.8.5.0`, () => 1),
  ];
}

function configuration({ shape }: UpsLife): Instance[] {
  const values = [
    shape.nominalVolts,
    NOMINAL_TENTHS_OF_HERTZ,
    shape.nominalVolts,
    NOMINAL_TENTHS_OF_HERTZ,
    shape.ratedVoltAmperes,
    shape.ratedWatts,
    LOW_BATTERY_MINUTES,
    2,
    Math.round(shape.nominalVolts * 0.8),
    Math.round(shape.nominalVolts * 1.15),
  ];
  return values.map((value, position) =>
    instance.integer(`${UPS}.9.${position + 1}.0`, () => value),
  );
}

function batteryStatus(ups: UpsLife, nowMs: number): number {
  if (!ups.hasOutput(nowMs)) return BATTERY_STATUS.depleted;
  return isLow(ups, nowMs) ? BATTERY_STATUS.low : BATTERY_STATUS.normal;
}

function outputSource(ups: UpsLife, nowMs: number): number {
  if (!ups.hasOutput(nowMs)) return OUTPUT_SOURCE.none;
  return ups.onBatterySinceMs() === null ? OUTPUT_SOURCE.normal : OUTPUT_SOURCE.battery;
}

function isLow(ups: UpsLife, nowMs: number): boolean {
  return ups.minutesLeft(nowMs) < LOW_BATTERY_MINUTES;
}

function watts(ups: UpsLife, nowMs: number): number {
  return ups.loadRatio(nowMs) * ups.shape.ratedWatts;
}

function tenthsOfAmpere(ups: UpsLife, realWatts: number): number {
  return (realWatts / POWER_FACTOR / ups.shape.nominalVolts) * 10;
}

/** A volt or two up and down over some minutes. */
function drift(nowMs: number): number {
  return 2 * Math.sin(nowMs / (97 * SECOND));
}
