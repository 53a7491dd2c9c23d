import { closeSync, existsSync, fsyncSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const MIB = 1024 * 1024;
const RESERVE_FILE = 'disk-reserve';
/** Room for about a hundred thousand entries: hours of a bad day. */
export const RESERVE_BYTES = 16 * MIB;
/** A reserve is put aside only where it takes no more than a tenth of what is free. */
const PLENTY = 10;

/** `held`: put aside; `spent`: given back because the disk is nearly full; `none`: too little room to put any aside. */
export type DiskReserve = 'held' | 'spent' | 'none';

/**
 * Keeps some disk space aside, and gives it back at a start on a disk that is nearly full: the
 * service can then go on recording and paging, and say that the disk is full, instead of dying at
 * its first append. Called before the journal is opened. Throws the system's error when the folder
 * cannot be written.
 */
export function keepDiskReserve(folder: string, reserveBytes: number = RESERVE_BYTES): DiskReserve {
  const path = join(folder, RESERVE_FILE);
  const { bavail, bsize } = statfsSync(folder);
  const freeBytes = bavail * bsize;
  if (existsSync(path)) {
    if (freeBytes >= reserveBytes) return 'held';
    rmSync(path);
    return 'spent';
  }
  if (freeBytes < reserveBytes * PLENTY) return 'none';
  writeZeros(path, reserveBytes);
  return 'held';
}

/** Gives the reserve back; false where there is none, or where the disk lets nothing be removed. */
export function spendDiskReserve(folder: string): boolean {
  const path = join(folder, RESERVE_FILE);
  try {
    if (!existsSync(path)) return false;
    rmSync(path);
    return true;
  } catch {
    return false;
  }
}

/** Real blocks, not a hole: a sparse file would reserve nothing. */
function writeZeros(path: string, bytes: number): void {
  const handle = openSync(path, 'w', 0o600);
  try {
    const zeros = new Uint8Array(MIB);
    for (let written = 0; written < bytes; written += zeros.length) writeSync(handle, zeros);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
