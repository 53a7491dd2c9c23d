import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** How much a heap may grow, in percent of what is alive, until what is not is looked for. */
const GROWTH_PERCENT = 50;
/** Room for what has just been made: less would be cleared too often, and V8 would take four times as much. */
const YOUNG_MB = 16;
/** Of this room a thread has half for what it makes and half for what survives. */
const HALVES = 2;
const OCTETS_PER_MB = 1024 ** 2;

/**
 * Has the program, with all its threads, collect garbage before its heap is half as large again as
 * what it needs. By itself V8 lets a heap grow to four times that when memory seems plenty, and a
 * collector that has walked thousands of devices would keep that memory for good. The room for what
 * is young is bounded too: one burst of work, such as reading a large configuration, would take 64 MB
 * for good. V8 asks how much to grow by whenever it has cleared that room, and takes it back from a
 * program that is idle: so the answer is looked at after each time.
 */
export function boundHeapGrowth(): void {
  setFlagsFromString(`--heap-growing-percent=${GROWTH_PERCENT}`);
  setFlagsFromString(`--min-semi-space-size=${YOUNG_MB / HALVES}`);
  growYoungBy(1);
  const observer = new PerformanceObserver(() => growYoungBy(youngMb() * 2 <= YOUNG_MB ? 2 : 1));
  observer.observe({ entryTypes: ['gc'] });
}

function growYoungBy(factor: 1 | 2): void {
  setFlagsFromString(`--semi-space-growth-factor=${factor}`);
}

function youngMb(): number {
  const young = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space');
  return (young?.space_size ?? 0) / OCTETS_PER_MB;
}
