import { setFlagsFromString } from 'node:v8';

/** How much a heap may grow, in percent of what is alive, until what is not is looked for. */
const GROWTH_PERCENT = 50;

/**
 * Has the program, with all its threads, collect garbage before its heap is half as large again as
 * what it needs. By itself V8 lets a heap grow to four times that when memory seems plenty, and a
 * collector that has walked thousands of devices would keep that memory for good.
 */
export function boundHeapGrowth(): void {
  setFlagsFromString(`--heap-growing-percent=${GROWTH_PERCENT}`);
}
