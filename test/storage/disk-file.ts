import type { DiskRecord } from './disk-faults.ts';

/** What a disk writes as a whole. */
const SECTOR = 512;

/** Whether a write, or a sector of one, that was not synced is there after a power cut. */
export type Keep = () => boolean;

/** A file as it is on the disk for certain, and what was done to it since. */
export class DiskFile {
  #durable = new Content();
  #pending: DiskRecord[] = [];
  #durableVersion = 0;

  take(record: DiskRecord): void {
    if (record.kind !== 'S') {
      this.#pending.push(record);
      return;
    }
    for (const each of this.#pending) this.#durable.apply(each);
    this.#durableVersion += this.#pending.length;
    this.#pending = [];
  }

  /** Names the content if everything, or nothing, that was not synced is there: the same number, the same content. */
  version(isAllThere: boolean): number {
    return this.#durableVersion + (isAllThere ? this.#pending.length : 0);
  }

  get isSynced(): boolean {
    return this.#pending.length === 0;
  }

  /** What a power cut leaves: `keep` says of each sector that was not synced whether it is there. null: no file. */
  afterCut(keep: Keep): Buffer | null {
    const room = Math.max(0, ...this.#pending.map(({ offset, data }) => offset + data.length));
    const content = this.#durable.copy(room);
    for (const record of this.#pending) {
      if (record.kind !== 'W') {
        if (keep()) content.apply(record);
        continue;
      }
      for (const sector of sectorsOf(record)) if (keep()) content.apply(sector);
    }
    return content.bytes();
  }
}

function* sectorsOf(record: DiskRecord): Generator<DiskRecord> {
  const { data, offset } = record;
  for (let from = 0; from < data.length; ) {
    const to = Math.min(data.length, from + SECTOR - ((offset + from) % SECTOR));
    yield { ...record, offset: offset + from, data: data.subarray(from, to) };
    from = to;
  }
}

/** The octets of a file, with room to grow; beyond its end they are zero. */
class Content {
  #room: Buffer;
  #length: number;
  #exists: boolean;

  constructor(room = Buffer.alloc(0), length = 0, exists = false) {
    this.#room = room;
    this.#length = length;
    this.#exists = exists;
  }

  copy(room: number): Content {
    const copied = Buffer.alloc(Math.max(room, this.#length));
    this.#room.copy(copied, 0, 0, this.#length);
    return new Content(copied, this.#length, this.#exists);
  }

  bytes(): Buffer | null {
    return this.#exists ? this.#room.subarray(0, this.#length) : null;
  }

  apply({ kind, offset, data }: DiskRecord): void {
    this.#exists = kind !== 'U';
    if (kind !== 'W') {
      this.#resize(kind === 'U' ? 0 : offset);
      return;
    }
    const end = offset + data.length;
    if (end > this.#length) this.#resize(end);
    data.copy(this.#room, offset);
  }

  #resize(length: number): void {
    if (length > this.#room.length) {
      const larger = Buffer.alloc(Math.max(length, 2 * this.#room.length));
      this.#room.copy(larger, 0, 0, this.#length);
      this.#room = larger;
    }
    if (length < this.#length) this.#room.fill(0, length, this.#length);
    this.#length = length;
  }
}
