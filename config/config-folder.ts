import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Problem } from './problem.ts';
import { listWords, show, suggestion } from './problem-text.ts';

/** The files of a configuration folder; everything else in it is left alone. */
const CONFIG_FILES = [
  'threenines.yaml',
  'devices.yaml',
  'oncall.yaml',
  'grading.yaml',
  'maintenance.yaml',
] as const;
export type ConfigFile = (typeof CONFIG_FILES)[number];

/** Larger than any text the parser accepts, so that the size is known without reading it all. */
const LARGEST_FILE_BYTES = 4 * 1024 * 1024;

export type FileText =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'unreadable'; readonly problem: Problem };

/** Reads one file as UTF-8 text. What stands in the way comes back as a value. */
export function readConfigFile(folder: string, file: string): FileText {
  const unreadable = (message: string): FileText => ({
    kind: 'unreadable',
    problem: { file, line: 0, path: '', message, severity: 'error' },
  });
  try {
    const facts = statSync(join(folder, file));
    if (!facts.isFile()) return unreadable('is not a file');
    if (facts.size > LARGEST_FILE_BYTES) {
      return unreadable(`is ${facts.size} bytes long; at most ${LARGEST_FILE_BYTES} are accepted`);
    }
    const bytes = readFileSync(join(folder, file));
    return { kind: 'text', text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') return { kind: 'missing' };
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return unreadable('is not UTF-8 text');
    return unreadable(`cannot be read (${code ?? 'unknown reason'})`);
  }
}

/** What is wrong with the folder itself: an error when there is none, a warning for a misnamed file. */
export function checkConfigFolder(folder: string): Problem[] {
  const problem = (file: string, message: string, severity: Problem['severity']): Problem => ({
    file,
    line: 0,
    path: '',
    message,
    severity,
  });
  let names: string[];
  try {
    names = readdirSync(folder).sort();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') return [problem(folder, 'the folder does not exist', 'error')];
    if (code === 'ENOTDIR') return [problem(folder, 'is not a folder', 'error')];
    return [problem(folder, `the folder cannot be read (${code ?? 'unknown reason'})`, 'error')];
  }
  const known: readonly string[] = CONFIG_FILES;
  return names
    .filter((name) => /\.ya?ml$/.test(name) && !known.includes(name))
    .map((name) => {
      const meant = suggestion(name.replace(/\.yml$/, '.yaml'), known);
      const hint = meant === '' ? `; the files are ${listWords(known, 'and')}` : meant;
      return problem(name, `${show(name)} is not read${hint}`, 'warning');
    });
}
