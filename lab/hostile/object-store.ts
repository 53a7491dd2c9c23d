import { assert } from '../../lib/assert.ts';
import { compareOids, parseOid } from '../oid.ts';
import type { Octets } from './ber.ts';

/** One object instance; its value is a whole element, tag and length included. */
export interface StoredObject {
  readonly oid: string;
  readonly value: Octets;
}

/** What an agent knows, in the order of OIDs. */
export class ObjectStore {
  readonly #values = new Map<string, () => Octets>();
  #sorted: { readonly oid: string; readonly parts: readonly number[] }[] | null = null;

  /** Sets or replaces an instance; a function is called for each answer. */
  set(oid: string, value: Octets | (() => Octets)): void {
    if (!this.#values.has(oid)) this.#sorted = null;
    this.#values.set(oid, typeof value === 'function' ? value : () => value);
  }

  delete(oid: string): void {
    if (this.#values.delete(oid)) this.#sorted = null;
  }

  /** Removes everything below `root`. */
  deleteBelow(root: string): void {
    for (const oid of [...this.#values.keys()]) if (oid.startsWith(`${root}.`)) this.delete(oid);
  }

  /** OIDs below `root`, in order. */
  below(root: string): string[] {
    return this.#order()
      .map(({ oid }) => oid)
      .filter((oid) => oid.startsWith(`${root}.`));
  }

  get(oid: string): StoredObject | null {
    const value = this.#values.get(oid);
    return value === undefined ? null : { oid, value: value() };
  }

  /** The first instance after `oid` (RFC 3416 §4.2.2); null at the end. */
  next(oid: string): StoredObject | null {
    const order = this.#order();
    const parts = partsOf(oid);
    let low = 0;
    let high = order.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareOids(order[middle]!.parts, parts) > 0) high = middle;
      else low = middle + 1;
    }
    const found = order[low];
    return found === undefined ? null : this.get(found.oid);
  }

  #order() {
    this.#sorted ??= [...this.#values.keys()]
      .map((oid) => ({ oid, parts: partsOf(oid) }))
      .sort((a, b) => compareOids(a.parts, b.parts));
    return this.#sorted;
  }
}

function partsOf(oid: string): readonly number[] {
  const parts = parseOid(oid);
  assert(parts !== null, `an OID is well formed: ${oid}`);
  return parts;
}
