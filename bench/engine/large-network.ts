import type { Engine } from '../../alerting/engine.ts';
import type { DomainEvent } from '../../alerting/events.ts';
import type { Input } from '../../alerting/inputs.ts';
import type { Topology, TopologyDevice } from '../../alerting/topology.ts';
import { topologyOf } from '../../alerting/topology-of.ts';
import type { Observation } from '../../collector/observation.ts';
import { loadConfig } from '../../config/load.ts';
import { NO_TEXT } from '../../lib/local-text.ts';
import type { EpochMs } from '../../lib/time.ts';

export const PARENT = 'parent';

const DEMO_FOLDER = new URL('../../config/demo/', import.meta.url).pathname;

/**
 * The rules, people and policies of the demo network around `count` access devices; the first
 * `behindParent` of them hang on one aggregation, the rest on nothing.
 */
export function largeTopology(count: number, behindParent: number): Topology {
  const { config } = loadConfig(DEMO_FOLDER, {});
  if (config === null) throw new Error('the demo configuration does not load');
  const demo = topologyOf(config);
  const find = (role: string) => demo.devices.find((device) => device.role === role)!;
  const alone = { parents: [], powerFeeds: [] };
  const devices: TopologyDevice[] = [
    { ...find('aggregation'), ...alone, id: PARENT, name: PARENT },
  ];
  for (let place = 0; place < count; place += 1) {
    const id = deviceName(place);
    const parents = place < behindParent ? [{ deviceId: PARENT, port: null }] : [];
    devices.push({ ...find('access'), ...alone, id, name: id, parents });
  }
  return { ...demo, devices, redundancyGroups: [] };
}

/** Id of access device `place`. */
export function deviceName(place: number): string {
  return `access-${place}`;
}

/** What a poll of a device told: that it answers, or nothing. */
export function observation(deviceId: string, isUp: boolean, at: EpochMs): Observation {
  return {
    deviceId,
    kind: 'full',
    outcome: isUp ? 'ok' : 'timeout',
    detail: NO_TEXT,
    startedAt: at,
    finishedAt: at,
    rttMs: isUp ? 1 : null,
    sysUpTimeTicks: null,
    conditions: isUp ? [] : null,
    unreadComponents: [],
  };
}

/** Hands over every queued page, as the sender does; gives what that led to. */
export function deliverPages(engine: Engine, now: EpochMs): readonly DomainEvent[] {
  const deliveries: Input[] = [];
  for (const page of engine.state.pages.values()) {
    if (page.status !== 'queued') continue;
    const attempt = page.attempts + 1;
    const delivery = { pageId: page.id, attempt, result: 'sent' as const, receipt: 'ok' };
    deliveries.push({ kind: 'delivery', delivery });
  }
  return deliveries.length === 0 ? [] : engine.tick(deliveries, now).events;
}
