import type { EngineState } from './state.ts';

/**
 * A copy that can be folded on by itself. What came with an event is never changed in place and is
 * shared by both; what `apply` changes in place is copied: the maps and sets of the state, the
 * records in them, and the maps, sets and lists of these.
 */
export function copyState(state: EngineState): EngineState {
  return copyFields(state, (held) =>
    isRecord(held) ? copyFields(held, (deeper) => deeper) : held,
  );
}

function copyFields<Held extends object>(held: Held, copyItem: (item: unknown) => unknown): Held {
  const copy = { ...held };
  for (const key in copy) {
    const value: unknown = copy[key];
    if (value instanceof Map || value instanceof Set || Array.isArray(value))
      copy[key] = copyCollection(value, copyItem) as (typeof copy)[typeof key];
  }
  return copy;
}

function copyCollection(
  collection: ReadonlyMap<unknown, unknown> | ReadonlySet<unknown> | readonly unknown[],
  copyItem: (item: unknown) => unknown,
): unknown {
  if (collection instanceof Set) return new Set(collection);
  if (Array.isArray(collection)) return [...collection];
  const copy = new Map();
  for (const [key, item] of collection as ReadonlyMap<unknown, unknown>)
    copy.set(key, copyItem(item));
  return copy;
}

function isRecord(value: unknown): value is object {
  return value !== null && typeof value === 'object';
}
