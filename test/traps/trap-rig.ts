import dgram from 'node:dgram';
import { EventEmitter, once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Registry } from 'prom-client';
import type { ProvenEngineTime } from '../../collector/snmp-client.ts';
import type { ReceivedNotification } from '../../collector/traps/notification.ts';
import { TrapReceiver } from '../../collector/traps/trap-receiver.ts';
import {
  type OpenTrapSocket,
  openTrapSocket,
  type TrapSocketHandlers,
} from '../../collector/traps/trap-socket.ts';
import type { Config, Credential, Device } from '../../config/model.ts';
import { silentLogger } from '../../lib/logger.ts';
import { seededRandom } from '../../lib/random.ts';
import { VirtualClock } from '../../lib/virtual-clock.ts';
import { authPriv, community } from '../collector/client-fixtures.ts';
import { device, config as deviceConfig } from '../collector/collector-fixtures.ts';
import { AUTHENTICATION_PASSWORD, PRIVACY_PASSWORD, USER_NAME } from '../snmp/v3-peers.ts';

export const START = Date.UTC(2026, 9, 14, 9, 30);
export const COMMUNITY = 'campus';

export const CREDENTIALS: Readonly<Record<string, Credential>> = {
  campus: { ...community(COMMUNITY), id: 'campus' },
  other: { ...community('elsewhere'), id: 'other' },
  v3: {
    ...authPriv(USER_NAME, AUTHENTICATION_PASSWORD, PRIVACY_PASSWORD, {
      authentication: 'sha256',
      privacy: 'aes128',
    }),
    id: 'v3',
  },
};

/** A switch that speaks v2c and one that speaks v3, at addresses of their own. */
export const SWITCH = device('switch-1', { address: '127.0.0.1', credentialId: 'campus' });
export const ROUTER = device('router-1', { address: '127.0.0.2', credentialId: 'v3' });

/** A configuration whose traps arrive on any free port. */
export function trapConfig(devices: readonly Device[], listenHost = '127.0.0.1'): Config {
  return { ...deviceConfig(devices, CREDENTIALS), traps: { listenHost, listenPort: 0 } };
}

/** The socket without a thread of its own. */
export const inThisThread: OpenTrapSocket = (listen, handlers) =>
  openTrapSocket(dgram, listen, handlers);

/** What the journal does with what is handed to it. */
export type Storage = 'stores' | 'holds' | 'fails';

/** A receiver that listens, with virtual time, and with journal and polls in the test's hands. */
export class TrapRig implements AsyncDisposable {
  readonly receiver: TrapReceiver;
  readonly clock = new VirtualClock(START);
  readonly recorded: ReceivedNotification[] = [];
  /** Ids of the devices that were polled, in order. */
  readonly polled: string[] = [];
  /** As which engine, in hexadecimal, devices answer polls, by id. */
  readonly engineIds = new Map<string, string>();
  /** What polls have proven of the time of that engine. */
  readonly engineTimes = new Map<string, ProvenEngineTime>();
  storage: Storage = 'stores';
  /** Text of the identity of our engine, as kept. */
  identity: string | null;
  port = 0;
  readonly #registry = new Registry();
  readonly #events = new EventEmitter();
  readonly #held: (() => void)[] = [];
  readonly #polls = new Map<string, () => void>();
  #arrivedCount = 0;

  constructor(config: Config, identity: string | null, openSocket: OpenTrapSocket) {
    this.identity = identity;
    this.receiver = new TrapReceiver({
      clock: this.clock,
      random: seededRandom(3),
      openSocket: (listen, handlers) => openSocket(listen, this.#noting(handlers)),
      log: silentLogger,
      registry: this.#registry,
      config,
      engineStore: {
        load: () => this.identity,
        save: (text) => {
          this.identity = text;
        },
      },
      pollNow: (deviceId) => {
        this.polled.push(deviceId);
        return new Promise<void>((resolve) => this.#polls.set(deviceId, resolve));
      },
      engineIdOf: (deviceId) => this.engineIds.get(deviceId) ?? null,
      engineTimeOf: (deviceId) => this.engineTimes.get(deviceId) ?? null,
      record: (notification) => this.#record(notification),
      readProc: (path) => readFileSync(path, 'latin1'),
    });
  }

  /** Stores what was held. */
  release(): void {
    this.storage = 'stores';
    for (const store of this.#held.splice(0)) store();
  }

  /** Ends the poll that runs. */
  async endPoll(deviceId: string): Promise<void> {
    this.#polls.get(deviceId)?.();
    await Promise.resolve();
  }

  /** Resolves when so many datagrams have been handled since the start. */
  async arrived(count: number): Promise<void> {
    while (this.#arrivedCount < count) await once(this.#events, 'arrived');
  }

  /** Value of one of the receiver's metrics. */
  async metric(name: string, labels: Readonly<Record<string, string>> = {}): Promise<number> {
    const wanted = Object.entries(labels);
    return (await this.#valuesOf(name))
      .filter((each) => wanted.every(([label, value]) => each.labels[label] === value))
      .reduce((sum, each) => sum + each.value, 0);
  }

  /** How many datagrams had each verdict, those with none left out. */
  async verdicts(): Promise<Readonly<Record<string, number>>> {
    const counts: Record<string, number> = {};
    for (const { labels, value } of await this.#valuesOf('traps_total')) {
      const verdict = String(labels.verdict);
      if (value > 0) counts[verdict] = (counts[verdict] ?? 0) + value;
    }
    return counts;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.receiver.stop();
  }

  #noting(handlers: TrapSocketHandlers): TrapSocketHandlers {
    return {
      ...handlers,
      onDatagram: (...datagram) => {
        handlers.onDatagram(...datagram);
        this.#arrivedCount += 1;
        this.#events.emit('arrived');
      },
    };
  }

  #record(notification: ReceivedNotification): Promise<void> {
    this.recorded.push(notification);
    if (this.storage === 'fails') return Promise.reject(new Error('no space left on device'));
    if (this.storage === 'stores') return Promise.resolve();
    return new Promise((resolve) => this.#held.push(resolve));
  }

  async #valuesOf(name: string) {
    const metrics = await this.#registry.getMetricsAsJSON();
    return metrics.find((metric) => metric.name === `threenines_${name}`)?.values ?? [];
  }
}

/** A rig whose receiver listens; `identity` is what our engine finds of the start before. */
export async function startRig(
  config: Config = trapConfig([SWITCH, ROUTER]),
  identity: string | null = null,
  openSocket: OpenTrapSocket = inThisThread,
): Promise<TrapRig> {
  const rig = new TrapRig(config, identity, openSocket);
  await rig.receiver.start();
  rig.port = rig.receiver.listening?.port ?? 0;
  return rig;
}

/** A sender of datagrams, at an address of its own in 127/8. */
export class TestSender implements AsyncDisposable {
  readonly #socket: dgram.Socket;
  readonly #answers: Buffer[] = [];
  readonly #events = new EventEmitter();
  #answerCount = 0;

  static async open(address: string = SWITCH.address): Promise<TestSender> {
    const socket = dgram.createSocket('udp4');
    socket.bind(0, address);
    await once(socket, 'listening');
    return new TestSender(socket);
  }

  constructor(socket: dgram.Socket) {
    this.#socket = socket;
    socket.on('message', (octets) => {
      this.#answers.push(octets);
      this.#answerCount += 1;
      this.#events.emit('answer');
    });
  }

  get port(): number {
    return this.#socket.address().port;
  }

  get answerCount(): number {
    return this.#answerCount;
  }

  send(octets: Uint8Array, port: number): Promise<void> {
    return new Promise((resolve, reject) =>
      this.#socket.send(octets, port, '127.0.0.1', (error) => (error ? reject(error) : resolve())),
    );
  }

  /** The next answer that came or comes. */
  async answer(): Promise<Buffer> {
    while (this.#answers.length === 0) await once(this.#events, 'answer');
    return this.#answers.shift()!;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return new Promise((resolve) => this.#socket.close(() => resolve()));
  }
}
