import { kernelDrops, procFileOf } from '../proc-net-udp.ts';
import type { AddressFamily } from './peer-address.ts';

/** Where our sockets are bound: to no single address. No two such sockets of a family share a port. */
const ANY_ADDRESS: Readonly<Record<AddressFamily, string>> = { IPv4: '0.0.0.0', IPv6: '::' };

/** Adds up what the Linux kernel has dropped at sockets that come and go, because their receive buffer was full. */
export class DropsCount {
  readonly #readProc: (path: string) => string | null;
  readonly #counted: Readonly<Record<AddressFamily, Map<number, number>>> = {
    IPv4: new Map(),
    IPv6: new Map(),
  };

  /** `readProc` gives the text of a file under /proc, null where there is none. */
  constructor(readProc: (path: string) => string | null) {
    this.#readProc = readProc;
  }

  /** Drops at these local ports since they were looked at last; 0 where the system does not tell. */
  fresh(family: AddressFamily, ports: readonly number[]): number {
    const address = ANY_ADDRESS[family];
    const text = ports.length === 0 ? null : this.#readProc(procFileOf(address));
    if (text === null) return 0;
    const counted = this.#counted[family];
    let fresh = 0;
    for (const port of ports) {
      const now = kernelDrops(text, address, port) ?? 0;
      const before = counted.get(port) ?? 0;
      // Fewer than before: another socket has the port now.
      fresh += now < before ? now : now - before;
      counted.set(port, now);
    }
    for (const port of counted.keys()) if (!ports.includes(port)) counted.delete(port);
    return fresh;
  }
}
