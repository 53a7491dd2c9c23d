import { readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { UNFINISHED, writeDurably } from './durable-file.ts';
import { makeFolder } from './make-folder.ts';

/** One number or text of something at an instant. */
export interface InfluxPoint {
  readonly measurement: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly fields: Readonly<Record<string, number | string>>;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** A batch on disk. */
export interface BufferedBatch {
  readonly name: string;
  readonly bytes: number;
}

const BATCH_FILE = /^\d{12}\.json$/;
const ASIDE = '.damaged';
/** Damaged batches kept for a person to look at; of more the oldest goes. */
const MOST_ASIDE = 8;

/**
 * Batches of points as files, oldest first: each is whole on disk before it counts, and stays until
 * it is removed. One that cannot be read is put aside and never met again. Every method may throw
 * what the file system says.
 */
export class InfluxBuffer {
  readonly #folder: string;
  readonly #batches: BufferedBatch[] = [];
  #nextNumber = 1;
  #bytes = 0;

  /** Opens or creates the folder; what an earlier run left there comes first. */
  constructor(folder: string) {
    this.#folder = folder;
    makeFolder(folder);
    for (const name of readdirSync(folder).sort()) {
      if (name.endsWith(UNFINISHED)) rmSync(join(folder, name), { force: true });
      if (!BATCH_FILE.test(name)) continue;
      this.#push({ name, bytes: statSync(join(folder, name)).size });
      this.#nextNumber = Number.parseInt(name, 10) + 1;
    }
  }

  /** Octets that wait. */
  get bytes(): number {
    return this.#bytes;
  }

  get oldest(): BufferedBatch | null {
    return this.#batches[0] ?? null;
  }

  add(text: string): void {
    const name = `${String(this.#nextNumber).padStart(12, '0')}.json`;
    writeDurably(join(this.#folder, name), text);
    this.#nextNumber += 1;
    this.#push({ name, bytes: Buffer.byteLength(text) });
  }

  /** The points of a batch; null when the file is not what was written. */
  read({ name }: BufferedBatch): InfluxPoint[] | null {
    try {
      const points: unknown = JSON.parse(readFileSync(join(this.#folder, name), 'utf8'));
      return Array.isArray(points) && points.every(isPoint) ? points : null;
    } catch {
      return null;
    }
  }

  remove(batch: BufferedBatch): void {
    rmSync(join(this.#folder, batch.name), { force: true });
    this.#forget(batch);
  }

  /** Takes a batch out of the line and keeps its file under another name, where the disk allows it. */
  putAside(batch: BufferedBatch): void {
    this.#forget(batch);
    renameSync(join(this.#folder, batch.name), join(this.#folder, `${batch.name}${ASIDE}`));
    const aside = readdirSync(this.#folder).filter((name) => name.endsWith(ASIDE));
    for (const name of aside.sort().slice(0, -MOST_ASIDE)) rmSync(join(this.#folder, name));
  }

  #push(batch: BufferedBatch): void {
    this.#batches.push(batch);
    this.#bytes += batch.bytes;
  }

  #forget(batch: BufferedBatch): void {
    this.#batches.splice(this.#batches.indexOf(batch), 1);
    this.#bytes -= batch.bytes;
  }
}

function isPoint(value: unknown): value is InfluxPoint {
  if (typeof value !== 'object' || value === null) return false;
  const { measurement, tags, fields, at } = value as Partial<Record<keyof InfluxPoint, unknown>>;
  const areRecords = [tags, fields].every((each) => typeof each === 'object' && each !== null);
  return typeof measurement === 'string' && typeof at === 'number' && areRecords;
}
