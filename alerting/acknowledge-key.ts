import type { Random } from '../lib/random.ts';

/** Where the key of acknowledge links is kept over a restart; a file beside the journal, as a rule. */
export interface KeyStore {
  /** What was saved last, or null. */
  load(): string | null;
  /** Throws when it is not kept. */
  save(text: string): void;
}

const KEY_OCTETS = 32;
const KEY = /^[0-9a-f]{64}$/;

/**
 * The key under which acknowledge links are signed: the kept one, else a new one that is kept first.
 * A lost key costs no more than the links that are under way. Throws when it cannot be kept.
 */
export function acknowledgeKey(store: KeyStore, random: Random): string {
  const kept = store.load()?.trim();
  if (kept !== undefined && KEY.test(kept)) return kept;
  const key = Buffer.from(random.bytes(KEY_OCTETS)).toString('hex');
  store.save(`${key}\n`);
  return key;
}
