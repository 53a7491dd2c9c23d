/**
 * What one device of the demo network is made of: data. The MIB builders turn it into objects, the
 * model decides which of its ports and feeds work.
 */
export interface DeviceShape {
  /** RFC 3418 sysDescr. */
  readonly description: string;
  /** Under the subtree that the net-snmp enterprise keeps for experiments, except for the server. */
  readonly objectId: string;
  readonly location: string;
  /** RFC 3418 sysServices: sum of 2^(layer − 1). */
  readonly services: number;
  readonly model: string;
  readonly ports: readonly PortShape[];
  /** Names of the ports towards the parents, in the order of the parents in the configuration. */
  readonly uplinks: readonly string[];
  readonly sensors: readonly SensorShape[];
  /** Mean load of each processor, 0..1. */
  readonly processors: readonly number[];
  readonly storages: readonly StorageShape[];
  /** null: the device has no battery. */
  readonly ups: UpsShape | null;
}

export interface PortShape {
  readonly name: string;
  /** What it leads to when the topology does not say. */
  readonly alias: string;
  readonly kind: 'ethernet' | 'loopback';
  readonly speedMbps: number;
  readonly mtu: number;
  readonly adminUp: boolean;
  /** Something outside the lab is plugged in; a cable to another lab device needs no mention here. */
  readonly connected: boolean;
  /** Mean share of the speed in use, 0..1; on a cable between two lab devices the lower end's counts. */
  readonly receiveRatio: number;
  readonly transmitRatio: number;
}

/** ENTITY-SENSOR-MIB entPhySensorType. */
export type SensorKind =
  | 'volts-ac'
  | 'amperes'
  | 'watts'
  | 'hertz'
  | 'celsius'
  | 'humidity'
  | 'rpm';

export interface SensorShape {
  readonly name: string;
  readonly kind: SensorKind;
  /** Digits after the point that the sensor reports: entPhySensorPrecision. */
  readonly digits: number;
  readonly mean: number;
  /** How much it moves, 0..1. */
  readonly swing: number;
}

export interface StorageShape {
  readonly name: string;
  readonly kind: 'ram' | 'virtual-memory' | 'fixed-disk';
  readonly sizeBytes: number;
  /** hrStorageAllocationUnits. */
  readonly unitBytes: number;
  /** Mean share in use, 0..1. */
  readonly usedRatio: number;
}

export interface UpsShape {
  readonly ratedVoltAmperes: number;
  readonly ratedWatts: number;
  readonly nominalVolts: number;
  /** Mean output load, 0..1 of the rating. */
  readonly loadRatio: number;
}

/** A port with something plugged in and light traffic both ways, unless `details` say otherwise. */
export function ethernetPort(
  name: string,
  speedMbps: number,
  details: Partial<Omit<PortShape, 'name' | 'speedMbps'>> = {},
): PortShape {
  return {
    name,
    alias: '',
    kind: 'ethernet',
    speedMbps,
    mtu: 1500,
    adminUp: true,
    connected: true,
    receiveRatio: 0.12,
    transmitRatio: 0.12,
    ...details,
  };
}

/** `count` names such as `Gi0/1`, `Gi0/2` … */
export function portNames(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${index + 1}`);
}
