import dgram from 'node:dgram';
import type { DomainEvent } from '../alerting/events.ts';
import { systemClock } from '../lib/clock.ts';
import { systemHttpClient } from '../lib/http-client.ts';
import type { Journal } from '../lib/journal.ts';
import { systemMailClient } from '../lib/mail-client.ts';
import { systemRandom } from '../lib/random.ts';
import type { World } from '../lib/world.ts';

/** The world of the running service: real time, chance, sockets, HTTP and mail, around a journal. */
export function systemWorld(journal: Journal<DomainEvent>): World<DomainEvent> {
  return {
    clock: systemClock,
    random: systemRandom,
    network: { createSocket: (options) => dgram.createSocket(options) },
    http: systemHttpClient,
    mail: systemMailClient,
    journal,
  };
}
