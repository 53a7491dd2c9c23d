import { hash } from 'node:crypto';
import { apply } from '../../alerting/apply.ts';
import type { DomainEvent } from '../../alerting/events.ts';
import { emptyState } from '../../alerting/state.ts';
import { openFolder } from '../../app/kept-fold.ts';
import { canonicalJson } from '../../lib/canonical-json.ts';
import type { NewEntry } from '../../lib/journal.ts';
import { createLineLogger } from '../../lib/logger.ts';
import { createLiveLedger } from '../../reports/live-ledger.ts';
import { liveLedgerText } from '../../reports/live-ledger-text.ts';
import { foldDigest } from '../../storage/fold-digest.ts';
import type { FoldIdentity } from '../../storage/fold-snapshot.ts';
import { openJournal } from '../../storage/open-journal.ts';
import { plainText } from '../simulation/sim-journal.ts';

export const ZONE = 'Asia/Shanghai';
export const FOLD: FoldIdentity = { digest: foldDigest(), timeZone: ZONE };

/** Appends to the journal of `folder`, as the service does. */
export async function append(folder: string, entries: readonly NewEntry<DomainEvent>[]) {
  const opened = openJournal<DomainEvent>(folder, { reserveBytes: 0 });
  if (!opened.ok) throw new Error(opened.problem.message);
  using journal = opened.journal;
  await journal.append(entries);
}

/** Both states as hashes over their text, maps in the order in which they came to be. */
export function textOf(
  engine: ReturnType<typeof emptyState>,
  ledger: ReturnType<typeof createLiveLedger>,
) {
  return {
    engine: hash('sha256', plainText(engine)),
    ledger: hash('sha256', liveLedgerText(ledger.state)),
  };
}

/** What the events fold to, the first of them to the last. */
export function wholeFold(entries: readonly NewEntry<DomainEvent>[]) {
  const engine = emptyState();
  const ledger = createLiveLedger(ZONE);
  for (const entry of entries) {
    // As it reads in the journal.
    const event = JSON.parse(canonicalJson(entry.event)) as DomainEvent;
    apply(engine, event);
    ledger.apply({ event });
  }
  return textOf(engine, ledger);
}

/** A start: where it went on from, what was folded, and what the log said. */
export function startOn(folder: string, timeZone = ZONE) {
  const said: string[] = [];
  const log = createLineLogger('warn', (line) => said.push(line));
  const opened = openFolder(folder, timeZone, log);
  if (!opened.ok) return { problem: opened.problem, said };
  using journal = opened.journal;
  const { snapshot, unprovenCount } = opened.keptFold;
  const engine = snapshot?.engine ?? emptyState();
  const ledger = createLiveLedger(timeZone, snapshot?.ledger);
  journal.visitEvents((event) => {
    apply(engine, event);
    ledger.apply({ event });
  }, snapshot?.sequence);
  return { from: snapshot?.sequence ?? 0, unprovenCount, folded: textOf(engine, ledger), said };
}
