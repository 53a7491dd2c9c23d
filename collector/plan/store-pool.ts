import { type CellStore, newCellStore, type StoreShape } from './cell-store.ts';

/** Stores kept for polls to come; more of them are left to the garbage collector. */
const MOST_SPARE = 256;
const spare: CellStore[] = [];

/** A store of that shape with anything in it. Only polls in progress have two. */
export function borrowStore(shape: StoreShape): CellStore {
  const place = spare.findLastIndex(
    ({ types, highs, wideFrom }) =>
      types.length === shape.size &&
      highs.length === shape.wideCount &&
      wideFrom === shape.wideFrom,
  );
  return place === -1 ? newCellStore(shape) : spare.splice(place, 1)[0]!;
}

/** Gives a store back that nobody looks at any more. */
export function returnStore(store: CellStore): void {
  if (spare.length >= MOST_SPARE) spare.shift();
  spare.push(store);
}
