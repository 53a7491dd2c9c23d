import type {
  CollectorView,
  DeviceDetail,
  PortDetail,
  ReadingDetail,
} from '../../collector/device-detail.ts';
import type { Config } from '../../config/model.ts';
import { NO_TEXT, say } from '../../lib/local-text.ts';
import { fakePlan } from './fake-plan.ts';

const PORT: PortDetail = {
  index: 1,
  name: 'Te1/1',
  alias: 'to core',
  adminStatus: 'up',
  operStatus: 'up',
  undeclaredOperStatus: null,
  speedBps: 10_000_000_000,
  receiveBps: 1_240_000_000,
  transmitBps: 310_500_000,
};

function reading(component: string, metric: string, value: number): ReadingDetail {
  return {
    component,
    metric,
    labels: { sensor: component },
    value,
    undeclaredState: null,
    source: null,
  };
}

/** What devices say of themselves, and how they are reached, where it is not the usual. */
interface Said
  extends Partial<
    Pick<
      DeviceDetail,
      | 'sysName'
      | 'sysDescr'
      | 'forecast'
      | 'lastDetail'
      | 'replyFromAnyAddress'
      | 'strayReplies'
      | 'snmpEngine'
    >
  > {
  readonly portAlias?: string;
  /** A state of the first port, and of a power system, that nobody declared. */
  readonly undeclared?: number;
}

/** A collector that has polled everything once; `said` replaces what the devices say of themselves. */
export function fakeCollector(
  getConfig: () => Config,
  polledAt: number,
  said: Said = {},
): CollectorView {
  const has = (id: string) => getConfig().devices.some((device) => device.id === id);
  return {
    detail: (deviceId) => (has(deviceId) ? fakeDetail(deviceId, polledAt, said) : null),
    explain: (deviceId) => (has(deviceId) ? fakePlan(deviceId, polledAt) : null),
    renderDevice: (id) => (has(id) ? `threenines_device_up{device="${id}"} 1\n` : null),
    renderSnmp: (id, modules) =>
      has(id) ? modules.map((name) => `polled{module="${name}"} 1\n`) : null,
    isHeard: () => true,
    renderAll: () => [Buffer.from('threenines_device_up 1\n')],
  };
}

function fakeDetail(deviceId: string, polledAt: number, said: Said): DeviceDetail {
  return {
    deviceId,
    sysName: said.sysName ?? deviceId,
    sysDescr: said.sysDescr ?? 'Example Networks Router, version 7.2',
    sysObjectId: '1.3.6.1.4.1.99999.1',
    profiles: [{ id: 'if-mib', reason: say('every device', '所有设备') }],
    uptimeSeconds: 1_234_567,
    lastPollAt: polledAt,
    lastOutcome: 'ok',
    lastDetail: said.lastDetail ?? NO_TEXT,
    rttMs: 4.2,
    replyFromAnyAddress: said.replyFromAnyAddress ?? false,
    strayReplies: said.strayReplies ?? { count: 0, lastFrom: null },
    snmpEngine: said.snmpEngine ?? null,
    ports: fakePorts(said),
    readings: deviceId.startsWith('ups') ? fakePower(said) : FAKE_SENSORS,
    forecast: said.forecast ?? null,
  };
}

function fakePorts({ portAlias, undeclared }: Said): PortDetail[] {
  const first: PortDetail = { ...PORT, alias: portAlias ?? PORT.alias };
  return [
    undeclared === undefined
      ? first
      : { ...first, operStatus: 'unknown', undeclaredOperStatus: undeclared },
    ...[2, 3, 4].map((index) => ({
      ...PORT,
      index,
      name: `Gi0/${index}`,
      alias: '',
      operStatus: index === 4 ? ('down' as const) : ('up' as const),
      speedBps: 1_000_000_000,
      receiveBps: index === 4 ? null : 12_000_000 * index,
      transmitBps: index === 4 ? null : 3_100_000 * index,
    })),
  ];
}

function fakePower({ undeclared }: Said): ReadingDetail[] {
  const readings: ReadingDetail[] = [
    reading('battery', 'threenines_power_charge_ratio', 0.62),
    reading('battery', 'threenines_power_runtime_seconds', 1740),
    reading('output', 'threenines_power_load_ratio', 0.41),
  ];
  if (undeclared === undefined) return readings;
  const state = reading('output', 'threenines_power_state', 3);
  return [...readings, { ...state, undeclaredState: undeclared }];
}

const FAKE_SENSORS: readonly ReadingDetail[] = [
  reading('Inlet', 'threenines_sensor_celsius', 27.5),
  reading('CPU', 'threenines_processor_load_ratio', 0.18),
];
