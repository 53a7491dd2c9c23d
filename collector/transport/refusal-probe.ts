import type { Clock } from '../../lib/clock.ts';
import type { DurationMs } from '../../lib/time.ts';
import type { Network } from '../../lib/world.ts';
import { familyOf, numericLookup } from './peer-address.ts';

/** Why nobody answers, as the system knows it. */
export type SystemWord = 'refused' | 'unreachable';

/** Asks the system about silent devices. */
export interface RefusalProbe {
  /**
   * Sends `octets` once from a connected socket, on which the system tells what ICMP says; sockets
   * shared by many devices never hear of it. `heard` is called once: `refused` or `unreachable` as
   * soon as the system says so, null after `waitMs` of silence, when anything answers, or at once
   * when too many are being asked about. The datagram's own reply is not read.
   */
  ask(
    address: string,
    port: number,
    octets: Uint8Array,
    waitMs: DurationMs,
    heard: (word: SystemWord | null) => void,
  ): void;
  close(): void;
}

/** Devices asked about at once. When a whole site falls silent the others are silent without a reason. */
const MOST_AT_ONCE = 256;

/** The last two: this machine has no such address family. */
const UNREACHABLE_CODES = new Set(
  'EHOSTUNREACH ENETUNREACH EHOSTDOWN ENETDOWN EADDRNOTAVAIL EAFNOSUPPORT'.split(' '),
);

/** What the name of an errno says about the other side; null when it says nothing. */
export function systemWordOf(code: string): SystemWord | null {
  if (code === 'ECONNREFUSED') return 'refused';
  return UNREACHABLE_CODES.has(code) ? 'unreachable' : null;
}

/** One that asks over sockets of `network`, each closed as soon as the word is heard. */
export function createRefusalProbe(network: Network, clock: Clock): RefusalProbe {
  const running = new Set<() => void>();
  return {
    ask(address, port, octets, waitMs, heard) {
      if (running.size >= MOST_AT_ONCE) {
        heard(null);
        return;
      }
      const type = familyOf(address) === 'IPv6' ? 'udp6' : 'udp4';
      const message = Buffer.from(octets);
      const socket = network.createSocket({ type, lookup: numericLookup });
      const finish = (word: SystemWord | null) => {
        if (!running.delete(stop)) return;
        cancel();
        socket.close();
        heard(word);
      };
      const stop = () => finish(null);
      running.add(stop);
      const cancel = clock.after(waitMs, stop);
      const onError = (error: Error) =>
        finish('code' in error ? systemWordOf(String(error.code)) : null);
      socket.on('error', onError);
      socket.on('message', stop);
      socket.on('connect', () => {
        if (running.has(stop)) socket.send(message, (error) => error && onError(error));
      });
      socket.connect(port, address);
    },
    close() {
      for (const stop of [...running]) stop();
    },
  };
}
