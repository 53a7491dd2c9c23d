import type { AddressFamily } from './peer-address.ts';

/** Column of `drops` in /proc/net/udp and udp6, whose header joins some columns into one word. */
const DROPS_COLUMN = 12;
const LOCAL_ADDRESS_COLUMN = 1;

/**
 * What the system has dropped of each local port's datagrams because their receive buffer was full:
 * the text of /proc/net/udp or /proc/net/udp6 (Linux). Only sockets bound to no single address are
 * looked at, as ours are; of these no two share a port. Lines that do not fit are passed over.
 */
export function parseKernelDrops(text: string): ReadonlyMap<number, number> {
  const drops = new Map<number, number>();
  for (const line of text.split('\n')) {
    const columns = line.trim().split(/\s+/);
    const local = /^0+:([0-9A-F]{4})$/.exec(columns[LOCAL_ADDRESS_COLUMN] ?? '');
    const count = columns[DROPS_COLUMN] ?? '';
    if (local === null || !/^\d{1,15}$/.test(count)) continue;
    drops.set(Number.parseInt(local[1]!, 16), Number(count));
  }
  return drops;
}

/** Adds up what the system has dropped at sockets that come and go. */
export class DropsCount {
  readonly #counted: Readonly<Record<AddressFamily, Map<number, number>>> = {
    IPv4: new Map(),
    IPv6: new Map(),
  };

  /** Drops at these local ports since they were last looked at, from the text of the family's table. */
  fresh(family: AddressFamily, ports: readonly number[], text: string): number {
    const counted = this.#counted[family];
    const drops = parseKernelDrops(text);
    let fresh = 0;
    for (const port of ports) {
      const now = drops.get(port) ?? 0;
      const before = counted.get(port) ?? 0;
      // Fewer than before: another socket has the port now.
      fresh += now < before ? now : now - before;
      counted.set(port, now);
    }
    for (const port of counted.keys()) if (!ports.includes(port)) counted.delete(port);
    return fresh;
  }
}
