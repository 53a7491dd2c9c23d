import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openJournal } from '../../storage/open-journal.ts';

const WRITER = join(import.meta.dirname, 'append-and-acknowledge.ts');
const SHIM = join(import.meta.dirname, 'disk-shim.c');

/** Linux and a C compiler are needed to stand between a process and its disk. */
export const cannotShim =
  process.platform !== 'linux' || spawnSync('gcc', ['--version']).status !== 0;

/** Compiles the library into `folder` and returns its path. */
export function compileShim(folder: string): string {
  const library = join(folder, 'disk-shim.so');
  const args = ['-shared', '-fPIC', '-O1', '-w', '-o', library, SHIM, '-ldl'];
  const { status, stderr } = spawnSync('gcc', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`gcc failed: ${stderr}`);
  return library;
}

export const DISK_ERRORS = { ENOSPC: 28, EIO: 5, EROFS: 30 } as const;

export interface WriterRun {
  readonly folder: string;
  /** The last sequence number that was acknowledged; 0: none. */
  readonly acknowledged: number;
  /** Whether it ended over a refused append or start, as it should where the disk fails. */
  readonly refused: boolean;
  readonly said: string;
}

/** Runs the writer with the library in place until it has made its commits or is refused. */
export function runWriter(
  library: string,
  folder: string,
  commits: number,
  environment: Readonly<Record<string, string>>,
): WriterRun {
  mkdirSync(folder, { recursive: true });
  const { status, signal, stderr } = spawnSync(process.execPath, [WRITER, folder, `${commits}`], {
    env: { ...process.env, LD_PRELOAD: library, ...environment },
    encoding: 'utf8',
  });
  if (signal !== 'SIGKILL' && status !== 3)
    throw new Error(`the writer ended with ${signal ?? status}: ${stderr}`);
  const lines = readFileSync(join(folder, 'acknowledged'), 'utf8').trim().split('\n');
  return {
    ...{ folder, acknowledged: Number(lines.at(-1)), refused: status === 3 },
    said: stderr,
  };
}

/** One call of a recorded run; `disk-shim.c` says what each kind is. */
export interface DiskRecord {
  readonly kind: 'W' | 'T' | 'U' | 'S' | 'O' | 'A';
  readonly file: number;
  readonly offset: number;
  readonly data: Buffer;
}

/** How many calls to the files of the journal a recorded run made. */
export function callsIn(logPath: string): number {
  return [...recordsIn(logPath)].filter(({ kind }) => kind !== 'A').length;
}

/** A recorded run, call by call. */
export function* recordsIn(path: string): Generator<DiskRecord> {
  const log = readFileSync(path);
  for (let at = 0; at < log.length; ) {
    const length = log.readUInt32LE(at + 2);
    yield {
      kind: String.fromCharCode(log[at]!) as DiskRecord['kind'],
      file: log[at + 1]!,
      offset: Number(log.readBigInt64LE(at + 6)),
      data: log.subarray(at + 14, at + 14 + length),
    };
    at += 14 + length;
  }
}

/** What is wrong with the journal in `folder`, of which so many entries were acknowledged; null: nothing. */
export function whatIsLost(folder: string, acknowledged: number): string | null {
  const there = whatIsThere(folder);
  return typeof there === 'string' ? there : missing(acknowledged, there);
}

/** The last entry of the journal in `folder` as a start finds it, or why it does not open. */
export function whatIsThere(folder: string): number | string {
  const opened = openJournal(folder, { reserveBytes: 0 });
  if (!opened.ok) return opened.problem.message;
  using journal = opened.journal;
  return journal.lastSequence();
}

/** Words for acknowledged entries that are gone; null: none are. */
export function missing(acknowledged: number, last: number): string | null {
  return last >= acknowledged ? null : `${acknowledged} acknowledged, ${last} there`;
}
