import dgram from 'node:dgram';
import { readFileSync } from 'node:fs';
import type { DomainEvent } from '../alerting/events.ts';
import { systemClock } from '../lib/clock.ts';
import { systemHttpClient } from '../lib/http-client.ts';
import type { Journal } from '../lib/journal.ts';
import { systemMailClient } from '../lib/mail-client.ts';
import { systemRandom } from '../lib/random.ts';
import { loadNativeUdp } from '../lib/udp/native-udp.ts';
import type { Network, World } from '../lib/world.ts';

/** The world of the running service: real time, chance, sockets, HTTP and mail, around a journal. */
export function systemWorld(journal: Journal<DomainEvent>): World<DomainEvent> {
  return {
    clock: systemClock,
    random: systemRandom,
    network: systemNetwork(),
    http: systemHttpClient,
    mail: systemMailClient,
    journal,
  };
}

/** The sockets of this machine. */
export function systemNetwork(): Network {
  return {
    createSocket: (options) => dgram.createSocket(options),
    batchedUdp: loadNativeUdp(),
  };
}

/** What the system tells of itself in a file under /proc; null where there is no such file. */
export function readProc(path: string): string | null {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return null;
  }
}
