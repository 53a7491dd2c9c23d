import type dgram from 'node:dgram';
import { once } from 'node:events';
import type { Clock } from '../../lib/clock.ts';
import type { Random } from '../../lib/random.ts';
import type { Network } from '../../lib/world.ts';
import { bindSocket } from '../agent-socket.ts';
import type { Octets } from './ber.ts';

/** One datagram for the trap port. */
export interface SentTrap {
  readonly octets: Octets;
  /** Address of this machine that it comes from; the sender's own where not given. */
  readonly from?: string;
}

/** What a mode works with. */
export interface TrapStage {
  readonly clock: Clock;
  readonly random: Random;
  readonly community: string;
}

/** One way of misusing a trap port. */
export interface TrapMode {
  /** Number of the behaviour in the catalog; several modes show one. */
  readonly row: number;
  readonly name: string;
  readonly does: string;
  /** Every datagram, in the order in which they go out. */
  traps(stage: TrapStage): Iterable<SentTrap>;
}

export interface TrapSenderOptions {
  readonly mode: TrapMode;
  readonly network: Network;
  readonly clock: Clock;
  readonly random: Random;
  readonly community?: string;
  /** Where the sender's own traps come from. */
  readonly address?: string;
}

/** A sender of traps on loopback that keeps every answer it gets. */
export interface TrapSender extends AsyncDisposable {
  readonly answers: readonly Octets[];
  /** Sends everything that the mode has, once; gives how many datagrams that were. */
  send(port: number): Promise<number>;
  /** Resolves when so many answers have come. */
  answered(count: number): Promise<void>;
}

/** Opens the sender's own socket. Rejects with the system's code when the address cannot be had. */
export async function openTrapSender(options: TrapSenderOptions): Promise<TrapSender> {
  const { mode, network, clock, random, community = 'public', address = '127.0.0.1' } = options;
  const own = await open(network, address);
  const answers: Octets[] = [];
  own.on('message', (octets) => answers.push(octets));
  return {
    answers,
    async send(port) {
      let count = 0;
      for (const { octets, from } of mode.traps({ clock, random, community })) {
        count += 1;
        if (from === undefined) await sendOne(own, octets, port);
        else {
          const other = await open(network, from);
          await sendOne(other, octets, port);
          other.close();
        }
      }
      return count;
    },
    async answered(count) {
      while (answers.length < count) await once(own, 'message');
    },
    async [Symbol.asyncDispose]() {
      const closed = once(own, 'close');
      own.close();
      await closed;
    },
  };
}

async function open(network: Network, address: string): Promise<dgram.Socket> {
  const bound = await bindSocket(network, address, 0);
  if (!bound.ok) throw new Error(`UDP ${address} cannot be had: ${bound.code}`);
  return bound.socket;
}

function sendOne(socket: dgram.Socket, octets: Octets, port: number): Promise<void> {
  return new Promise((resolve, reject) =>
    socket.send(octets, port, '127.0.0.1', (error) => (error ? reject(error) : resolve())),
  );
}
