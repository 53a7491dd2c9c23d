import { type Random, seededRandom } from '../lib/random.ts';
import type { EpochMs } from '../lib/time.ts';
import { chargeAt, hasOutput, minutesLeft } from './battery.ts';
import type {
  DeviceShape,
  PortShape,
  SensorShape,
  StorageShape,
  UpsShape,
} from './devices/shape.ts';
import type { DeviceState, PortState } from './model.ts';
import {
  type Link,
  type LinkEnd,
  peerEnd,
  type Topology,
  type TopologyDevice,
} from './topology.ts';
import { createWave, namedSeed, type Wave, waveAt, waveTotal } from './wave.ts';

/**
 * One device as it lives: the model's state of it, joined with the counters and measured values that
 * move with time. All functions take lab time; `wallOffsetMs` turns it into the hour of the day.
 */
export interface DeviceLife {
  readonly id: string;
  readonly shape: DeviceShape;
  /** Devices that it powers. */
  readonly powers: readonly string[];
  state(): DeviceState;
  /** Takes over what the model says now; counters stop, go on or start again from zero. */
  follow(state: DeviceState, nowMs: number): void;
  uptimeMs(nowMs: number): number;
  readonly ports: readonly PortLife[];
  readonly sensors: readonly Gauge<SensorShape>[];
  readonly processors: readonly Gauge<number>[];
  readonly storages: readonly Gauge<StorageShape>[];
  readonly ups: UpsLife | null;
}

/** A value that moves around its mean, in the unit of the shape's mean. */
export interface Gauge<Shape> {
  readonly shape: Shape;
  at(nowMs: number): number;
}

export interface PortLife {
  readonly shape: PortShape;
  readonly index: number;
  /** What it leads to. */
  readonly alias: string;
  /** The other ends of the cables in it. */
  readonly peers: readonly LinkEnd[];
  /** Six octets of a locally administered address. */
  readonly physicalAddress: Buffer;
  state(): PortState;
  receivedOctets(nowMs: number): number;
  sentOctets(nowMs: number): number;
  /** Times the port went down since the device started. */
  readonly lossCount: () => number;
}

export interface UpsLife {
  readonly shape: UpsShape;
  /** Mean load of the rating, 0..1; 0 without output. */
  loadRatio(nowMs: number): number;
  chargeRatio(nowMs: number): number;
  minutesLeft(nowMs: number): number;
  hasOutput(nowMs: number): boolean;
  /** Lab time since when it runs on its battery; null on mains. */
  onBatterySinceMs(): number | null;
  temperatureCelsius(nowMs: number): number;
  /** Mains failures since the device started. */
  inputLossCount(): number;
}

/** Begins the life of one device in the given state. The same `seed` gives the same traffic at the same hours. */
export function createDeviceLife(
  topology: Topology,
  deviceId: string,
  initial: DeviceState,
  options: { readonly seed: number; readonly wallOffsetMs: number },
): DeviceLife {
  const device = topology.devices.get(deviceId)!;
  let current = initial;
  const { seed, wallOffsetMs } = options;
  const random = (name: string) => seededRandom(namedSeed(seed, `${device.id} ${name}`));
  const wall = (nowMs: number): EpochMs => nowMs + wallOffsetMs;
  const gauge = <Shape>(shape: Shape, name: string, mean: number, swing: number): Gauge<Shape> => {
    const wave = createWave(mean, swing, random(name));
    return { shape, at: (nowMs) => waveAt(wave, wall(nowMs)) };
  };
  const ports = device.shape.ports.map((shape, position) =>
    createPort(device, shape, position + 1, { topology, state: () => current, seed, wall }),
  );
  const ups = device.shape.ups;
  const upsLife = ups === null ? null : createUps(ups, () => current, random('ups'), wall);
  return {
    id: device.id,
    shape: device.shape,
    powers: [...topology.devices.values()]
      .filter(({ powerFeeds }) => powerFeeds.includes(device.id))
      .map(({ id }) => id),
    state: () => current,
    follow(state, nowMs) {
      const hasBooted = state.bootedAtMs !== current.bootedAtMs;
      const before = current;
      current = state;
      for (const port of ports) port.follow(nowMs, hasBooted);
      upsLife?.follow(before, hasBooted);
    },
    uptimeMs: (nowMs) => nowMs - current.bootedAtMs,
    ports,
    sensors: device.shape.sensors.map((shape) => gauge(shape, shape.name, shape.mean, shape.swing)),
    processors: device.shape.processors.map((mean, n) => gauge(mean, `cpu ${n}`, mean, 0.8)),
    storages: device.shape.storages.map((shape) => gauge(shape, shape.name, shape.usedRatio, 0.1)),
    ups: upsLife,
  };
}

interface PortContext {
  readonly topology: Topology;
  readonly state: () => DeviceState;
  readonly seed: number;
  readonly wall: (nowMs: number) => EpochMs;
}

function createPort(device: TopologyDevice, shape: PortShape, index: number, context: PortContext) {
  const links = device.linksByPort.get(shape.name) ?? [];
  const link = links[0];
  const peers = links.map((each) => peerEnd(each, device.id));
  const peer = peers[0] ?? null;
  const alias = peer === null ? shape.alias : `to ${peer.deviceId} ${peer.port ?? ''}`.trim();
  const traffic = trafficOf(device, shape, link, context);
  const received = createMeter(traffic.received, context.wall);
  const sent = createMeter(traffic.sent, context.wall);
  const state = () => context.state().ports.get(shape.name)!;
  let lossCount = 0;
  let wasUp = state().up;
  if (wasUp) for (const one of [received, sent]) one.start(context.state().bootedAtMs);
  return {
    shape,
    index,
    alias,
    peers,
    physicalAddress: macAddressOf(`${device.id} ${shape.name}`),
    state,
    receivedOctets: received.total,
    sentOctets: sent.total,
    lossCount: () => lossCount,
    follow(nowMs: number, hasBooted: boolean) {
      const { up, changedAtMs } = state();
      if (wasUp && !up) lossCount++;
      if (hasBooted) lossCount = 0;
      for (const one of [received, sent]) {
        if (hasBooted) one.reset();
        if (up) one.start(changedAtMs);
        else one.stop(nowMs);
      }
      wasUp = up;
    },
  };
}

/** Busiest and quietest ports of a kind, as a multiple of the shape's mean. */
const QUIETEST = 0.4;
const BUSIEST = 1.6;

/** Octets a second each way. Both ends of a cable carry the same traffic: what one sends the other receives. */
function trafficOf(
  device: TopologyDevice,
  shape: PortShape,
  link: Link | undefined,
  context: PortContext,
): { readonly received: Wave; readonly sent: Wave } {
  const lower = link?.lower ?? { deviceId: device.id, port: shape.name };
  const lowerPorts = context.topology.devices.get(lower.deviceId)!.shape.ports;
  const { speedMbps, receiveRatio, transmitRatio } =
    lowerPorts.find((port) => port.name === lower.port) ?? shape;
  const wave = (direction: string, ratio: number) => {
    const name = `${lower.deviceId} ${lower.port} ${direction}`;
    const random = seededRandom(namedSeed(context.seed, name));
    const share = QUIETEST + (BUSIEST - QUIETEST) * random.next();
    return createWave(((speedMbps * 1e6) / 8) * ratio * share, 1, random);
  };
  const down = wave('down', receiveRatio);
  const up = wave('up', transmitRatio);
  return lower.deviceId === device.id ? { received: down, sent: up } : { received: up, sent: down };
}

/** Counts octets while it runs: the integral of its wave, worked out when asked. */
function createMeter(wave: Wave, wall: (nowMs: number) => EpochMs) {
  let counted = 0;
  let sinceMs: number | null = null;
  const running = (nowMs: number) =>
    sinceMs === null ? 0 : waveTotal(wave, wall(sinceMs), wall(nowMs));
  return {
    /** Does nothing when it runs already. */
    start(atMs: number) {
      sinceMs ??= atMs;
    },
    stop(atMs: number) {
      counted += running(atMs);
      sinceMs = null;
    },
    reset() {
      counted = 0;
      sinceMs = null;
    },
    total: (nowMs: number) => Math.floor(counted + running(nowMs)),
  };
}

const UPS_CELSIUS = 26;

function createUps(
  shape: UpsShape,
  state: () => DeviceState,
  random: Random,
  wall: (nowMs: number) => EpochMs,
) {
  const load = createWave(shape.loadRatio, 0.25, random);
  const temperature = createWave(UPS_CELSIUS, 0.1, random);
  const battery = () => state().battery!;
  let inputLossCount = 0;
  return {
    shape,
    loadRatio: (nowMs: number) => (hasOutput(battery(), nowMs) ? waveAt(load, wall(nowMs)) : 0),
    chargeRatio: (nowMs: number) => chargeAt(battery(), nowMs),
    minutesLeft: (nowMs: number) => minutesLeft(battery(), nowMs),
    hasOutput: (nowMs: number) => hasOutput(battery(), nowMs),
    onBatterySinceMs: () => battery().onBatterySinceMs,
    temperatureCelsius: (nowMs: number) => waveAt(temperature, wall(nowMs)),
    inputLossCount: () => inputLossCount,
    follow(before: DeviceState, hasBooted: boolean) {
      if (hasBooted) inputLossCount = 0;
      if (before.battery!.mainsUp && !battery().mainsUp) inputLossCount++;
    },
  };
}

/** RFC 7042 §2.1: the second-lowest bit of the first octet marks an address nobody was assigned. */
export function macAddressOf(name: string): Buffer {
  const octets = Buffer.alloc(6);
  octets[0] = 0x02;
  octets.writeUInt32BE(namedSeed(0, name), 2);
  return octets;
}
