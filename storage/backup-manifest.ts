import { existsSync } from 'node:fs';
import { join } from 'node:path';
import Type, { type Static } from 'typebox';
import Value from 'typebox/value';
import { describeError } from './journal-problem.ts';
import { sha256 } from './make-report.ts';
import { readRegularFile } from './regular-file.ts';

const FORMAT = 'threenines-backup/1';
const HASH = Type.String({ pattern: '^[0-9a-f]{64}$' });
const COUNT = Type.Integer({ minimum: 0 });

const FOLDED_JOURNAL = Type.Object({
  entries: COUNT,
  /** Of the last entry: it covers all before it. */
  lastHash: HASH,
  /** SHA-256 of the state of the engine, and of the ledger, folded from all entries. */
  stateHash: HASH,
  ledgerHash: HASH,
});

const MANIFEST = Type.Object({
  format: Type.Literal(FORMAT),
  /** The version of Threenines that made it; the first ones did not say. */
  version: Type.Optional(Type.String({ maxLength: 100 })),
  journal: FOLDED_JOURNAL,
  /** Kept documents beside the archive, by name, with the SHA-256 of each. */
  documents: Type.Record(Type.String({ pattern: '^[^/\\\\\\0]+\\.json\\.gz$' }), HASH, {
    additionalProperties: false,
  }),
  /** Entries of the report archive; null where there is none. */
  archiveEntries: Type.Union([COUNT, Type.Null()]),
});

/** What a backup holds, so that a restore can prove that it brought all of it back. */
export type Manifest = Readonly<Static<typeof MANIFEST>>;
export type FoldedJournal = Readonly<Static<typeof FOLDED_JOURNAL>>;

export const MANIFEST_FILE = 'manifest.json';
/** Far beyond the documents of centuries. */
const LARGEST_MANIFEST_BYTES = 64 * 1024 * 1024;

export type ReadManifest =
  | { readonly ok: true; readonly manifest: Manifest }
  | { readonly ok: false; readonly reason: string };

/** The manifest of the backup in `folder`, if it is one in every part; else what is wrong with it. */
export function readManifest(folder: string): ReadManifest {
  const path = join(folder, MANIFEST_FILE);
  if (!existsSync(path)) return refused(`there is no whole backup at ${folder}`);
  let told: unknown;
  try {
    told = JSON.parse(readRegularFile(path, LARGEST_MANIFEST_BYTES).toString('utf8'));
  } catch (error) {
    return refused(`${path} cannot be read: ${describeError(error)}`);
  }
  if (Value.Check(MANIFEST, told)) return { ok: true, manifest: told };
  const format = (told as { format?: unknown } | null)?.format;
  if (typeof format === 'string' && format !== FORMAT) {
    return refused(
      `${path} is of another form (${format.slice(0, 100)}): restore it with the version of Threenines that made it, or a later one`,
    );
  }
  const [error] = Value.Errors(MANIFEST, told);
  const place = error === undefined || error.instancePath === '' ? 'it' : error.instancePath;
  return refused(`${path} is no manifest of a backup: ${place} ${error?.message ?? 'is wrong'}`);
}

/** Of the octets of a kept document, as manifests have it. */
export function hashOfDocument(octets: Buffer): string {
  return sha256(octets.toString('base64'));
}

function refused(reason: string): ReadManifest {
  return { ok: false, reason };
}
