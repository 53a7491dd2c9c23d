/** Why a journal cannot be opened. The message is for the person who starts the service. */
export interface JournalProblem {
  readonly reason:
    | 'in-use'
    | 'not-writable'
    | 'disk-full'
    | 'damaged'
    | 'newer-version'
    | 'io-error';
  readonly folder: string;
  readonly message: string;
  /** The cause in the words of whoever noticed it; empty where none is known. */
  readonly detail: string;
}

/** SQLite's primary result codes that a person can act on: https://sqlite.org/rescode.html */
const REASON_BY_CODE: Readonly<Record<number, JournalProblem['reason']>> = {
  5: 'in-use',
  6: 'in-use',
  8: 'not-writable',
  10: 'io-error',
  11: 'damaged',
  13: 'disk-full',
  14: 'not-writable',
  26: 'damaged',
};
const REASON_BY_ERRNO: Readonly<Record<string, JournalProblem['reason']>> = {
  EACCES: 'not-writable',
  EPERM: 'not-writable',
  EROFS: 'not-writable',
  ENOTDIR: 'not-writable',
  EEXIST: 'not-writable',
  ENOSPC: 'disk-full',
  EDQUOT: 'disk-full',
};

const ADVICE: Readonly<Record<JournalProblem['reason'], string>> = {
  'in-use': 'another Threenines service is using this folder; stop it, or give this one its own',
  'not-writable': 'the folder or its journal cannot be written; check owner, permissions and mount',
  'disk-full': 'the disk is full; free some space',
  damaged: 'the journal is damaged; keep the folder as it is and restore a backup',
  'newer-version': 'the journal was written by a newer Threenines; run that version or a later one',
  'io-error': 'the disk reports errors; check it before starting again',
};

/** Says what is wrong, with which folder, and what to do; `detail` is the cause where one is known. */
export function journalProblem(
  reason: JournalProblem['reason'],
  folder: string,
  detail = '',
): JournalProblem {
  const cause = detail === '' ? '' : ` (${detail})`;
  return {
    reason,
    folder,
    detail,
    message: `cannot open the journal in ${folder}: ${ADVICE[reason]}${cause}`,
  };
}

/** The problem for whoever asks from outside: without the path of the folder and what the system said of it. */
export function publicProblem({ reason }: JournalProblem): string {
  return `the journal cannot be opened: ${ADVICE[reason]}`;
}

/** Turns what SQLite or the file system threw into a problem. An error of any other kind is a bug and is thrown on. */
export function problemFromError(error: unknown, folder: string): JournalProblem {
  const reason = reasonOf(error);
  if (reason === null) throw error;
  return journalProblem(reason, folder, describeError(error));
}

/** The error in one line: SQLite's text and code, or the system's. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { errcode } = error as { errcode?: number };
  return errcode === undefined ? error.message : `${error.message}, SQLite code ${errcode}`;
}

function reasonOf(error: unknown): JournalProblem['reason'] | null {
  if (!(error instanceof Error)) return null;
  const { code, errcode } = error as { code?: string; errcode?: number };
  if (errcode !== undefined) return REASON_BY_CODE[errcode & 0xff] ?? 'io-error';
  return REASON_BY_ERRNO[code ?? ''] ?? (code?.startsWith('E') ? 'io-error' : null);
}
