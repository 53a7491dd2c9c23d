import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { inspect } from 'node:util';
import type { Findings } from './findings.ts';
import type { Secret } from './model.ts';
import type { Path } from './problem-text.ts';

const LARGEST_SECRET_FILE_BYTES = 64 * 1024;

/** Where secrets come from, and whether plain ones are worth a warning. */
export interface SecretSources {
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The demo network keeps its well-known passwords in the open. */
  readonly demo: boolean;
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
 * Reads `env:NAME`, `file:PATH` or `plain:VALUE`. What is missing, unreadable or empty is found
 * with the name of its place, never a value; the secret is then empty.
 */
export function readSecret(
  findings: Findings,
  path: Path,
  text: string,
  sources: SecretSources,
): Secret {
  if (text.startsWith('plain:')) {
    if (!sources.demo) {
      findings.warning(path, 'the secret stands in the file; use env:NAME or file:PATH instead');
    }
    return createSecret('plain:<secret>', text.slice('plain:'.length));
  }
  const found = text.startsWith('env:')
    ? fromEnvironment(text.slice('env:'.length), sources.environment)
    : fromFile(text.slice('file:'.length), sources.folder);
  if ('fault' in found) {
    findings.error(path, found.fault);
    return createSecret(text, '');
  }
  return createSecret(text, found.value);
}

type Found = { readonly value: string } | { readonly fault: string };

function fromEnvironment(name: string, environment: SecretSources['environment']): Found {
  const value = Object.hasOwn(environment, name) ? environment[name] : undefined;
  if (value === undefined) return { fault: `environment variable ${name} is not set` };
  if (value === '') return { fault: `environment variable ${name} is empty` };
  return { value };
}

function fromFile(name: string, folder: string): Found {
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
