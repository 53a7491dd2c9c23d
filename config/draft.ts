import type { Path } from './problem-text.ts';

/**
 * A file as its writer left it. `null` is a hole: what stands there, or ought to, does not fit the
 * schema, and that has been said. A check that needs what is in a hole says nothing, so that one
 * cause makes one message, while everything around the hole is still checked.
 */
export type Draft<Whole> = Whole extends readonly (infer Item)[]
  ? readonly (Draft<Item> | null)[]
  : Whole extends object
    ? { readonly [Key in keyof Whole]: Draft<Whole[Key]> | null }
    : Whole;

/** A part of a draft that may be a hole, or may have been left out. */
export type Maybe<Part> = Part | null | undefined;

/** The entries of a list, each with its place; none where the list itself is a hole. */
export function entriesOf<Item>(list: Maybe<readonly (Item | null)[]>): [number, Item][] {
  const entries: [number, Item][] = [];
  list?.forEach((item, index) => {
    if (item !== null) entries.push([index, item]);
  });
  return entries;
}

/** Whether the list is there with all of its entries. */
export function isWhole<Item>(list: Maybe<readonly (Item | null)[]>): list is readonly Item[] {
  return list !== null && list !== undefined && !list.includes(null);
}

/** Makes a hole at the place, in `root` itself. Nothing happens where a hole is around it already. */
export function makeHole(root: unknown, path: Path): void {
  let place = root;
  for (const part of path.slice(0, -1)) place = memberOf(place, part);
  const last = path.at(-1);
  if (last === undefined || place === null || typeof place !== 'object') return;
  (place as Record<string | number, unknown>)[last] = null;
}

/** What stands at a key or an index; undefined where there is neither mapping nor list. */
export function memberOf(value: unknown, part: string | number): unknown {
  if (value === null || typeof value !== 'object') return undefined;
  return (value as Record<string | number, unknown>)[part];
}
