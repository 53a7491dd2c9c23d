import { type Static, Type } from 'typebox';
import { graphOf } from '../alerting/graph.ts';
import { isInMaintenance } from '../alerting/maintenance.ts';
import { isPathLost } from '../alerting/paths.ts';
import type { EngineState } from '../alerting/state.ts';
import type { DeviceDetail } from '../collector/device-detail.ts';
import { OUTCOMES } from '../collector/observation.ts';
import { FORECAST_BASES, type PowerForecast, REPORT_DOUBTS } from '../collector/power-forecast.ts';
import type { Config, Device } from '../config/model.ts';
import { ROLE_NAMES } from '../config/role-names.ts';
import { type EpochMs, formatInstant, MINUTE } from '../lib/time.ts';
import { type Dependent, dependentsOf } from './dependents.ts';
import { parseFaultKey } from './incident-record.ts';
import { MOST_DEPENDENTS } from './limits.ts';
import { namesOf } from './names.ts';
import {
  HealthName,
  LocalTextSchema,
  NullableInstant,
  NullableNumber,
  NullableString,
  oneOf,
  RoleName,
} from './schemas.ts';

export const DeviceSummarySchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  siteId: Type.String(),
  siteName: Type.String(),
  role: RoleName,
  roleName: LocalTextSchema,
  address: Type.String(),
  health: HealthName,
  /** Since when the health holds; null before the first observation. */
  healthSince: NullableInstant,
  flapping: Type.Boolean(),
  /** Planned work covers the device now: it pages nobody anew. */
  inMaintenance: Type.Boolean(),
  openFaults: Type.Integer(),
});
export type DeviceSummary = Static<typeof DeviceSummarySchema>;

export const RelatedDeviceSchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  health: HealthName,
});

export const DependentSchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  health: HealthName,
  via: oneOf(['network', 'power']),
  /** It has another path or feed that does not lead through the cause. */
  hasOtherPath: Type.Boolean(),
});

const PortSchema = Type.Object({
  index: Type.Integer(),
  name: Type.String(),
  alias: Type.String(),
  adminStatus: Type.String(),
  operStatus: Type.String(),
  /** The number the device sent as ifOperStatus, where RFC 2863 declares no such state. */
  undeclaredOperStatus: NullableNumber,
  speedBps: NullableNumber,
  receiveBps: NullableNumber,
  transmitBps: NullableNumber,
});

const SourceSchema = Type.Object({
  oid: Type.String(),
  /** Symbolic name of the object. */
  object: Type.String(),
  profile: Type.String(),
  title: Type.String(),
  class: NullableString,
  unit: NullableString,
  /** What the device sent. */
  raw: Type.Union([Type.Number(), Type.String(), Type.Null()]),
  /** Factor to the value, where it is another one than the MIB declares. */
  otherScale: NullableNumber,
  /** As the device itself judges it: 0 good, 1 warning, 2 critical, 3 unknown; null: it does not. */
  grade: NullableNumber,
  stateText: NullableString,
});

const ReadingSchema = Type.Object({
  component: Type.String(),
  metric: Type.String(),
  labels: Type.Record(Type.String(), Type.String()),
  value: Type.Number(),
  /** The number the device sent for a state that its profile does not declare. */
  undeclaredState: NullableNumber,
  /** Where it comes from; null: computed from several. */
  source: Type.Union([SourceSchema, Type.Null()]),
});

/** Minutes until the load goes dark: while on battery from now on, else if the mains failed now. */
const ForecastSchema = Type.Object({
  onBattery: Type.Boolean(),
  lowMinutes: Type.Number(),
  likelyMinutes: Type.Number(),
  highMinutes: Type.Number(),
  basis: oneOf([...FORECAST_BASES]),
  /** What the system itself reports; null: nothing. */
  reportedMinutes: NullableNumber,
  /** Why that does not count: it stands still, or the battery runs down faster; null: it counts, or there is none. */
  reportDoubt: Type.Union([oneOf([...REPORT_DOUBTS]), Type.Null()]),
});

/** What the last polls told; null in `GET /devices/:id` when the collector does not know the device yet. */
export const ObservedSchema = Type.Object({
  sysName: NullableString,
  sysDescr: NullableString,
  sysObjectId: NullableString,
  profiles: Type.Array(Type.Object({ id: Type.String(), reason: LocalTextSchema })),
  uptimeSeconds: NullableNumber,
  lastPollAt: NullableInstant,
  lastOutcome: Type.Unsafe<(typeof OUTCOMES)[number] | null>({
    type: ['string', 'null'],
    enum: [...OUTCOMES, null],
  }),
  /** Why the last poll failed or what it could not read; blank when all is well. */
  lastDetail: LocalTextSchema,
  rttMs: NullableNumber,
  /** The configuration accepts replies from other addresses than the device's. */
  replyFromAnyAddress: Type.Boolean(),
  /** Replies that came from elsewhere and were ignored; the last one's address and port. */
  strayReplies: Type.Object({ count: Type.Integer(), lastFrom: NullableString }),
  /** The SNMPv3 engine that answers, and ids of other devices that answer with the same engine id. */
  snmpEngine: Type.Union([
    Type.Object({ id: Type.String(), sharedWith: Type.Array(Type.String()) }),
    Type.Null(),
  ]),
  ports: Type.Array(PortSchema),
  readings: Type.Array(ReadingSchema),
  /** Of a power system; null: it is none, or does not tell. */
  forecast: Type.Union([ForecastSchema, Type.Null()]),
});

/** One line of the device list. */
export function viewDevice(
  device: Device,
  state: EngineState,
  config: Config,
  flapping: ReadonlySet<string>,
  now: EpochMs,
): DeviceSummary {
  const live = state.devices.get(device.id);
  return {
    id: device.id,
    name: device.name,
    siteId: device.siteId,
    siteName: namesOf(config).site(device.siteId),
    role: device.role,
    roleName: ROLE_NAMES[device.role],
    address: device.address,
    health: live?.health ?? 'unknown',
    healthSince: live ? formatInstant(live.healthSince) : null,
    flapping: flapping.has(device.id),
    inMaintenance:
      state.topology !== null && isInMaintenance(graphOf(state.topology), device.id, now),
    openFaults: live?.faultKeys.size ?? 0,
  };
}

/** Devices of which some fault comes and goes too often to page each time. */
export function flappingDevices(state: EngineState): ReadonlySet<string> {
  const flapping = [...state.flaps].filter(([, flap]) => flap.flappingSince !== null);
  return new Set(flapping.map(([faultKey]) => parseFaultKey(faultKey).deviceId));
}

/** A device named by another one, with its health; `unknown` when it was never observed. */
export function viewRelated(id: string, state: EngineState, config: Config) {
  return {
    id,
    name: namesOf(config).device(id),
    health: state.devices.get(id)?.health ?? ('unknown' as const),
  };
}

/** A device that hangs on another one, with its health and whether it has another path. */
export function viewDependent({ device, via, hasOtherPath }: Dependent, state: EngineState) {
  const health = state.devices.get(device.id)?.health ?? ('unknown' as const);
  return { id: device.id, name: device.name, health, via, hasOtherPath };
}

/** What hangs on a device, or on one port of it when `port` is given; nearest first, at most `MOST_DEPENDENTS`. */
export function viewDependents(
  config: Config,
  state: EngineState,
  id: string,
  port: string | null,
) {
  const dependents = dependentsOf(config, id, port, (link) => isPathLost(state, link)).slice(
    0,
    MOST_DEPENDENTS,
  );
  return dependents.map((dependent) => viewDependent(dependent, state));
}

function viewForecast(forecast: PowerForecast): Static<typeof ForecastSchema> {
  const minutes = (durationMs: number) => Math.floor(durationMs / MINUTE);
  return {
    onBattery: forecast.onBattery,
    lowMinutes: minutes(forecast.lowMs),
    likelyMinutes: minutes(forecast.likelyMs),
    highMinutes: minutes(forecast.highMs),
    basis: forecast.basis,
    reportedMinutes: forecast.reportedMs === null ? null : minutes(forecast.reportedMs),
    reportDoubt: forecast.reportDoubt,
  };
}

/** What the last polls of a device told, with instants as RFC 3339. */
export function viewObserved(detail: DeviceDetail): Static<typeof ObservedSchema> {
  const {
    deviceId: _,
    lastPollAt,
    profiles,
    ports,
    readings,
    snmpEngine,
    forecast,
    ...rest
  } = detail;
  return {
    ...rest,
    lastPollAt: lastPollAt === null ? null : formatInstant(lastPollAt),
    snmpEngine: snmpEngine && { id: snmpEngine.id, sharedWith: [...snmpEngine.sharedWith] },
    profiles: profiles.map((profile) => ({ ...profile })),
    ports: ports.map((port) => ({ ...port })),
    forecast: forecast && viewForecast(forecast),
    readings: readings.map((reading) => ({
      ...reading,
      labels: { ...reading.labels },
      source: reading.source && { ...reading.source },
    })),
  };
}
