import { hash } from 'node:crypto';
import { readFileSync, rmSync, statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { EngineState } from '../alerting/state.ts';
import type { LiveLedgerState } from '../reports/live-ledger.ts';
import type { ChainTail } from './chain.ts';
import { RESERVE_BYTES } from './disk-reserve.ts';
import { UNFINISHED, writeDurably } from './durable-file.ts';
import { describeError } from './journal-problem.ts';

const SNAPSHOT_FILE = 'snapshot';
const FORMAT = 'threenines-snapshot/1';
const MIB = 1024 * 1024;
/** Far beyond the state of a large network; what is larger is folded at every start. */
const LARGEST_BYTES = 256 * MIB;
/** Stays free on the disk beside a snapshot: the journal goes first. */
const ROOM_LEFT_BYTES = 4 * RESERVE_BYTES;
/** SHA-256 in hexadecimal, and the line feed behind it. */
const CHECKSUM_BYTES = 65;
const LINE_FEED = 0x0a;

/** What is folded of the journal: the engine's state, and the ledger's in one time zone. */
export interface Folded {
  readonly engine: EngineState;
  readonly ledger: LiveLedgerState;
}

/** Which fold it is: by which program (see foldDigest), and in which zone months begin. */
export interface FoldIdentity {
  readonly digest: string;
  readonly timeZone: string;
}

/** The fold of a journal up to the entry of that number and hash. */
export interface FoldSnapshot extends Folded, ChainTail {}

/** `why`: what is wrong with the file; null where there is none. */
export type ReadSnapshot =
  | { readonly ok: true; readonly snapshot: FoldSnapshot }
  | { readonly ok: false; readonly why: string | null };

/** What a fold is as octets: of equal states, with their maps in one order, the same. */
export function encodeFold({ engine, ledger }: Folded): Uint8Array {
  return serialize({ engine, ledger });
}

/** Reads what `encodeFold` of the same program wrote. */
export function decodeFold(octets: Uint8Array): Folded {
  return deserialize(octets) as Folded;
}

interface Header extends FoldIdentity, ChainTail {
  readonly format: typeof FORMAT;
}

/**
 * Writes the snapshot of `folder`, whole or not at all, in the place of the one before: checksum, a
 * line of JSON that says of what it is, and the fold. Null when it is on the disk, else why not: a
 * snapshot is worth neither the last of a disk nor a service.
 */
export function writeSnapshot(
  folder: string,
  { digest, timeZone }: FoldIdentity,
  { sequence, hash: entryHash, ...folded }: FoldSnapshot,
): string | null {
  try {
    const octets = encodeFold(folded);
    if (octets.length > LARGEST_BYTES)
      return `it would have ${octets.length} octets, more than ${LARGEST_BYTES}`;
    const { bavail, bsize } = statfsSync(folder);
    if (bavail * bsize < octets.length + ROOM_LEFT_BYTES) return 'the disk is nearly full';
    const about: Header = { format: FORMAT, digest, timeZone, sequence, hash: entryHash };
    const content = Buffer.concat([Buffer.from(`${JSON.stringify(about)}\n`), octets]);
    const whole = Buffer.concat([Buffer.from(`${hash('sha256', content)}\n`), content]);
    writeDurably(join(folder, SNAPSHOT_FILE), whole);
    return null;
  } catch (error) {
    return describeError(error);
  }
}

/**
 * Reads the snapshot of `folder`, if it is whole and of this very fold. Whether its entry is in the
 * journal is for the journal to say: only then does it stand for the entries up to that one.
 */
export function readSnapshot(folder: string, fold: FoldIdentity): ReadSnapshot {
  const path = join(folder, SNAPSHOT_FILE);
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined) return { ok: false, why: null };
    if (found.size > LARGEST_BYTES + MIB) return { ok: false, why: 'it is too large' };
    return parseSnapshot(readFileSync(path), fold);
  } catch (error) {
    return { ok: false, why: describeError(error) };
  }
}

function parseSnapshot(whole: Buffer, { digest, timeZone }: FoldIdentity): ReadSnapshot {
  const content = whole.subarray(CHECKSUM_BYTES);
  const checksum = whole.toString('latin1', 0, CHECKSUM_BYTES);
  if (checksum !== `${hash('sha256', content)}\n`)
    return { ok: false, why: 'its octets are not those that were written' };
  const end = content.indexOf(LINE_FEED);
  const about = JSON.parse(content.toString('utf8', 0, end)) as Header;
  if (about.format !== FORMAT || about.digest !== digest)
    return { ok: false, why: 'another version of the program made it' };
  if (about.timeZone !== timeZone)
    return { ok: false, why: `its months begin in ${about.timeZone}, not in ${timeZone}` };
  const folded = decodeFold(content.subarray(end + 1));
  const { sequence, hash: entryHash } = about;
  return { ok: true, snapshot: { ...folded, sequence, hash: entryHash } };
}

/** Takes away the snapshot, and what a crash has left of one: the next start folds the whole journal. */
export function removeSnapshot(folder: string): void {
  for (const suffix of ['', UNFINISHED])
    rmSync(join(folder, `${SNAPSHOT_FILE}${suffix}`), { force: true });
}
