import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Random, seededRandom } from '../../lib/random.ts';
import { openJournal } from '../../storage/open-journal.ts';

const WRITER = join(import.meta.dirname, 'append-and-acknowledge.ts');
const SHIM = join(import.meta.dirname, 'disk-shim.c');
/** What a disk writes as a whole. */
const SECTOR = 512;
const NAMES = ['', 'journal.sqlite', 'journal.sqlite-wal'] as const;

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

interface DiskRecord {
  readonly kind: 'W' | 'T' | 'U' | 'S' | 'O' | 'A';
  readonly file: number;
  readonly offset: number;
  readonly data: Buffer;
}

/** How many calls to the files of the journal a recorded run made. */
export function callsIn(logPath: string): number {
  return [...recordsIn(logPath)].filter(({ kind }) => kind !== 'A').length;
}

function* recordsIn(path: string): Generator<DiskRecord> {
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

/** A file as it is on the disk for certain, and what was done to it since. */
class DiskFile {
  #durable: Buffer | null = null;
  #pending: DiskRecord[] = [];

  take(record: DiskRecord): void {
    if (record.kind !== 'S') {
      this.#pending.push(record);
      return;
    }
    this.#durable = this.#pending.reduce(applyWhole, this.#durable);
    this.#pending = [];
  }

  /** What a power cut leaves: `keep` says of each sector that was not synced whether it is there. */
  afterCut(keep: () => boolean): Buffer | null {
    return this.#pending.reduce<Buffer | null>(
      (content, record) => {
        if (record.kind !== 'W') return keep() ? applyWhole(content, record) : content;
        let left = content;
        for (let from = 0; from < record.data.length; ) {
          const to = Math.min(
            record.data.length,
            from + SECTOR - ((record.offset + from) % SECTOR),
          );
          const sector = {
            ...record,
            offset: record.offset + from,
            data: record.data.subarray(from, to),
          };
          if (keep()) left = applyWhole(left, sector);
          from = to;
        }
        return left;
      },
      this.#durable === null ? null : Buffer.from(this.#durable),
    );
  }
}

function applyWhole(content: Buffer | null, { kind, offset, data }: DiskRecord): Buffer | null {
  if (kind === 'U') return null;
  const before = content ?? Buffer.alloc(0);
  if (kind === 'T') {
    if (offset <= before.length) return before.subarray(0, offset);
    return Buffer.concat([before, Buffer.alloc(offset - before.length)]);
  }
  const end = offset + data.length;
  const after =
    end > before.length ? Buffer.concat([before, Buffer.alloc(end - before.length)]) : before;
  data.copy(after, offset);
  return after;
}

export interface CutResult {
  /** Writes after each of which the power was cut. */
  readonly points: number;
  /** Disks that were opened: three for each point. */
  readonly disks: number;
  readonly acknowledged: number;
  readonly problems: readonly string[];
}

/**
 * Cuts the power after every `each`th write of a recorded run. What was synced is on the disk; of what
 * was not, nothing, all, or a random part of the sectors. Each disk must open with everything that was
 * acknowledged before the cut.
 */
export function replayPowerCuts(logPath: string, seed: number, each = 1): CutResult {
  const random = seededRandom(seed);
  const files = [new DiskFile(), new DiskFile(), new DiskFile()];
  const folder = mkdtempSync(join(tmpdir(), 'threenines-cut-'));
  const problems: string[] = [];
  let [acknowledged, writes, points, disks] = [0, 0, 0, 0];
  try {
    for (const record of recordsIn(logPath)) {
      if (record.kind === 'A') {
        acknowledged = Number(record.data.toString('latin1'));
        continue;
      }
      if (record.kind === 'O') continue;
      files[record.file]!.take(record);
      // Before the schema was committed there is nothing that anyone relies on.
      writes += 1;
      if (acknowledged === 0 || writes % each !== 0) continue;
      points += 1;
      for (const keep of [() => false, () => true, coin(random)]) {
        disks += 1;
        const problem = openAfterCut(folder, files, keep, acknowledged);
        if (problem !== null) problems.push(`cut ${writes}: ${problem}`);
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return { points, disks, acknowledged, problems };
}

function coin(random: Random): () => boolean {
  return () => random.next() < 0.5;
}

function openAfterCut(
  folder: string,
  files: readonly DiskFile[],
  keep: () => boolean,
  acknowledged: number,
): string | null {
  const data = join(folder, 'data');
  rmSync(data, { recursive: true, force: true });
  mkdirSync(data);
  for (const [index, file] of files.entries()) {
    const content = index === 0 ? null : file.afterCut(keep);
    if (content !== null) writeFileSync(join(data, NAMES[index]!), content);
  }
  return whatIsLost(data, acknowledged);
}

/** What is wrong with the journal in `folder`, of which so many entries were acknowledged; null: nothing. */
export function whatIsLost(folder: string, acknowledged: number): string | null {
  const opened = openJournal(folder, { reserveBytes: 0 });
  if (!opened.ok) return opened.problem.message;
  using journal = opened.journal;
  const last = journal.lastSequence();
  return last >= acknowledged ? null : `${acknowledged} acknowledged, ${last} there`;
}
