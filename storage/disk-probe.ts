import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { spendDiskReserve } from './disk-reserve.ts';

/** Room for what a start writes, and some minutes of a calm day. */
export const PROBE_BYTES = 1024 * 1024;
const PROBE_FILE = 'disk-probe';
const FULL: readonly (string | undefined)[] = ['ENOSPC', 'EDQUOT'];

/**
 * Whether the disk under `folder` takes, for certain, what a start would write: the error that it gives
 * instead, or null. On a full one the reserve is given back first, so that the service can go on with it.
 */
export function probeDisk(folder: string, bytes: number = PROBE_BYTES): Error | null {
  const error = tryWriting(folder, bytes);
  if (error === null || !FULL.includes((error as NodeJS.ErrnoException).code)) return error;
  return spendDiskReserve(folder) ? tryWriting(folder, bytes) : error;
}

function tryWriting(folder: string, bytes: number): Error | null {
  const path = join(folder, PROBE_FILE);
  try {
    const handle = openSync(path, 'w', 0o600);
    try {
      const content = new Uint8Array(bytes);
      for (let written = 0; written < bytes; ) written += writeSync(handle, content, written);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
      rmSync(path, { force: true });
    }
    return null;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
