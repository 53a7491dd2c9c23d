import { canonicalAddress } from '../../config/address.ts';
import type { DurationMs } from '../../lib/time.ts';

/** Runs fping with these arguments and gives what it wrote to standard error; null: there is no fping. */
export type RunFping = (args: readonly string[], signal: AbortSignal) => Promise<string | null>;

/** Addresses on one command line. */
export const MOST_ADDRESSES_AT_ONCE = 500;
const PACKET_GAP_MS = 500;
const WAIT_MS = 1_000;

/** One process for all: each address gets its packets half a second apart, interleaved with the others. */
export function fpingArguments(addresses: readonly string[], packets: number): string[] {
  const options = ['-C', String(packets), '-q', '-r', '0', '-B', '1', '-i', '5'];
  return [...options, '-p', String(PACKET_GAP_MS), '-t', String(WAIT_MS), ...addresses];
}

/**
 * Round trips by address from `fping -C n -q`: `192.0.2.1 : 0.05 - 0.07`, a dash for a packet that was
 * lost. Other lines (ICMP errors) say nothing about round trips.
 */
export function parseFping(text: string): Map<string, (DurationMs | null)[]> {
  const byAddress = new Map<string, (DurationMs | null)[]>();
  for (const line of text.split('\n')) {
    const [, address, trips] = /^(\S+)\s*:((?:\s+(?:-|\d+(?:\.\d+)?))+)\s*$/.exec(line) ?? [];
    if (address === undefined || trips === undefined) continue;
    const read = trips.trim().split(/\s+/);
    byAddress.set(
      canonicalAddress(address),
      read.map((each) => (each === '-' ? null : Number(each))),
    );
  }
  return byAddress;
}
