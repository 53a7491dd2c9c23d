import { hash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** What folds the journal, and what keeps the result. */
const ENTRIES = [
  new URL('../alerting/apply.ts', import.meta.url),
  new URL('../reports/live-ledger.ts', import.meta.url),
  new URL('./fold-snapshot.ts', import.meta.url),
];
/** The other files that a file names, for their types alone too. */
const IMPORT = /(?:from|import)[\s(]*'(\.{1,2}\/[^']+\.ts)'/g;

/**
 * Tells one way of folding from every other: SHA-256, in hexadecimal, over all source files that can
 * have a part in the fold, and the versions of what runs them, Unicode and time zones included. A
 * program that was changed in any of them does not take over what the one before had folded. Throws
 * what the file system says where a file cannot be read.
 */
export function foldDigest(entries: readonly URL[] = ENTRIES): string {
  const files = [...closureOf(entries)].sort(([a], [b]) => (a < b ? -1 : 1));
  return hash('sha256', JSON.stringify([process.versions, files.map(([, text]) => text)]));
}

/** The paths of the files that the fold is made of, in no order. */
export function foldFiles(): readonly string[] {
  return [...closureOf(ENTRIES).keys()];
}

function closureOf(entries: readonly URL[]): Map<string, string> {
  const found = new Map<string, string>();
  const waiting = entries.map((entry) => fileURLToPath(entry));
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    // What a comment names need not be there.
    if (found.has(path) || !existsSync(path)) continue;
    const text = readFileSync(path, 'utf8');
    found.set(path, text);
    for (const [, named] of text.matchAll(IMPORT))
      waiting.push(fileURLToPath(new URL(named!, pathToFileURL(path))));
  }
  return found;
}
