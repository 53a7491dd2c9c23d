import type { LiveLedgerState } from './live-ledger.ts';

/** The state as text, for a journal snapshot at the sequence number of the last entry applied. */
export function writeLiveLedger({ ledger, roster, books }: LiveLedgerState): string {
  return JSON.stringify({
    ledger: { ...ledger, timelines: Array.from(ledger.timelines) },
    roster: { ...roster, devices: Array.from(roster.devices) },
    books: Array.from(books, ([deviceId, book]) => [deviceId, Array.from(book)]),
  });
}

/** Reads what `writeLiveLedger` wrote; the journal has checked that the text is unchanged. */
export function readLiveLedger(text: string): LiveLedgerState {
  const { ledger, roster, books } = JSON.parse(text);
  return {
    ledger: { ...ledger, timelines: new Map(ledger.timelines) },
    roster: { ...roster, devices: new Map(roster.devices) },
    books: new Map(books.map(([deviceId, book]: [string, []]) => [deviceId, new Map(book)])),
  };
}
