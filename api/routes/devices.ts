import { Type } from 'typebox';
import { darkOrder } from '../../alerting/dark-order.ts';
import { HEALTH_STATES, type Health } from '../../alerting/events.ts';
import type { PowerForecast } from '../../collector/power-forecast.ts';
import type { ProbeDetail } from '../../collector/probes/prober.ts';
import type { Device } from '../../config/model.ts';
import { formatInstant, MINUTE } from '../../lib/time.ts';
import type { ApiApp, RouteContext } from '../api-app.ts';
import {
  DependentSchema,
  DeviceSummarySchema,
  flappingDevices,
  ObservedSchema,
  RelatedDeviceSchema,
  viewDependents,
  viewDevice,
  viewObserved,
  viewRelated,
} from '../device-view.ts';
import { parseFaultKey } from '../incident-record.ts';
import { IncidentSummarySchema, viewIncident } from '../incident-view.ts';
import { namesOf } from '../names.ts';
import { problem, sendProblem } from '../problem.ts';
import {
  Id,
  IdParams,
  Instant,
  listOf,
  NullableNumber,
  NullableString,
  oneOf,
  PageQuery,
  PROBLEMS,
  RoleName,
} from '../schemas.ts';

/** Most devices that are listed as going dark. */
const MOST_DARK_DEVICES = 200;

const DeviceQuery = Type.Object({
  ...PageQuery,
  site: Type.Optional(Id),
  role: Type.Optional(RoleName),
  /** `not-up`: any state but up. */
  health: Type.Optional(oneOf([...HEALTH_STATES, 'not-up'])),
  /** Part of the id, name or address; letter case does not matter. */
  q: Type.Optional(Type.String({ maxLength: 100 })),
});

const ParentSchema = Type.Object({ ...RelatedDeviceSchema.properties, port: NullableString });

const DarkDeviceSchema = Type.Object({
  ...RelatedDeviceSchema.properties,
  /** From now, or from when the mains fail; null: it lives on by `keptBy`. */
  minutes: NullableNumber,
  keptBy: Type.Array(Id),
});

const StandardsSchema = Type.Object({
  lossRatio: NullableNumber,
  roundTripMs: NullableNumber,
  jitterMs: NullableNumber,
});

const ProbeSchema = Type.Object({
  /** `icmp`, or `snmp` where there is no fping: then these are the round trips of polls. */
  probe: oneOf(['icmp', 'snmp']),
  at: Instant,
  ...StandardsSchema.properties,
  standards: StandardsSchema,
  /** Of `loss`, `round-trip`, `jitter`. */
  broken: Type.Array(Type.String()),
});

const DeviceDetailSchema = Type.Object({
  ...DeviceSummarySchema.properties,
  tags: Type.Array(Type.String()),
  parents: Type.Array(ParentSchema),
  powerFeeds: Type.Array(RelatedDeviceSchema),
  dependents: Type.Array(DependentSchema),
  /** What a power system feeds, in the order in which it dies; empty when it does not tell how long it lasts. */
  darkOrder: Type.Array(DarkDeviceSchema),
  incidents: Type.Array(IncidentSummarySchema),
  /** null: there are no probes, or none yet. */
  probe: Type.Union([ProbeSchema, Type.Null()]),
  observed: Type.Union([ObservedSchema, Type.Null()]),
});

const listSchema = {
  operationId: 'listDevices',
  tags: ['devices'],
  summary: 'Devices in order of id',
  querystring: DeviceQuery,
  response: { 200: listOf(DeviceSummarySchema), ...PROBLEMS },
};

const detailSchema = {
  operationId: 'getDevice',
  tags: ['devices'],
  summary: 'One device: state, what the last polls told, its place in the network',
  params: IdParams,
  response: { 200: DeviceDetailSchema, ...PROBLEMS },
};

/** `GET /api/v1/devices` by cursor, and one device with everything known of it; 404 when it is not configured. */
export function deviceRoutes(app: ApiApp, context: RouteContext): void {
  app.get('/api/v1/devices', { schema: listSchema }, async ({ query }) => {
    const config = context.getConfig();
    const flapping = flappingDevices(context.host.state);
    const matches = matcher(query);
    const found = sortedDevices(config.devices)
      .filter((device) => query.cursor === undefined || device.id > query.cursor)
      .filter(matches)
      .map((device) =>
        viewDevice(device, context.host.state, config, flapping, context.clock.now()),
      )
      .filter(({ health }) => isWanted(health, query.health));
    const items = found.slice(0, query.limit);
    return { items, nextCursor: found.length > items.length ? items.at(-1)!.id : null };
  });

  app.get('/api/v1/devices/:id', { schema: detailSchema }, async ({ params }, reply) => {
    const device = namesOf(context.getConfig()).devices.get(params.id);
    if (device === undefined)
      return sendProblem(reply, problem(404, 'There is no device of that id.'));
    return viewDeviceDetail(device, context);
  });
}

function isWanted(health: Health, wanted: Health | 'not-up' | undefined): boolean {
  return wanted === undefined || (wanted === 'not-up' ? health !== 'up' : health === wanted);
}

/** Every power system on the way is asked how long it lasts by itself. */
async function viewDarkOrder(
  device: Device,
  forecast: PowerForecast | null,
  { getConfig, collector, host }: RouteContext,
) {
  if (forecast === null) return [];
  const config = getConfig();
  const systems = config.devices.filter(({ role, id }) => role === 'power' && id !== device.id);
  const fed = new Set(config.devices.flatMap(({ powerFeeds }) => powerFeeds));
  const lasting = new Map<string, number>();
  for (const { id } of systems.filter((system) => fed.has(system.id))) {
    const other = (await collector.detail(id))?.forecast ?? null;
    if (other !== null) lasting.set(id, other.likelyMs / MINUTE);
  }
  const minutesLeft = forecast.likelyMs / MINUTE;
  const order = darkOrder(config.devices, device.id, minutesLeft, (id) => lasting.get(id) ?? null);
  return order.slice(0, MOST_DARK_DEVICES).map(({ id, minutes, keptBy }) => ({
    ...viewRelated(id, host.state, config),
    minutes: minutes === null ? null : Math.floor(minutes),
    keptBy: [...keptBy],
  }));
}

function viewProbe(detail: ProbeDetail | null) {
  if (detail === null) return null;
  const { probe, at, quality, standards, broken } = detail;
  return {
    probe,
    at: formatInstant(at),
    ...quality,
    standards: { ...standards },
    broken: [...broken],
  };
}

async function viewDeviceDetail(device: Device, context: RouteContext) {
  const observed = await context.collector.detail(device.id);
  const config = context.getConfig();
  const { state } = context.host;
  const now = context.clock.now();
  return {
    ...viewDevice(device, state, config, flappingDevices(state), now),
    tags: [...device.tags],
    parents: device.parents.map((link) => ({
      ...viewRelated(link.deviceId, state, config),
      port: link.port,
    })),
    powerFeeds: device.powerFeeds.map((id) => viewRelated(id, state, config)),
    dependents: viewDependents(config, state, device.id, null),
    darkOrder: await viewDarkOrder(device, observed?.forecast ?? null, context),
    incidents: context.archive
      .live()
      .filter(({ members }) =>
        [...members.keys()].some((key) => parseFaultKey(key).deviceId === device.id),
      )
      .map((record) => viewIncident(record, config, state, now)),
    probe: viewProbe(context.probes?.of(device.id) ?? null),
    observed: observed && viewObserved(observed),
  };
}

const sortedByList = new WeakMap<readonly Device[], readonly Device[]>();

function sortedDevices(devices: readonly Device[]): readonly Device[] {
  const known = sortedByList.get(devices);
  if (known) return known;
  const sorted = devices.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  sortedByList.set(devices, sorted);
  return sorted;
}

function matcher(query: { site?: string; role?: string; q?: string }) {
  const wanted = query.q?.trim().toLowerCase() ?? '';
  return (device: Device) =>
    (query.site === undefined || device.siteId === query.site) &&
    (query.role === undefined || device.role === query.role) &&
    (wanted === '' ||
      [device.id, device.name, device.address].some((text) => text.toLowerCase().includes(wanted)));
}
