import dgram from 'node:dgram';
import { EventEmitter, once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Registry } from 'prom-client';
import type { ReceivedNotification } from '../../collector/traps/notification.ts';
import { TrapReceiver } from '../../collector/traps/trap-receiver.ts';
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

/** What the journal does with what is handed to it. */
export type Storage = 'stores' | 'holds' | 'fails';

export interface TrapRig extends AsyncDisposable {
  readonly receiver: TrapReceiver;
  readonly clock: VirtualClock;
  readonly recorded: ReceivedNotification[];
  /** Ids of the devices that were polled, in order. */
  readonly polled: string[];
  storage: Storage;
  /** Text of the identity of our engine, as kept. */
  identity: string | null;
  port: number;
  /** Stores what was held. */
  release(): void;
  /** Ends the poll that runs. */
  endPoll(deviceId: string): Promise<void>;
  /** Resolves when so many datagrams have been handled since the start. */
  arrived(count: number): Promise<void>;
  /** Value of one of the receiver's metrics. */
  metric(name: string, labels?: Readonly<Record<string, string>>): Promise<number>;
  /** How many datagrams had each verdict, those with none left out. */
  verdicts(): Promise<Readonly<Record<string, number>>>;
}

/** A receiver that listens, with virtual time and a journal and polls in the test's hands. */
export async function startRig(
  config: Config = trapConfig([SWITCH, ROUTER]),
  identity: string | null = null,
  clock: VirtualClock = new VirtualClock(START),
): Promise<TrapRig> {
  const registry = new Registry();
  const events = new EventEmitter();
  const held: (() => void)[] = [];
  const polls = new Map<string, () => void>();
  let arrivedCount = 0;
  const network = {
    createSocket(options: dgram.SocketOptions) {
      const socket = dgram.createSocket(options);
      socket.on('listening', () => {
        setImmediate(() =>
          socket.on('message', () => {
            arrivedCount += 1;
            events.emit('arrived');
          }),
        );
      });
      return socket;
    },
  };
  const receiver = new TrapReceiver({
    clock,
    random: seededRandom(3),
    network,
    log: silentLogger,
    registry,
    config,
    engineStore: {
      load: () => rig.identity,
      save: (text) => {
        rig.identity = text;
      },
    },
    pollNow: (deviceId) => {
      rig.polled.push(deviceId);
      return new Promise<void>((resolve) => polls.set(deviceId, resolve));
    },
    record: (notification) => {
      rig.recorded.push(notification);
      events.emit('recorded');
      if (rig.storage === 'fails') return Promise.reject(new Error('no space left on device'));
      if (rig.storage === 'stores') return Promise.resolve();
      return new Promise((resolve) => held.push(resolve));
    },
    readProc: (path) => readFileSync(path, 'latin1'),
  });
  const valuesOf = async (name: string) => {
    const found = (await registry.getMetricsAsJSON()).find(
      (metric) => metric.name === `threenines_${name}`,
    );
    return found?.values ?? [];
  };
  const rig: TrapRig = {
    receiver,
    clock,
    recorded: [],
    polled: [],
    storage: 'stores',
    identity,
    port: 0,
    release() {
      rig.storage = 'stores';
      for (const store of held.splice(0)) store();
    },
    async endPoll(deviceId) {
      polls.get(deviceId)?.();
      await Promise.resolve();
    },
    async arrived(count) {
      while (arrivedCount < count) await once(events, 'arrived');
    },
    async metric(name, labels = {}) {
      const values = await valuesOf(name);
      return values
        .filter((each) =>
          Object.entries(labels).every(([label, value]) => each.labels[label] === value),
        )
        .reduce((sum, each) => sum + each.value, 0);
    },
    async verdicts() {
      const counts: Record<string, number> = {};
      for (const { labels, value } of await valuesOf('traps_total')) {
        const verdict = String(labels.verdict);
        if (value > 0) counts[verdict] = (counts[verdict] ?? 0) + value;
      }
      return counts;
    },
    [Symbol.asyncDispose]: () => receiver.stop(),
  };
  await receiver.start();
  rig.port = receiver.listening?.port ?? 0;
  await new Promise((resolve) => setImmediate(resolve));
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
