import { computed, signal } from '@preact/signals';

/** The only file of the console that reads the browser's clock or sets timers. */

/** How far the server's clock is ahead of the browser's. */
const skewMs = signal(0);
const browserNowMs = signal(Date.now());

/** The server's present time, moving every second: deadlines are the server's, so time is too. */
export const now = computed(() => browserNowMs.value + skewMs.value);

/** The same in steps, for "12 min ago" in long lists: they are drawn again only when it moves. */
const COARSE_STEP_MS = 15_000;
export const nearlyNow = computed(() => now.value - (now.value % COARSE_STEP_MS));

/** Learns the server's clock from an instant that it has just sent. */
export function syncClock(serverNow: string): void {
  browserNowMs.value = Date.now();
  skewMs.value = Date.parse(serverNow) - browserNowMs.value;
}

/** Milliseconds that never step; for measuring silence. */
export function monotonicMs(): number {
  return performance.now();
}

/** Calls once after a while; gives how to take it back. */
export function after(delayMs: number, callback: () => void): () => void {
  const timer = setTimeout(callback, delayMs);
  return () => clearTimeout(timer);
}

/** Calls every second, after `now` has moved. */
export function everySecond(callback: () => void): void {
  setInterval(() => {
    browserNowMs.value = Date.now();
    callback();
  }, 1000);
}
