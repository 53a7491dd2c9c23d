import { readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';
import { basename } from 'node:path';

/** Of 19, at which a thread runs only when nothing else wants to. */
const NICE = 10;

/**
 * Lets every other thread of the machine go before the one that calls: for work in a worker thread
 * that is in no hurry. Linux counts niceness by thread; elsewhere, and where the system refuses,
 * nothing changes.
 */
export function yieldToOtherThreads(): void {
  if (process.platform !== 'linux') return;
  try {
    setPriority(Number(basename(readlinkSync('/proc/thread-self'))), NICE);
  } catch {
    // Work that is not put behind is done all the same.
  }
}
