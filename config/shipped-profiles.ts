import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deserialize, serialize } from 'node:v8';
import type { Profile } from './profile.ts';
import { type LoadedProfiles, loadProfiles } from './profile-file.ts';

const FOLDER = fileURLToPath(new URL('./profiles/', import.meta.url));
const ROOT = fileURLToPath(new URL('../', import.meta.url));
const KEPT_FILE = join(ROOT, 'node_modules/.threenines-profiles');
/** What decides how the files are read: the code that reads them, and the packages that it uses. */
const READERS = ['config', 'lib'];

interface Kept {
  readonly digest: string;
  readonly profiles: readonly Profile[];
}

/** The profiles that come with the program. */
export function shippedProfiles(): readonly Profile[] {
  return loadShippedProfiles().profiles;
}

let shipped: LoadedProfiles | null = null;

/**
 * Read once: they change with the program only, and a reload of the configuration need not wait for
 * them. Where `keepShippedProfiles` has kept what these very files say, that is taken: reading a hundred
 * texts takes longer than the rest of a start.
 */
export function loadShippedProfiles(): LoadedProfiles {
  shipped ??= readKept(KEPT_FILE, digestOfFiles()) ?? loadProfiles(FOLDER);
  return shipped;
}

/** Reads the files and keeps what they say beside the packages, unless one of them has a problem. */
export function keepShippedProfiles(keptFile: string = KEPT_FILE): void {
  const { profiles, problems } = loadProfiles(FOLDER);
  if (problems.length > 0) return;
  const kept: Kept = { digest: digestOfFiles(), profiles };
  const unfinished = `${keptFile}.${process.pid}`;
  writeFileSync(unfinished, serialize(kept));
  renameSync(unfinished, keptFile);
}

/** What was kept of files with this digest; null where there is nothing of theirs. */
export function readKept(keptFile: string, digest: string): LoadedProfiles | null {
  try {
    const kept = deserialize(readFileSync(keptFile)) as Kept;
    return kept.digest === digest ? { profiles: kept.profiles, problems: [] } : null;
  } catch {
    return null;
  }
}

/** Of everything that decides what the shipped profiles say. */
export function digestOfFiles(): string {
  // What is kept has the form of one version of V8.
  const hash = createHash('sha256').update(process.version);
  const sources = READERS.flatMap((folder) => filesIn(join(ROOT, folder), '.ts'));
  for (const path of [join(ROOT, 'package.json'), ...sources, ...filesIn(FOLDER, '.yaml')])
    hash.update(relative(ROOT, path)).update('\0').update(readFileSync(path)).update('\0');
  return hash.digest('hex');
}

function filesIn(folder: string, ending: string): readonly string[] {
  const names = readdirSync(folder).filter((name) => name.endsWith(ending));
  return names.sort().map((name) => join(folder, name));
}
