import { assert } from '../../../lib/assert.ts';

/** A cache that forgets what was used least recently once it holds `limit` entries. */
export interface BoundedCache<V> {
  readonly size: number;
  /** The value kept under `key`, or the one that `make` gives, which is then kept. */
  get(key: string, make: () => V): V;
}

/** An empty cache for at least one entry. */
export function newBoundedCache<V>(limit: number): BoundedCache<V> {
  assert(limit > 0, 'a cache has room');
  const entries = new Map<string, { readonly value: V }>();
  return {
    get size() {
      return entries.size;
    },
    get(key, make) {
      const entry = entries.get(key) ?? { value: make() };
      // A Map keeps the order of insertion: what is put in again is the newest.
      entries.delete(key);
      entries.set(key, entry);
      for (const oldest of entries.keys()) {
        if (entries.size <= limit) break;
        entries.delete(oldest);
      }
      return entry.value;
    },
  };
}
