import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Ends the name of a file that is being written; one that is found was left by a crash. */
export const UNFINISHED = '.unfinished';

/**
 * Writes a file whole or not at all, and on disk before this returns: the content first, then its name.
 * Throws what the file system says; a file that was at `path` before is then still there.
 */
export function writeDurably(path: string, content: string | Uint8Array): void {
  const unfinished = `${path}${UNFINISHED}`;
  try {
    const handle = openSync(unfinished, 'w', 0o600);
    try {
      writeFileSync(handle, content);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(unfinished, path);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  }
  syncFolder(dirname(path));
}

/** Where a folder cannot be opened as a file (Windows), its entries are durable without it. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
