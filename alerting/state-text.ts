import { canonicalJson } from '../lib/canonical-json.ts';
import type { EngineState } from './state.ts';

/**
 * The whole state as one canonical text: equal states give equal bytes. What a replay is compared
 * by, and what a snapshot holds.
 */
export function stateText(state: EngineState): string {
  return canonicalJson(plain(state));
}

/** Maps become sorted pairs and sets sorted lists, so that the order of insertion does not show. */
function plain(value: unknown): unknown {
  if (value instanceof Map) {
    return [...value].map(([key, item]) => [key, plain(item)]).sort(byFirst);
  }
  if (value instanceof Set) return [...value].sort();
  if (Array.isArray(value)) return value.map(plain);
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
  }
  return value;
}

function byFirst(a: unknown[], b: unknown[]): number {
  return String(a[0]) < String(b[0]) ? -1 : 1;
}
