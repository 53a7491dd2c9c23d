import { comparableAddress } from './peer-address.ts';

/** Who sent what could not be read, and when last. Anyone can write any sender on a datagram, so this is a hint for people and decides nothing. */
export interface UnreadableSenders {
  note(sender: { readonly address: string; readonly port: number }, nowMs: number): void;
  /** Whether something unreadable came from there at or after `sinceMs` of the monotonic clock. */
  hasSentSince(comparableAddress: string, port: number, sinceMs: number): boolean;
}

/** Senders remembered; a flood of forged ones pushes out those heard of longest ago. */
const MOST_SENDERS = 4096;

/** One that has heard of nobody. Both questions take the same time however many senders and requests there are. */
export function newUnreadableSenders(mostSenders = MOST_SENDERS): UnreadableSenders {
  const lastMs = new Map<string, number>();
  return {
    note(sender, nowMs) {
      const key = keyOf(comparableAddress(sender.address), sender.port);
      // A Map keeps the order of insertion: what is put in again is the newest.
      lastMs.delete(key);
      lastMs.set(key, nowMs);
      if (lastMs.size <= mostSenders) return;
      for (const oldest of lastMs.keys()) {
        lastMs.delete(oldest);
        break;
      }
    },
    hasSentSince: (address, port, sinceMs) =>
      (lastMs.get(keyOf(address, port)) ?? Number.NEGATIVE_INFINITY) >= sinceMs,
  };
}

function keyOf(address: string, port: number): string {
  return `${address} ${port}`;
}
