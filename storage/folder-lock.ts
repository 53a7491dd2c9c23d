import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Its lock, not its content, matters: the file stays empty. */
const LOCK_FILE = 'service.lock';
const SQLITE_BUSY = 5;

/**
 * Takes the folder for this process, or returns null when another one has it. The lock is the
 * operating system's, held through SQLite: it ends with the process however that dies, so there is
 * no stale lock to clear, and it works the same on every platform Node runs on. Dispose to let go.
 */
export function lockFolder(folder: string): Disposable | null {
  const database = new DatabaseSync(join(folder, LOCK_FILE), { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
    return database;
  } catch (error) {
    database.close();
    if (((error as { errcode?: number }).errcode ?? 0) % 256 === SQLITE_BUSY) return null;
    throw error;
  }
}
