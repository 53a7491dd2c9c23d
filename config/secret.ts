import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { inspect } from 'node:util';
import type { Maybe } from './draft.ts';
import type { Findings } from './findings.ts';
import type { Secret } from './model.ts';
import type { Path } from './problem-text.ts';

const LARGEST_SECRET_FILE_BYTES = 64 * 1024;

/** Whether secrets are used: a report needs none, and is made where they are not at hand. */
export type SecretUse = 'needed' | 'unused';

/** Where secrets come from, and whether plain ones are worth a warning. */
export interface SecretSources {
  /** The demo network keeps its well-known passwords in the open; null when it is not known to be one. */
  readonly demo: boolean | null;
  readonly use: SecretUse;
  /** What is found there. Each source is read once, so that what was checked is what is used. */
  read(source: string): FoundSecret;
}

type Environment = Readonly<Record<string, string | undefined>>;

export type FoundSecret = { readonly value: string } | { readonly fault: string };

/** Reads `env:NAME`, `file:PATH` (relative to the folder) and `plain:VALUE`. */
export function createSecretSources(
  folder: string,
  environment: Environment,
  demo: boolean | null,
  use: SecretUse = 'needed',
): SecretSources {
  const found = new Map<string, FoundSecret>();
  const read = (source: string): FoundSecret => {
    if (source.startsWith('plain:')) return { value: source.slice('plain:'.length) };
    return source.startsWith('env:')
      ? fromEnvironment(source.slice('env:'.length), environment)
      : fromFile(source.slice('file:'.length), folder);
  };
  return {
    demo,
    use,
    read(source) {
      const secret = found.get(source) ?? read(source);
      found.set(source, secret);
      return secret;
    },
  };
}

/** Holds the value where JSON, logs and inspection cannot see it; only `reveal` gives it. */
export function createSecret(source: string, value: string): Secret {
  const secret = { source, reveal: () => value, toJSON: () => source, toString: () => source };
  for (const key of ['reveal', 'toJSON', 'toString']) {
    Object.defineProperty(secret, key, { enumerable: false });
  }
  Object.defineProperty(secret, inspect.custom, { value: () => `Secret(${source})` });
  return Object.freeze(secret);
}

/**
 * Finds what is missing, unreadable or empty, with the name of its place, never a value. Gives the
 * value where there is one.
 */
export function checkSecret(
  findings: Findings,
  path: Path,
  source: Maybe<string>,
  sources: SecretSources,
): string | null {
  if (source === null || source === undefined) return null;
  if (source.startsWith('plain:') && sources.demo === false) {
    findings.warning(path, 'the secret stands in the file; use env:NAME or file:PATH instead');
  }
  const found = sources.read(source);
  if ('value' in found) return found.value;
  if (sources.use === 'unused') return null;
  findings.error(path, found.fault);
  return null;
}

/** The secret of a source that has been checked. */
export function secretOf(source: string, sources: SecretSources): Secret {
  const found = sources.read(source);
  const shown = source.startsWith('plain:') ? 'plain:<secret>' : source;
  return createSecret(shown, 'value' in found ? found.value : '');
}

function fromEnvironment(name: string, environment: Environment): FoundSecret {
  const value = Object.hasOwn(environment, name) ? environment[name] : undefined;
  if (value === undefined) return { fault: `environment variable ${name} is not set` };
  if (value === '') return { fault: `environment variable ${name} is empty` };
  return { value };
}

function fromFile(name: string, folder: string): FoundSecret {
  const place = `secret file ${JSON.stringify(name)}`;
  try {
    const file = resolve(folder, name);
    const facts = statSync(file);
    if (!facts.isFile()) return { fault: `${place} is not a file` };
    if (facts.size > LARGEST_SECRET_FILE_BYTES) {
      return { fault: `${place} is larger than ${LARGEST_SECRET_FILE_BYTES} bytes` };
    }
    const text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file));
    const value = text.replace(/\r?\n$/, '');
    return value === '' ? { fault: `${place} is empty` } : { value };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') return { fault: `${place} does not exist` };
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA')
      return { fault: `${place} is not UTF-8 text` };
    return { fault: `${place} cannot be read (${code ?? 'unknown reason'})` };
  }
}
