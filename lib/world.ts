import type dgram from 'node:dgram';
import type { Clock } from './clock.ts';
import type { HttpClient } from './http-client.ts';
import type { Journal } from './journal.ts';
import type { MailClient } from './mail-client.ts';
import type { Random } from './random.ts';
import type { NativeUdp } from './udp/native-udp.ts';

/** UDP; a simulation hands in its own. */
export interface Network {
  /** As Node's `dgram` offers it. */
  createSocket(options: dgram.SocketOptions): dgram.Socket;
  /** Many datagrams to a system call; null or left out where there is no such thing. */
  readonly batchedUdp?: NativeUdp | null;
}

/**
 * Everything outside the program. It is made once, at the entry point, and passed down; nothing
 * else reads a clock, draws a number, opens a socket or writes a file. The same code therefore
 * runs live and simulated.
 */
export interface World<Event> {
  readonly clock: Clock;
  readonly random: Random;
  readonly network: Network;
  readonly http: HttpClient;
  readonly mail: MailClient;
  readonly journal: Journal<Event>;
}
