import { type CellStore, newCellStore } from './cell-store.ts';

/** Stores kept for polls to come; more of them are left to the garbage collector. */
const MOST_SPARE = 256;
const spare: CellStore[] = [];

/** A store of that size with anything in it. Only polls in progress have two. */
export function borrowStore(size: number): CellStore {
  const place = spare.findLastIndex(({ types }) => types.length === size);
  return place === -1 ? newCellStore(size) : spare.splice(place, 1)[0]!;
}

/** Gives a store back that nobody looks at any more. */
export function returnStore(store: CellStore): void {
  if (spare.length >= MOST_SPARE) spare.shift();
  spare.push(store);
}
