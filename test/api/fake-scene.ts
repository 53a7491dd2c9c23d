import { say } from '../../lib/local-text.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import { addIncident } from './fake-incidents.ts';
import type { FakeService } from './fake-service.ts';

const TEXTS = {
  fan: say('fan 2 has stopped', '风扇 2 已停转'),
  silence: say('no answer to 3 polls', '3 次轮询无应答'),
  supply: say('power supply 1 reports failed', '电源模块 1 报告故障'),
  disk: say('disk root is 91 % full', '磁盘 root 已用 91 %'),
  battery: say('on battery, 29 minutes left', '由电池供电，剩余 29 分钟'),
};

/** A network in trouble: four tiers open, one of them acknowledged, one breached, two over. */
export async function playScene(service: FakeService): Promise<void> {
  const now = service.deps.clock.now();
  service.state.startedAt = now - 180 * MINUTE;
  service.state.leaseAt = now - 4 * SECOND;
  for (const { id } of service.config.devices) service.setHealth(id, 'up', now - 170 * MINUTE);
  const behind = [1, 2, 3, 4].map((number) => `access-harbour-${number}`);
  for (const id of [...behind, 'ups-harbour'])
    service.setHealth(id, 'unreachable', now - 9 * MINUTE);
  service.setHealth('agg-harbour', 'down', now - 9 * MINUTE);
  service.setHealth('ups-hill', 'degraded', now - 22 * MINUTE);
  service.setHealth('core-2', 'degraded', now - 34 * MINUTE);
  service.setHealth('access-station-3', 'down', now - 71 * MINUTE);
  service.setHealth('dns-1', 'unknown', now - 3 * MINUTE);

  await addIncident(service, {
    ...{ number: 1, tier: 3, rootFaultKey: 'agg-station/fan:2/fan', archived: true },
    ...{ text: TEXTS.fan, openedAt: now - 160 * MINUTE, resolvedAt: now - 120 * MINUTE },
    because: {
      en: 'a redundant part of aggregation agg-station failed',
      'zh-CN': '汇聚设备 agg-station 的冗余部件失效',
    },
    acknowledgedBy: 'duty-second',
  });
  await addIncident(service, {
    ...{ number: 2, tier: 4, rootFaultKey: 'access-station-3/*/device-down' },
    ...{ text: TEXTS.silence, openedAt: now - 71 * MINUTE },
    because: {
      en: 'one access device of Station road is down',
      'zh-CN': 'Station road 有 1 台接入设备中断',
    },
  });
  await addIncident(service, {
    ...{ number: 3, tier: 3, rootFaultKey: 'core-2/psu:1/power-supply' },
    ...{ text: TEXTS.supply, openedAt: now - 34 * MINUTE },
    because: {
      en: 'core core-2 lost a redundant power supply',
      'zh-CN': '核心设备 core-2 失去一路冗余电源',
    },
    acknowledgedBy: 'shift-lead',
  });
  await addIncident(service, {
    ...{ number: 4, tier: 4, rootFaultKey: 'dns-1/disk:root/storage-full' },
    ...{ text: TEXTS.disk, openedAt: now - 50 * MINUTE, resolvedAt: now - 20 * MINUTE },
    because: { en: 'storage of server dns-1 is 91 % full', 'zh-CN': '服务器 dns-1 存储已用 91 %' },
  });
  await addIncident(service, {
    ...{ number: 5, tier: 2, rootFaultKey: 'ups-hill/battery/on-battery' },
    ...{ text: TEXTS.battery, openedAt: now - 13 * MINUTE - 20 * SECOND },
    because: {
      en: 'aggregation site Hill runs on battery with 29 minutes left',
      'zh-CN': '汇聚站点 Hill 由电池供电，剩余 29 分钟',
    },
  });
  await addIncident(service, {
    ...{ number: 6, tier: 1, rootFaultKey: 'agg-harbour/*/device-down' },
    ...{ text: TEXTS.silence, openedAt: now - 8 * MINUTE - 10 * SECOND },
    because: {
      en: 'aggregation agg-harbour has no redundant path, 5 devices unreachable behind it',
      'zh-CN': '汇聚设备 agg-harbour 无冗余路径，其后 5 台设备不可达',
    },
    behind: behind.map((id) => `${id}/*/device-down`),
  });
}
