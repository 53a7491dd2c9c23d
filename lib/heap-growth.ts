import { setFlagsFromString } from 'node:v8';

/** How much a heap may grow, in percent of what is alive, until what is not is looked for. */
const GROWTH_PERCENT = 30;
/** Where a thread keeps what it has just made: half of the room that this takes. */
const YOUNG_MB = 4;

/**
 * Has the program, with all its threads, collect garbage before its heap is a third larger than
 * what it needs. By itself V8 lets a heap grow to four times that when memory seems plenty, and a
 * collector that has walked thousands of devices would keep that memory for good. The room for what
 * is young stays as large as the start of the program has made it, and is small in threads that
 * begin later: one burst of work, such as reading a large configuration, would take 64 MB for good.
 */
export function boundHeapGrowth(): void {
  setFlagsFromString(`--heap-growing-percent=${GROWTH_PERCENT}`);
  setFlagsFromString(`--min-semi-space-size=${YOUNG_MB}`);
  setFlagsFromString('--semi-space-growth-factor=1');
}
