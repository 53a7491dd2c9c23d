import { statfsSync } from 'node:fs';

export interface DiskRoom {
  readonly freeBytes: number;
  readonly totalBytes: number;
}

/** Room on the disk under `folder` for a process without privileges; null where that cannot be read. */
export function readDiskRoom(folder: string): DiskRoom | null {
  try {
    const { bavail, blocks, bsize } = statfsSync(folder);
    return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
  } catch {
    return null;
  }
}
