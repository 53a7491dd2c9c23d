import {
  type Battery,
  emptyAt,
  fullBattery,
  hasOutput,
  mainsFailed,
  mainsRestored,
  wornMainsFailed,
} from './battery.ts';
import { type Link, peerEnd, type Topology, type TopologyDevice } from './topology.ts';

/**
 * The physical demo network: what works when something breaks. Pure: every function takes the state
 * and the lab time and gives a new state. A device answers when it has power, has not failed, and a
 * working path leads to it; a cabled port is up while both of its ends run and neither port is broken.
 */
export interface LabState {
  readonly topology: Topology;
  readonly devices: ReadonlyMap<string, DeviceState>;
  /** Lab time up to which everything is worked out. */
  readonly settledAtMs: number;
}

export interface DeviceState {
  readonly failed: boolean;
  readonly failedPorts: ReadonlySet<string>;
  readonly battery: Battery | null;
  readonly silence: Silence;
  /** Powered and not failed, whether or not a path leads to it. */
  readonly running: boolean;
  /** Lab time of the last start; sysUpTime and all counters run from here. */
  readonly bootedAtMs: number;
  readonly ports: ReadonlyMap<string, PortState>;
}

/** Why a device does not answer. */
export type Silence = 'none' | 'failed' | 'no-power' | 'no-path';

export interface PortState {
  readonly up: boolean;
  readonly changedAtMs: number;
}

/**
 * What is broken or repaired: a whole device (null), a port by name, or the mains of a UPS.
 *
 *   a device without a battery ──▶ silent at once; a PDU gives no power either
 *   a UPS                      ──▶ its mains fail and its battery is worn: it tells so, soon runs
 *                                  empty, and falls silent with what it feeds
 *
 * Restored, a device that had stopped starts anew.
 */
export interface LabAction {
  readonly verb: 'fail' | 'restore';
  readonly deviceId: string;
  readonly part: string | null;
}

export const MAINS = 'mains';

/** A healthy network at `nowMs`; `bootedAtMs` tells since when each device has been running. */
export function healthyLab(
  topology: Topology,
  nowMs: number,
  bootedAtMs: (deviceId: string) => number,
): LabState {
  const devices = new Map<string, DeviceState>();
  for (const [id, { shape }] of topology.devices) {
    devices.set(id, {
      failed: false,
      failedPorts: new Set(),
      battery: shape.ups === null ? null : fullBattery(nowMs),
      silence: 'none',
      running: true,
      bootedAtMs: bootedAtMs(id),
      ports: new Map(),
    });
  }
  return settle({ topology, devices, settledAtMs: nowMs }, nowMs);
}

/** null when the action can be done, else one sentence that names what would have been valid. */
export function actionProblem(topology: Topology, action: LabAction): string | null {
  const device = topology.devices.get(action.deviceId);
  if (device === undefined) {
    return `no device "${action.deviceId}"; the lab has ${[...topology.devices.keys()].join(', ')}`;
  }
  if (action.part === null) return null;
  if (action.part === MAINS) return mainsProblem(topology, device);
  const ports = device.shape.ports.map((port) => port.name);
  if (ports.includes(action.part)) return null;
  const parts = device.shape.ups === null ? ports : [...ports, MAINS];
  return `device "${device.id}" has no port "${action.part}"; it has ${parts.join(', ')}`;
}

/** The state after an action at `nowMs`; the action must have no problem. Doing it twice changes nothing. */
export function applyAction(state: LabState, action: LabAction, nowMs: number): LabState {
  const advanced = advance(state, nowMs);
  const device = advanced.devices.get(action.deviceId);
  if (device === undefined) return advanced;
  const devices = new Map(advanced.devices);
  devices.set(action.deviceId, changed(device, action, nowMs));
  return settle({ ...advanced, devices }, nowMs);
}

/** Everything repaired and the mains back; batteries keep their charge and refill. */
export function restoreAll(state: LabState, nowMs: number): LabState {
  const advanced = advance(state, nowMs);
  const devices = new Map<string, DeviceState>();
  for (const [id, device] of advanced.devices) {
    const battery = device.battery === null ? null : mainsRestored(device.battery, nowMs);
    devices.set(id, { ...device, failed: false, failedPorts: new Set(), battery });
  }
  return settle({ ...advanced, devices }, nowMs);
}

/** Lets time pass: batteries that run empty on the way take what they feed with them, each at its instant. */
export function advance(state: LabState, nowMs: number): LabState {
  let current = state;
  for (;;) {
    const at = nextChangeAt(current);
    if (at === null || at > nowMs) return current;
    current = settle(current, at);
  }
}

/** Lab time of the next change that comes by itself; null when nothing is under way. */
export function nextChangeAt(state: LabState): number | null {
  let earliest: number | null = null;
  for (const { battery } of state.devices.values()) {
    const at = battery === null ? null : emptyAt(battery);
    if (at === null || at <= state.settledAtMs) continue;
    if (earliest === null || at < earliest) earliest = at;
  }
  return earliest;
}

function mainsProblem(topology: Topology, device: TopologyDevice): string | null {
  if (device.shape.ups !== null) return null;
  const withMains = [...topology.devices.values()].filter((other) => other.shape.ups !== null);
  const names = withMains.map((other) => other.id).join(', ') || 'none here';
  return `device "${device.id}" has no mains of its own; only a UPS has: ${names}`;
}

function changed(device: DeviceState, { verb, part }: LabAction, nowMs: number): DeviceState {
  if (device.battery !== null && (part === null || part === MAINS)) {
    const fails = part === null ? wornMainsFailed : mainsFailed;
    const change = verb === 'fail' ? fails : mainsRestored;
    return { ...device, battery: change(device.battery, nowMs) };
  }
  if (part === MAINS) return device;
  if (part === null) return { ...device, failed: verb === 'fail' };
  const failedPorts = new Set(device.failedPorts);
  if (verb === 'fail') failedPorts.add(part);
  else failedPorts.delete(part);
  return { ...device, failedPorts };
}

/** Works out who runs, who answers and which ports are up; records when each began. */
function settle(state: LabState, nowMs: number): LabState {
  const powered = poweredDevices(state, nowMs);
  const running = new Set([...powered].filter((id) => !state.devices.get(id)!.failed));
  const isLinkUp = (link: Link) =>
    [link.upper, link.lower].every(
      ({ deviceId, port }) =>
        running.has(deviceId) &&
        (port === null || !state.devices.get(deviceId)!.failedPorts.has(port)),
    );
  const reachable = reachableDevices(state.topology, running, isLinkUp);
  const devices = new Map<string, DeviceState>();
  for (const [id, before] of state.devices) {
    const isRunning = running.has(id);
    const hasBooted = isRunning && !before.running;
    const bootedAtMs = hasBooted ? nowMs : before.bootedAtMs;
    const device = state.topology.devices.get(id)!;
    devices.set(id, {
      ...before,
      running: isRunning,
      bootedAtMs,
      silence: silenceOf(before.failed, powered.has(id), reachable.has(id)),
      ports: settlePorts(device, before, { isRunning, hasBooted, bootedAtMs, nowMs }, isLinkUp),
    });
  }
  return { ...state, devices, settledAtMs: nowMs };
}

interface PortContext {
  readonly isRunning: boolean;
  readonly hasBooted: boolean;
  readonly bootedAtMs: number;
  readonly nowMs: number;
}

function settlePorts(
  { shape, linksByPort }: TopologyDevice,
  before: DeviceState,
  context: PortContext,
  isLinkUp: (link: Link) => boolean,
): Map<string, PortState> {
  const ports = new Map<string, PortState>();
  for (const { name, adminUp, connected } of shape.ports) {
    const links = linksByPort.get(name) ?? [];
    const works = adminUp && context.isRunning && !before.failedPorts.has(name);
    const up = works && (links.length === 0 ? connected : links.some(isLinkUp));
    const last = before.ports.get(name);
    if (last === undefined) ports.set(name, { up, changedAtMs: context.bootedAtMs });
    else if (context.hasBooted || last.up !== up)
      ports.set(name, { up, changedAtMs: context.nowMs });
    else ports.set(name, last);
  }
  return ports;
}

function silenceOf(failed: boolean, powered: boolean, reachable: boolean): Silence {
  if (!powered) return 'no-power';
  if (failed) return 'failed';
  return reachable ? 'none' : 'no-path';
}

/** A device has power when nothing is said to feed it, or when one of its feeds gives some; a UPS while it has output. */
function poweredDevices(state: LabState, nowMs: number): Set<string> {
  const powered = new Set<string>();
  const givesPower = (id: string) => {
    const { failed } = state.devices.get(id)!;
    return powered.has(id) && !failed;
  };
  const isEmpty = (id: string) => {
    const { battery } = state.devices.get(id)!;
    return battery !== null && !hasOutput(battery, nowMs);
  };
  spread(state.topology, powered, ({ id, powerFeeds }) => {
    return !isEmpty(id) && (powerFeeds.length === 0 || powerFeeds.some(givesPower));
  });
  return powered;
}

function reachableDevices(
  topology: Topology,
  running: ReadonlySet<string>,
  isLinkUp: (link: Link) => boolean,
): Set<string> {
  const reachable = new Set<string>();
  spread(topology, reachable, ({ id, uplinks }) => {
    if (!running.has(id)) return false;
    const isPath = (link: Link) => isLinkUp(link) && reachable.has(peerEnd(link, id).deviceId);
    return uplinks.length === 0 || uplinks.some(isPath);
  });
  return reachable;
}

/** Adds devices until none more joins: the order and any loop in the wiring do not matter. */
function spread(
  topology: Topology,
  joined: Set<string>,
  joins: (device: TopologyDevice) => boolean,
): void {
  for (let before = -1; before !== joined.size; ) {
    before = joined.size;
    for (const device of topology.devices.values()) {
      if (!joined.has(device.id) && joins(device)) joined.add(device.id);
    }
  }
}
