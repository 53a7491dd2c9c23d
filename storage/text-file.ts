import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';

/** A small text kept in one file: whole or not at all, whatever happens while it is written. */
export interface TextFile {
  /** What was saved last; null when nothing was, or it cannot be read. */
  load(): string | null;
  /** Throws when the disk does not take it; the text saved before is then still there. */
  save(text: string): void;
}

/** The text at `path`; its folder must exist. */
export function textFile(path: string): TextFile {
  return {
    load() {
      try {
        return readFileSync(path, 'utf8');
      } catch {
        return null;
      }
    },
    save(text) {
      const temporary = `${path}.new`;
      const handle = openSync(temporary, 'w', 0o600);
      try {
        writeSync(handle, text);
        fsyncSync(handle);
      } finally {
        closeSync(handle);
      }
      renameSync(temporary, path);
    },
  };
}
