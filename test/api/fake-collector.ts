import type { CollectorView, DeviceDetail, PortDetail } from '../../collector/device-detail.ts';
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

function reading(component: string, metric: string, value: number) {
  return { component, metric, labels: { sensor: component }, value, undeclaredState: null };
}

/** A collector that has polled everything once; `texts` replaces what the devices say of themselves. */
export function fakeCollector(
  getConfig: () => Config,
  polledAt: number,
  texts: Partial<
    Pick<
      DeviceDetail,
      'sysName' | 'sysDescr' | 'lastDetail' | 'replyFromAnyAddress' | 'strayReplies' | 'snmpEngine'
    >
  > & {
    portAlias?: string;
    /** Of the first port, and of the last reading. */
    undeclared?: number;
  } = {},
): CollectorView {
  const has = (id: string) => getConfig().devices.some((device) => device.id === id);
  return {
    detail: (deviceId) =>
      has(deviceId)
        ? {
            deviceId,
            sysName: texts.sysName ?? deviceId,
            sysDescr: texts.sysDescr ?? 'Example Networks Router, version 7.2',
            sysObjectId: '1.3.6.1.4.1.99999.1',
            profiles: [{ id: 'if-mib', reason: say('every device', '所有设备') }],
            uptimeSeconds: 1_234_567,
            lastPollAt: polledAt,
            lastOutcome: 'ok',
            lastDetail: texts.lastDetail ?? NO_TEXT,
            rttMs: 4.2,
            replyFromAnyAddress: texts.replyFromAnyAddress ?? false,
            strayReplies: texts.strayReplies ?? { count: 0, lastFrom: null },
            snmpEngine: texts.snmpEngine ?? null,
            ports: [
              {
                ...PORT,
                alias: texts.portAlias ?? PORT.alias,
                ...(texts.undeclared === undefined
                  ? {}
                  : { operStatus: 'unknown', undeclaredOperStatus: texts.undeclared }),
              },
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
            ],
            readings: deviceId.startsWith('ups')
              ? [
                  reading('battery', 'threenines_power_charge_ratio', 0.62),
                  reading('battery', 'threenines_power_runtime_seconds', 1740),
                  reading('output', 'threenines_power_load_ratio', 0.41),
                  ...(texts.undeclared === undefined
                    ? []
                    : [
                        {
                          ...reading('output', 'threenines_power_state', 3),
                          undeclaredState: texts.undeclared,
                        },
                      ]),
                ]
              : [
                  reading('Inlet', 'threenines_sensor_celsius', 27.5),
                  reading('CPU', 'threenines_processor_load_ratio', 0.18),
                ],
          }
        : null,
    explain: (deviceId) => (has(deviceId) ? fakePlan(deviceId, polledAt) : null),
    renderDevice: (id) => (has(id) ? `threenines_device_up{device="${id}"} 1\n` : null),
    renderSnmp: (id, modules) =>
      has(id) ? modules.map((name) => `polled{module="${name}"} 1\n`) : null,
    renderAll: () => [Buffer.from('threenines_device_up 1\n')],
  };
}
