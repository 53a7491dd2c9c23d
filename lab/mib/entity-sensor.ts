import type { DeviceLife } from '../device-life.ts';
import type { SensorKind } from '../devices/shape.ts';
import { type Instance, instance } from '../mib-view.ts';

const ENTITY_ENTRY = '1.3.6.1.2.1.47.1.1.1.1';
const ENTITY_LAST_CHANGE = '1.3.6.1.2.1.47.1.4.1.0';
const SENSOR_ENTRY = '1.3.6.1.2.1.99.1.1.1';
const UNKNOWN_TYPE = '0.0';

/** entPhysicalClass. */
const CLASS = { chassis: 3, sensor: 8 } as const;
const CHASSIS_INDEX = 1;
const FIRST_SENSOR_INDEX = 1001;
/** entPhySensorScale units(9): the value is in the unit itself. */
const SCALE_UNITS = 9;
const SENSOR_OK = 1;
const UPDATE_EVERY_MS = 1000;

/** RFC 3433 EntitySensorDataType, and how the unit is written. */
const KIND: Readonly<Record<SensorKind, { readonly type: number; readonly unit: string }>> = {
  'volts-ac': { type: 3, unit: 'V' },
  amperes: { type: 5, unit: 'A' },
  watts: { type: 6, unit: 'W' },
  hertz: { type: 7, unit: 'Hz' },
  celsius: { type: 8, unit: 'C' },
  humidity: { type: 9, unit: '%RH' },
  rpm: { type: 10, unit: 'rpm' },
};

/** ENTITY-MIB entPhysicalTable (RFC 6933) with a chassis and its sensors, and ENTITY-SENSOR-MIB (RFC 3433). */
export function sensorInstances(life: DeviceLife): Instance[] {
  if (life.sensors.length === 0) return [];
  return [
    instance.timeTicks(ENTITY_LAST_CHANGE, () => 0),
    ...entityRow(CHASSIS_INDEX, {
      name: life.shape.model,
      containedIn: 0,
      entityClass: CLASS.chassis,
      position: -1,
      model: life.shape.model,
    }),
    ...life.sensors.flatMap((sensor, position) => {
      const index = FIRST_SENSOR_INDEX + position;
      const { kind, digits, name } = sensor.shape;
      const at = (column: number) => `${SENSOR_ENTRY}.${column}.${index}`;
      return [
        ...entityRow(index, {
          name,
          containedIn: CHASSIS_INDEX,
          entityClass: CLASS.sensor,
          position: position + 1,
          model: '',
        }),
        instance.integer(at(1), () => KIND[kind].type),
        instance.integer(at(2), () => SCALE_UNITS),
        instance.integer(at(3), () => digits),
        instance.integer(at(4), (nowMs) => Math.round(sensor.at(nowMs) * 10 ** digits)),
        instance.integer(at(5), () => SENSOR_OK),
        instance.text(at(6), () => KIND[kind].unit),
        instance.timeTicks(at(7), (nowMs) => life.uptimeMs(nowMs)),
        instance.gauge32(at(8), () => UPDATE_EVERY_MS),
      ];
    }),
  ];
}

interface Entity {
  readonly name: string;
  readonly containedIn: number;
  readonly entityClass: number;
  readonly position: number;
  readonly model: string;
}

function entityRow(index: number, entity: Entity): Instance[] {
  const at = (column: number) => `${ENTITY_ENTRY}.${column}.${index}`;
  return [
    instance.text(at(2), () => entity.name),
    instance.oid(at(3), () => UNKNOWN_TYPE),
    instance.integer(at(4), () => entity.containedIn),
    instance.integer(at(5), () => entity.entityClass),
    instance.integer(at(6), () => entity.position),
    instance.text(at(7), () => entity.name),
    instance.text(at(13), () => entity.model),
  ];
}
