import type dgram from 'node:dgram';
import { once } from 'node:events';
import type { Clock } from '../../lib/clock.ts';
import type { Random } from '../../lib/random.ts';
import type { Network } from '../../lib/world.ts';
import { bindSocket } from '../agent-socket.ts';
import { type Ask, readAsk } from './ask.ts';
import type { Octets } from './ber.ts';
import { type HonestDevice, honestDevice } from './honest-device.ts';

/** How an agent can make itself heard. */
export interface Voice {
  /** To whoever asked, from where it was asked. */
  send(to: Ask, octets: Octets): void;
  /** The same from another port, or from another address, of this machine. */
  sendFromOtherPort(to: Ask, octets: Octets): void;
  sendFromOtherAddress(to: Ask, octets: Octets): void;
  /** Closes the port that is asked; from then on the system refuses what comes to it. */
  stopListening(): void;
  /** Does something later, unless the agent is closed before. */
  after(delayMs: number, callback: () => void): void;
}

/** What a mode works with. */
export interface Stage {
  readonly device: HonestDevice;
  readonly random: Random;
  readonly clock: Clock;
  readonly voice: Voice;
}

export type SpokenVersion = 'v1' | 'v2c' | 'v3';

/** One way in which an agent misbehaves. */
export interface HostileMode {
  /** Number of the behaviour in the catalog; several modes show one. */
  readonly row: number;
  readonly name: string;
  /** What it does, in a few words. */
  readonly does: string;
  readonly speaks: SpokenVersion;
  /** Starts an agent's life; gives what it does with each datagram. */
  begin(stage: Stage): (ask: Ask) => void;
}

export interface HostileAgentOptions {
  readonly mode: HostileMode;
  readonly clock: Clock;
  readonly random: Random;
  readonly network: Network;
  readonly address?: string;
  /** 0, the default: any free port. */
  readonly port?: number;
  readonly portCount?: number;
}

/** So many of the last datagrams are kept to be looked at. */
const MOST_KEPT_ASKS = 8_192;
const OTHER_ADDRESS = '127.0.0.2';

/** An SNMP agent on loopback that misbehaves in one way. */
export interface HostileAgent extends AsyncDisposable {
  readonly mode: HostileMode;
  readonly address: string;
  readonly port: number;
  readonly device: HonestDevice;
  /** The last datagrams that came, oldest first. */
  readonly asks: readonly Ask[];
  /** Datagrams that came so far. */
  readonly askCount: number;
}

/** Starts an agent. Rejects with the system's code when the port cannot be had. */
export async function startHostileAgent(options: HostileAgentOptions): Promise<HostileAgent> {
  const { mode, clock, random, network, address = '127.0.0.1', port = 0 } = options;
  const bound = await bindSocket(network, address, port);
  if (!bound.ok) throw new Error(`UDP ${address}:${port} cannot be had: ${bound.code}`);
  const { socket } = bound;
  const sockets = [socket];
  /** Opened when it is first spoken from. */
  const elsewhere = (at: string) => {
    let opened: dgram.Socket | null = null;
    return () => {
      if (opened !== null) return opened;
      opened = network.createSocket({ type: at.includes(':') ? 'udp6' : 'udp4' });
      opened.on('error', () => {});
      opened.bind(0, at);
      sockets.push(opened);
      return opened;
    };
  };
  const otherPort = elsewhere(address);
  const otherAddress = elsewhere(OTHER_ADDRESS);
  const timers = new Set<() => void>();
  const send = (from: dgram.Socket, to: Ask, octets: Octets) =>
    from.send(octets, to.from.port, to.from.address, () => {});
  const voice: Voice = {
    send: (to, octets) => send(socket, to, octets),
    sendFromOtherPort: (to, octets) => send(otherPort(), to, octets),
    sendFromOtherAddress: (to, octets) => send(otherAddress(), to, octets),
    stopListening() {
      sockets.splice(sockets.indexOf(socket), 1);
      socket.close();
    },
    after(delayMs, callback) {
      const cancel = clock.after(delayMs, () => {
        timers.delete(cancel);
        callback();
      });
      timers.add(cancel);
    },
  };
  const device = honestDevice(clock, options.portCount);
  const onAsk = mode.begin({ device, random, clock, voice });
  const asks: Ask[] = [];
  let askCount = 0;
  socket.on('message', (octets, from) => {
    askCount += 1;
    const ask = readAsk(octets, from, askCount);
    asks.push(ask);
    if (asks.length > MOST_KEPT_ASKS) asks.shift();
    onAsk(ask);
  });
  return {
    mode,
    address,
    port: bound.port,
    device,
    asks,
    get askCount() {
      return askCount;
    },
    async [Symbol.asyncDispose]() {
      for (const cancel of timers) cancel();
      await Promise.all(sockets.splice(0).map(close));
    },
  };
}

async function close(socket: dgram.Socket): Promise<void> {
  const closed = once(socket, 'close');
  socket.close();
  await closed;
}
