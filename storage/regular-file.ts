import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';

/**
 * The octets of a file that somebody else may have put there: a regular file, no link, pipe or device,
 * of at most `mostBytes`. Never waits for a writer. Throws an error that says what it is instead.
 */
export function readRegularFile(path: string, mostBytes: number): Buffer {
  const handle = openRegularFile(path, mostBytes);
  try {
    return readFileSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Throws as `readRegularFile` does where the file is none, or too large. */
export function requireRegularFile(path: string, mostBytes: number): void {
  closeSync(openRegularFile(path, mostBytes));
}

function openRegularFile(path: string, mostBytes: number): number {
  // Opening a pipe without a writer would otherwise wait for one. Windows has neither flag.
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
  let handle: number;
  try {
    handle = openSync(path, flags);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ELOOP') throw error;
    throw new Error(`${path} is a link, not a regular file`);
  }
  const found = fstatSync(handle);
  if (found.isFile() && found.size <= mostBytes) return handle;
  closeSync(handle);
  if (!found.isFile()) throw new Error(`${path} is not a regular file`);
  throw new Error(`${path} has ${found.size} octets, more than the ${mostBytes} it may have`);
}
