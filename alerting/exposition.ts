import { TIERS } from '../config/model.ts';
import { type MetricDef, renderMetricHead, renderSample } from '../lib/metric-def.ts';
import { type EpochMs, SECOND } from '../lib/time.ts';
import { REOPEN_WITHIN_MS } from './apply-incident.ts';
import { deviceOfFault } from './fault-key.ts';
import { type Graph, graphOf, subjectOf } from './graph.ts';
import { sitesOf } from './incident-sites.ts';
import { isInMaintenance } from './maintenance.ts';
import {
  ALERTING_METRICS,
  DEVICE_STATE_VALUES,
  INCIDENT_STAGES,
  type IncidentStage,
} from './metrics.ts';
import { type DeviceState, type EngineState, type Incident, openedThisTimeAt } from './state.ts';
import { hasNoDevice, NO_SITE } from './subjects.ts';

/** Series of open incidents, which carry free text, are capped. */
const MOST_INCIDENT_SERIES = 200;
const DEVICES_A_PIECE = 500;

/** Prometheus text of everything the engine knows about devices, incidents and pages. */
export function* renderAlerting(
  state: EngineState,
  lastTickAt: EpochMs,
  now: EpochMs,
): Iterable<string> {
  const graph = state.topology === null ? null : graphOf(state.topology);
  if (graph !== null) {
    yield* deviceFamilies(state, graph, now);
    yield* linkFamily(graph);
    yield* powerPathFamily(graph);
  }
  yield* incidentFamilies(state, graph, now);
  yield* outboxFamilies(state, now);
  yield family(ALERTING_METRICS.engineTickTimestamp, [[[], lastTickAt / SECOND]]);
}

/** Where an incident stands, as its metrics and the console name it. */
function stageOf(incident: Incident): IncidentStage {
  if (incident.resolvedAt !== null) return 'restored';
  return incident.acknowledgedAt !== null ? 'acknowledged' : 'open';
}

type ShownState = keyof typeof DEVICE_STATE_VALUES;
const SHOWN_STATES = Object.keys(DEVICE_STATE_VALUES) as readonly ShownState[];

type Sample = readonly [labels: readonly string[], value: number];

function family(def: MetricDef, samples: readonly Sample[]): string {
  if (samples.length === 0) return '';
  return (
    renderMetricHead(def) +
    samples.map(([labels, value]) => renderSample(def, labels, value)).join('')
  );
}

function* deviceFamilies(state: EngineState, graph: Graph, now: EpochMs): Iterable<string> {
  const { deviceState, deviceFlapping } = ALERTING_METRICS;
  // Taken at once: a device may leave while its lines are still to come.
  const devices = [...state.devices.values()];
  const labelsOf = ({ deviceId }: DeviceState): readonly string[] => {
    const { siteId, role } = graph.devices.get(deviceId)!;
    return [deviceId, siteId, role];
  };
  const shown = new Map(
    devices.map(({ deviceId, health }): [string, ShownState] => [
      deviceId,
      isInMaintenance(graph, deviceId, now) ? 'maintenance' : health,
    ]),
  );
  yield* deviceFamily(deviceState, devices, (device) => [
    labelsOf(device),
    DEVICE_STATE_VALUES[shown.get(device.deviceId)!],
  ]);
  yield* siteFamilies(state, graph, shown);
  const flappingIds = new Set(
    [...state.flaps]
      .filter(([, flap]) => flap.flappingSince !== null)
      .map(([key]) => key.slice(0, key.indexOf('/'))),
  );
  yield* deviceFamily(deviceFlapping, devices, (device) => [
    labelsOf(device),
    flappingIds.has(device.deviceId) ? 1 : 0,
  ]);
}

/** The same by site, so that nobody need count ten thousand devices to draw one line. */
function* siteFamilies(
  state: EngineState,
  graph: Graph,
  shown: ReadonlyMap<string, ShownState>,
): Iterable<string> {
  const sites = new Map<string, Map<ShownState, number>>();
  for (const [deviceId, health] of shown) {
    const { siteId } = graph.devices.get(deviceId)!;
    const counts = sites.get(siteId) ?? new Map<ShownState, number>();
    sites.set(siteId, counts.set(health, (counts.get(health) ?? 0) + 1));
  }
  yield family(
    ALERTING_METRICS.siteDevices,
    [...sites].flatMap(([siteId, counts]) =>
      SHOWN_STATES.map((each): Sample => [[siteId, each], counts.get(each) ?? 0]),
    ),
  );
  yield family(
    ALERTING_METRICS.siteState,
    [...sites].map(([siteId, counts]) => [
      [siteId],
      Math.max(...[...counts.keys()].map((each) => DEVICE_STATE_VALUES[each])),
    ]),
  );
  const told = sitesOfToldOutages(state, graph);
  yield family(
    ALERTING_METRICS.siteOutageTold,
    [...sites].map(([siteId, counts]) => [
      [siteId],
      told.has(siteId) || counts.has('unreachable') ? 1 : 0,
    ]),
  );
}

/** Sites with a device whose being down an open incident tells of. */
function sitesOfToldOutages(state: EngineState, graph: Graph): ReadonlySet<string> {
  const told = new Set<string>();
  for (const id of state.openIncidentIds) {
    for (const key of state.incidents.get(id)!.members.keys()) {
      if (state.faults.get(key)?.kind !== 'device-down') continue;
      const device = graph.devices.get(deviceOfFault(key));
      if (device !== undefined) told.add(device.siteId);
    }
  }
  return told;
}

/** In pieces, for the same reason as the families of devices. */
function* linkFamily({ topology }: Graph): Iterable<string> {
  const { linkInfo } = ALERTING_METRICS;
  yield renderMetricHead(linkInfo);
  for (let from = 0; from < topology.devices.length; from += DEVICES_A_PIECE) {
    const lines = topology.devices.slice(from, from + DEVICES_A_PIECE).flatMap((device) => {
      const link = (source: string, kind: 'network' | 'power') =>
        renderSample(linkInfo, [source, device.id, kind, device.siteId], 1);
      const parents = new Set(device.parents.map(({ deviceId }) => deviceId));
      return [
        ...[...parents].map((parent) => link(parent, 'network')),
        ...device.powerFeeds.map((feed) => link(feed, 'power')),
      ];
    });
    yield lines.join('');
  }
}

function* powerPathFamily({ topology }: Graph): Iterable<string> {
  const { powerPath } = ALERTING_METRICS;
  const feedsOf = new Map(topology.devices.map(({ id, powerFeeds }) => [id, powerFeeds]));
  yield renderMetricHead(powerPath);
  for (let from = 0; from < topology.devices.length; from += DEVICES_A_PIECE) {
    const lines = topology.devices
      .slice(from, from + DEVICES_A_PIECE)
      .flatMap(({ id, siteId }) =>
        [...powerAbove(id, feedsOf)].map((source) =>
          renderSample(powerPath, [source, id, siteId], 1),
        ),
      );
    yield lines.join('');
  }
}

/** Every power system that a device hangs on, its feeds first; feeds that go round in a circle end. */
function powerAbove(
  deviceId: string,
  feedsOf: ReadonlyMap<string, readonly string[]>,
): ReadonlySet<string> {
  const above = new Set(feedsOf.get(deviceId));
  for (const system of above) {
    for (const feed of feedsOf.get(system) ?? []) above.add(feed);
  }
  above.delete(deviceId);
  return above;
}

/** In pieces, so that a large network is not rendered in one go. */
function* deviceFamily(
  def: MetricDef,
  devices: readonly DeviceState[],
  sampleOf: (device: DeviceState) => Sample,
): Iterable<string> {
  if (devices.length > 0) yield renderMetricHead(def);
  for (let from = 0; from < devices.length; from += DEVICES_A_PIECE) {
    const lines = devices.slice(from, from + DEVICES_A_PIECE).map((device) => {
      const [labels, value] = sampleOf(device);
      return renderSample(def, labels, value);
    });
    yield lines.join('');
  }
}

function* incidentFamilies(
  state: EngineState,
  graph: Graph | null,
  now: EpochMs,
): Iterable<string> {
  const sitesOfIncident = (incident: Incident) => sitesOf(incident, ownSiteOf(graph, incident));
  const siteOf = (incident: Incident) => sitesOfIncident(incident).siteId || NO_SITE;
  const current = [...state.incidents.values()].filter(
    (incident) => incident.resolvedAt === null || now - incident.resolvedAt <= REOPEN_WITHIN_MS,
  );
  const sites = new Set([NO_SITE]);
  const counts = new Map<string, number>();
  for (const incident of current) {
    sites.add(siteOf(incident));
    const key = `${incident.tier} ${stageOf(incident)} ${siteOf(incident)}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  yield family(
    ALERTING_METRICS.incidents,
    TIERS.flatMap((tier) =>
      INCIDENT_STAGES.flatMap((stage) =>
        [...sites].map(
          (site): Sample => [
            [String(tier), stage, site],
            counts.get(`${tier} ${stage} ${site}`) ?? 0,
          ],
        ),
      ),
    ),
  );
  const open = current
    .filter((incident) => incident.resolvedAt === null)
    .sort((a, b) => a.tier - b.tier || openedThisTimeAt(a) - openedThisTimeAt(b))
    .slice(0, MOST_INCIDENT_SERIES);
  yield family(
    ALERTING_METRICS.incidentInfo,
    open.map((each) => [infoLabels(each, causeOf(graph, each), siteOf(each)), 1]),
  );
  yield family(
    ALERTING_METRICS.incidentOpened,
    open.map((each) => [
      [each.id, String(each.tier), siteOf(each)],
      openedThisTimeAt(each) / SECOND,
    ]),
  );
  yield family(
    ALERTING_METRICS.incidentAffects,
    open.flatMap((each) =>
      sitesOfIncident(each).otherSiteIds.map(
        (site): Sample => [[each.id, String(each.tier), site], 1],
      ),
    ),
  );
  const running = open.filter((each) => each.acknowledgedAt === null);
  yield family(
    ALERTING_METRICS.incidentClockStart,
    running.map((each) => [[each.id, String(each.tier)], each.clockStartedAt / SECOND]),
  );
  yield family(
    ALERTING_METRICS.incidentDeadline,
    running.map((each) => [[each.id, String(each.tier)], each.acknowledgeBy / SECOND]),
  );
}

/** The site of what an incident is about; null where nothing tells it. */
function ownSiteOf(graph: Graph | null, { rootDeviceId }: Incident): string | null {
  return graph === null ? null : (subjectOf(graph, rootDeviceId)?.siteId ?? null);
}

/** The device; the name of what stands in its place where the cause is no device. */
function causeOf(graph: Graph | null, { rootDeviceId }: Incident): string {
  if (graph === null || !hasNoDevice(rootDeviceId)) return rootDeviceId;
  return subjectOf(graph, rootDeviceId)?.name ?? rootDeviceId;
}

function infoLabels(incident: Incident, cause: string, site: string): readonly string[] {
  return [
    incident.id,
    String(incident.tier),
    incident.evidence.sentence.en,
    incident.evidence.sentence['zh-CN'],
    cause,
    site,
    incident.acknowledgedBy ?? '',
    stageOf(incident),
    incident.evidence.ruleId,
  ];
}

function* outboxFamilies(state: EngineState, now: EpochMs): Iterable<string> {
  const counts = { queued: 0, sent: 0, abandoned: 0, cancelled: 0 };
  let oldestAt = now;
  for (const page of state.pages.values()) {
    counts[page.status] += 1;
    if (page.status === 'queued') oldestAt = Math.min(oldestAt, page.queuedAt);
  }
  yield family(
    ALERTING_METRICS.outboxPages,
    Object.entries(counts).map(([status, count]) => [[status], count]),
  );
  yield family(ALERTING_METRICS.outboxOldestAge, [[[], Math.max(0, now - oldestAt) / SECOND]]);
}
