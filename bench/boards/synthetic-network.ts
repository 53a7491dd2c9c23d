import type { Topology, TopologyDevice } from '../../alerting/topology.ts';
import { topologyOf } from '../../alerting/topology-of.ts';
import {
  baseLabelText,
  renderDeviceExposition,
  type ShownDevice,
} from '../../collector/exposition.ts';
import { makeSample, type Sample } from '../../collector/sample.ts';
import { loadConfig } from '../../config/load.ts';
import type { Role } from '../../config/model.ts';
import { SECOND } from '../../lib/time.ts';
import { PORT_METRICS } from '../exposition/series.ts';

/** One device of the network that the boards are asked about. */
export interface BenchDevice {
  readonly id: string;
  readonly siteId: string;
  readonly role: Role;
  readonly parentId: string | null;
  readonly ports: number;
}

const DEVICES_A_SITE = 100;
const LARGE_SWITCHES = 5;
const PORTS = { aggregation: 48, switch: 24, access: 2, power: 0 } as const;
const METRIC_PREFIX = 'threenines_'.length;
const CASTS = ['unicast', 'multicast', 'broadcast'];
const GIGABIT_BYTES = 125_000_000;
const DEMO_FOLDER = new URL('../../config/demo/', import.meta.url).pathname;

/**
 * Sites of a hundred devices: an aggregation with 48 ports, five switches with 24, a UPS, and access
 * gear with two ports for the rest, all behind the aggregation of their site.
 */
export function benchDevices(count: number): BenchDevice[] {
  return Array.from({ length: count }, (_, place) => {
    const siteId = `site-${Math.floor(place / DEVICES_A_SITE)}`;
    const inSite = place % DEVICES_A_SITE;
    const parentId = `${siteId}-0`;
    const id = `${siteId}-${inSite}`;
    if (inSite === 0)
      return { id, siteId, role: 'aggregation', parentId: null, ports: PORTS.aggregation };
    if (inSite === 1) return { id, siteId, role: 'power', parentId, ports: PORTS.power };
    const ports = inSite < 2 + LARGE_SWITCHES ? PORTS.switch : PORTS.access;
    return { id, siteId, role: 'access', parentId, ports };
  });
}

/** The rules and people of the demo network, with these devices; each site hangs on its own UPS. */
export function benchTopology(devices: readonly BenchDevice[]): Topology {
  const { config } = loadConfig(DEMO_FOLDER, {});
  if (config === null) throw new Error('the demo configuration does not load');
  const demo = topologyOf(config);
  const model = demo.devices[0]!;
  const siteIds = [...new Set(devices.map(({ siteId }) => siteId))];
  return {
    ...demo,
    redundancyGroups: [],
    links: [],
    maintenanceWindows: [],
    sites: siteIds.map((id) => ({ ...demo.sites[0]!, id, name: id })),
    devices: devices.map(({ id, siteId, role, parentId }): TopologyDevice => {
      const isFed = role === 'aggregation';
      return {
        ...model,
        id,
        name: id,
        siteId,
        role,
        parents: parentId === null ? [] : [{ deviceId: parentId, port: null }],
        powerFeeds: isFed ? [`${siteId}-1`] : [],
      };
    }),
  };
}

/** What a scrape shows of each device that answers, after so many full polls a minute apart. */
export function shownDevices(
  devices: readonly BenchDevice[],
  isUp: (device: BenchDevice) => boolean,
  polls: number,
): ShownDevice[] {
  return devices.map((device, place) => {
    const baseLabels = baseLabelText(device);
    const answers = isUp(device);
    return {
      baseLabels,
      isUp: answers,
      rttMs: 2 + (place % 40),
      uptimeSeconds: 1_000_000 + polls * 60,
      readings: answers
        ? renderDeviceExposition(samplesOf(device, place, polls), baseLabels)
        : null,
      readingsUntilMs: Number.POSITIVE_INFINITY,
      answeredMs: 0,
      engineId: null,
      engineTime: null,
    };
  });
}

/** Series with names that boards ask for, and values that move as real ones do. */
function samplesOf(device: BenchDevice, place: number, polls: number): Iterable<Sample> {
  const samples: (Sample | null)[] = [
    makeSample('device_info', { vendor: 'v', model: 'm', os: '1', profile: 'if-mib' }, 1),
    makeSample('cpu_utilization_ratio', { cpu: '0' }, wave(place, polls)),
    makeSample('memory_used_bytes', {}, wave(place + 1, polls) * 1e9),
    makeSample('memory_size_bytes', {}, 1e9),
    makeSample('sensor_celsius', { sensor: 'inlet' }, 20 + 10 * wave(place + 2, polls)),
    makeSample('component_state', { component: 'psu 1', kind: 'psu' }, 0),
  ];
  if (device.role === 'power') {
    samples.push(
      makeSample('power_on_battery', {}, 0),
      makeSample('power_runtime_seconds', {}, 3600),
      makeSample('power_charge_ratio', {}, 1),
      makeSample('power_load_ratio', { line: '1' }, wave(place, polls)),
      makeSample('power_battery_celsius', {}, 25),
      makeSample('power_input_volts', { line: '1' }, 230),
    );
  }
  for (let port = 1; port <= device.ports; port += 1) {
    samples.push(...portSamples(`Gi0/${port}`, place + port, polls));
  }
  return samples.filter((sample) => sample !== null);
}

function portSamples(if_name: string, seed: number, polls: number): (Sample | null)[] {
  const names = { if_name, if_alias: `to room ${seed % 100}`, if_index: String(seed % 1000) };
  return [
    makeSample('interface_info', names, 1),
    ...PORT_METRICS.map(({ name }) => {
      const short = name.slice(METRIC_PREFIX);
      return makeSample(short, names, portValue(short, seed, polls));
    }),
    ...['receive', 'transmit'].flatMap((direction) =>
      CASTS.map((cast) =>
        makeSample(
          `interface_${direction}_packets_total`,
          { if_name, cast },
          polls * (10_000 + (seed % 997)),
        ),
      ),
    ),
  ];
}

function portValue(name: string, seed: number, polls: number): number {
  if (name.endsWith('_status')) return 1;
  if (name.endsWith('_speed_bytes_per_second')) return GIGABIT_BYTES;
  if (name.endsWith('_ratio')) return wave(seed, polls);
  if (name.endsWith('_bytes_total')) return polls * (60 * 1_000_000 + (seed % 9_973) * 1_000);
  return seed % 50 === 0 ? polls : 0;
}

/** Between 0 and 1, another one each minute. */
function wave(seed: number, polls: number): number {
  return ((seed * 31 + polls * 7) % 1_000) / 1_000;
}

/** How long a minute's poll is apart from the next. */
export const STEP_MS = 60 * SECOND;
