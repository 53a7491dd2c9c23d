import type { LiveLedgerState } from './live-ledger.ts';

/** The state as one text: what a backup is compared by. */
export function liveLedgerText({ ledger, roster, books }: LiveLedgerState): string {
  return JSON.stringify({
    ledger: { ...ledger, timelines: Array.from(ledger.timelines) },
    roster: { ...roster, devices: Array.from(roster.devices) },
    books: Array.from(books, ([deviceId, book]) => [deviceId, Array.from(book)]),
  });
}
