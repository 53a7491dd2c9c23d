import { apply } from '../alerting/apply.ts';
import type { DomainEvent } from '../alerting/events.ts';
import { emptyState } from '../alerting/state.ts';
import { stateText } from '../alerting/state-text.ts';
import { createLiveLedger } from '../reports/live-ledger.ts';
import { liveLedgerText } from '../reports/live-ledger-text.ts';
import type { FoldedJournal } from './backup-manifest.ts';
import { sha256 } from './make-report.ts';
import { readJournal } from './read-journal.ts';

/** Folds a whole journal as a start of the service does. Throws when it cannot be read. */
export function foldJournal(folder: string): FoldedJournal {
  const opened = readJournal<DomainEvent>(folder);
  if (opened === null) throw new Error(`there is no journal in ${folder}`);
  if (!opened.ok) throw new Error(opened.problem.message);
  using reader = opened.reader;
  const state = emptyState();
  const ledger = createLiveLedger('UTC');
  let tail = { sequence: 0, hash: '' };
  for (const entry of reader.entries()) {
    apply(state, entry.event);
    ledger.apply(entry);
    tail = entry;
  }
  return {
    entries: tail.sequence,
    lastHash: tail.hash,
    stateHash: sha256(stateText(state)),
    ledgerHash: sha256(liveLedgerText(ledger.state)),
  };
}
