import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '../../lib/random.ts';
import { missing, recordsIn, whatIsThere } from './disk-faults.ts';
import { DiskFile, type Keep } from './disk-file.ts';

const NAMES = ['journal.sqlite', 'journal.sqlite-wal'] as const;
/** Power cuts in a row that one of several shares takes: most of them leave a disk like that of one before. */
const CUTS_TO_A_SHARE = 64;
/** Disks remembered by what is on them: equal ones come one after the other. */
const MOST_REMEMBERED = 16;
/** What is played here lives for milliseconds and is no disk to rely on: memory is as good, and quicker. */
const MEMORY = '/dev/shm';

export interface PowerCutTask {
  readonly logPath: string;
  readonly seed: number;
  /** The power is cut after each so manieth write; left out: after each. */
  readonly each?: number;
  /** Of all cuts one share in so many; left out: all. */
  readonly share?: { readonly index: number; readonly of: number };
}

export interface CutResult {
  /** Writes after each of which the power was cut. */
  readonly points: number;
  /** What the power cuts left: three disks each, nothing, all, or a part of what was not synced. */
  readonly disks: number;
  /** Of those the different ones, which were opened. */
  readonly opened: number;
  readonly acknowledged: number;
  readonly problems: readonly string[];
}

/**
 * Cuts the power in a recorded run. What was synced is on the disk; of what was not, nothing, all, or a
 * random part of the sectors. Each disk must open with everything that was acknowledged before the cut.
 */
export function replayPowerCuts(task: PowerCutTask): CutResult {
  const { logPath, seed, each = 1, share = { index: 0, of: 1 } } = task;
  using cuts = new PowerCuts();
  let writes = 0;
  for (const record of recordsIn(logPath)) {
    if (record.kind === 'A') {
      cuts.acknowledged = Number(record.data.toString('latin1'));
      continue;
    }
    if (record.kind === 'O') continue;
    cuts.files[record.file - 1]!.take(record);
    writes += 1;
    // Before the schema was committed there is nothing that anyone relies on.
    if (cuts.acknowledged === 0 || writes % each !== 0) continue;
    if (Math.floor(writes / each / CUTS_TO_A_SHARE) % share.of !== share.index) continue;
    // Of each cut the same sectors are torn, whoever plays it.
    const random = seededRandom(seed + writes);
    cuts.cut(writes, () => random.next() < 0.5);
  }
  const { points, disks, opened, acknowledged, problems } = cuts;
  return { points, disks, opened, acknowledged, problems };
}

class PowerCuts implements Disposable {
  readonly files = [new DiskFile(), new DiskFile()];
  readonly problems: string[] = [];
  acknowledged = 0;
  points = 0;
  disks = 0;
  opened = 0;
  readonly #folder = mkdtempSync(join(existsSync(MEMORY) ? MEMORY : tmpdir(), 'threenines-cut-'));
  /** What is on a disk → its last entry, or why its journal does not open. */
  readonly #known = new Map<string, number | string>();

  cut(writes: number, coin: Keep): void {
    this.points += 1;
    this.#judge(writes, this.#versions(false), () => false);
    this.#judge(writes, this.#versions(true), () => true);
    const isAllSynced = this.files.every(({ isSynced }) => isSynced);
    this.#judge(writes, isAllSynced ? this.#versions(true) : null, coin);
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #versions(isAllThere: boolean): string {
    return this.files.map((file) => file.version(isAllThere)).join(' ');
  }

  /** `content`: equal for equal disks; null where no other is like it. */
  #judge(writes: number, content: string | null, keep: Keep): void {
    this.disks += 1;
    const known = content === null ? undefined : this.#known.get(content);
    const there = known ?? this.#open(keep);
    if (content !== null && known === undefined) this.#remember(content, there);
    const lost = typeof there === 'string' ? there : missing(this.acknowledged, there);
    if (lost !== null) this.problems.push(`cut ${writes}: ${lost}`);
  }

  #remember(content: string, there: number | string): void {
    this.#known.set(content, there);
    const [oldest] = this.#known.keys();
    if (this.#known.size > MOST_REMEMBERED) this.#known.delete(oldest!);
  }

  #open(keep: Keep): number | string {
    this.opened += 1;
    const data = join(this.#folder, 'data');
    rmSync(data, { recursive: true, force: true });
    mkdirSync(data);
    for (const [index, file] of this.files.entries()) {
      const content = file.afterCut(keep);
      if (content !== null) writeFileSync(join(data, NAMES[index]!), content);
    }
    return whatIsThere(data);
  }
}
