import type { Config, Device, Person } from '../config/model.ts';
import { MINUTE } from '../lib/time.ts';
import { withServiceRules } from './service-faults.ts';
import type { Topology, TopologyDevice, TopologyPerson } from './topology.ts';

/** Without an observation for this many heartbeats, and at least a minute, a device is not observed. */
const STALE_HEARTBEATS = 6;

/** The part of the configuration that the engine decides by, without addresses and secrets. */
export function topologyOf(config: Config): Topology {
  const isAllLocal = config.devices.every(({ address }) => isLoopback(address));
  return {
    devices: config.devices.map((device) => topologyDevice(device, isAllLocal)),
    sites: config.sites,
    links: config.links,
    redundancyGroups: config.redundancyGroups,
    people: config.people.map(topologyPerson),
    teams: config.teams,
    schedules: config.schedules,
    catchAll: config.catchAll,
    delivery: config.delivery,
    channels: config.channels.map(({ id, kind }) => ({ id, kind })),
    escalationPolicies: config.escalationPolicies,
    tiers: config.tiers,
    gradingRules: withServiceRules(config.gradingRules),
    ...(config.authorities === undefined ? {} : { authorities: config.authorities }),
    ...(config.workCalendars === undefined ? {} : { workCalendars: config.workCalendars }),
    maintenanceWindows: config.maintenanceWindows,
    flapping: config.flapping,
    targetPpm: config.objective.targetPpm,
    timeZone: config.service.timeZone,
  };
}

/** 127.0.0.0/8, RFC 1122 §3.2.1.3; ::1, RFC 4291 §2.5.3. */
function isLoopback(address: string): boolean {
  return address.startsWith('127.') || address === '::1' || address === 'localhost';
}

function topologyPerson(person: Person): TopologyPerson {
  const { id, name, language, timeZone, contacts, quietHours, answersAll, approvesReviews } =
    person;
  return {
    ...{ id, name, language, timeZone },
    channelIds: contacts.map((contact) => contact.channelId),
    quietHours,
    ...(answersAll === true ? { answersAll } : {}),
    ...(approvesReviews === true ? { approvesReviews } : {}),
  };
}

function topologyDevice(device: Device, isAllLocal: boolean): TopologyDevice {
  const { polling, commissionedAt, retiredAt } = device;
  return {
    id: device.id,
    name: device.name,
    siteId: device.siteId,
    role: device.role,
    parents: device.parents,
    powerFeeds: device.powerFeeds,
    tags: device.tags,
    customers: device.customers,
    keyCustomers: device.keyCustomers,
    failuresToConfirm: polling.failuresToConfirm,
    successesToClear: polling.successesToClear,
    ...(isLoopback(device.address) && !isAllLocal ? { isLocal: true } : {}),
    ...(commissionedAt === null ? {} : { commissionedAt }),
    ...(retiredAt === null ? {} : { retiredAt }),
    staleAfterMs: Math.max(MINUTE, STALE_HEARTBEATS * polling.heartbeatMs + polling.deadlineMs),
  };
}
