import type { DurationMs } from '../../lib/time.ts';
import type { SnmpClient } from '../snmp-client.ts';
import { EXPORTER_MODULES } from './exporter-modules.ts';

/** What reading the objects of one module took in one poll; a request that several share counts in each. */
export interface ReadCost {
  durationMs: DurationMs;
  packetsSent: number;
  /** null when the client does not tell. */
  packetsRetried: number | null;
}

/** Packets sent so far; null where the client does not count. */
export interface Packets {
  readonly sent: number;
  readonly retried: number;
}

/** Packets that a client has sent since it was made. */
export function packetsOf(client: Pick<SnmpClient, 'traffic'>): Packets | null {
  const traffic = client.traffic?.();
  if (traffic === undefined) return null;
  return { sent: traffic.packetsSent, retried: traffic.packetsRetried };
}

/** Costs of one poll by module, in the order of EXPORTER_MODULES. */
export class ReadCosts {
  readonly modules: readonly ReadCost[] = EXPORTER_MODULES.map(() => ({
    durationMs: 0,
    packetsSent: 0,
    packetsRetried: 0,
  }));

  /** Adds requests for objects of these modules (module-masks.ts); `packets` null: `requests` were sent. */
  add(mask: number, durationMs: DurationMs, requests: number, packets: Packets | null): void {
    for (let place = 0; mask >>> place !== 0; place += 1) {
      if ((mask & (1 << place)) === 0) continue;
      const cost = this.modules[place]!;
      cost.durationMs += durationMs;
      cost.packetsSent += packets?.sent ?? requests;
      if (packets === null || cost.packetsRetried === null) cost.packetsRetried = null;
      else cost.packetsRetried += packets.retried;
    }
  }
}

/** Packets sent between two counts. */
export function packetsBetween(before: Packets | null, after: Packets | null): Packets | null {
  if (before === null || after === null) return null;
  return { sent: after.sent - before.sent, retried: after.retried - before.retried };
}
