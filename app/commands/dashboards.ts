import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Language } from '../../config/model.ts';
import { DEFAULT_CONSOLE_URL } from '../../dashboards/choices.ts';
import { renderBoards } from '../../dashboards/render-boards.ts';
import { renderFaultRules } from '../../dashboards/rules/fault-rules.ts';
import { renderServiceRules } from '../../dashboards/rules/service-rules.ts';
import { systemHttpClient } from '../../lib/http-client.ts';
import { webAddress } from '../../lib/web-address.ts';
import { type CommandLine, parseOptions } from './command-line.ts';
import { pushBoards } from './push-boards.ts';

const LANGUAGES: readonly Language[] = ['en', 'zh-CN'];
const COMMITTED_FOLDER = fileURLToPath(new URL('../../dashboards/out', import.meta.url));

/**
 * `threenines dashboards`: writes the Grafana boards, in both languages unless one is named, and the
 * Prometheus rules.
 * With `--check` it writes nothing and says which files are out of date (exit code 1); with `--push` it
 * puts the boards into a Grafana instead.
 */
export async function dashboardsCommand(line: CommandLine): Promise<number> {
  const parsed = parseOptions(line, 'dashboards');
  if (parsed === null || parsed === 'help') return parsed === null ? 2 : 0;
  const { out, check, lang, push, console: given } = parsed.values;
  if (typeof push === 'string') return pushTo(line, push, (lang as Language | undefined) ?? 'en');
  const folder = typeof out === 'string' ? resolve(out) : COMMITTED_FOLDER;
  const consoleUrl = typeof given === 'string' ? webAddress(given) : DEFAULT_CONSOLE_URL;
  if (consoleUrl === null || (given !== undefined && out === undefined)) {
    line.complain(
      'threenines: --console expects the address of the console, such as https://noc.example.com, and --out',
    );
    return 2;
  }
  const base = consoleUrl.replace(/\/+$/, '');
  const all = generatedFiles(LANGUAGES, base);
  const wanted = lang === undefined ? all : generatedFiles([lang as Language], base);
  const isFresh = ([name, text]: [string, string]) =>
    existsSync(join(folder, name)) && readFileSync(join(folder, name), 'utf8') === text;
  const changed = [...wanted].filter((file) => !isFresh(file));
  const extra = folder === COMMITTED_FOLDER ? filesIn(folder).filter((name) => !all.has(name)) : [];
  if (check) return sayWhatIsStale(line, folder, [...changed.map(([name]) => name), ...extra]);
  try {
    for (const name of extra) rmSync(join(folder, name));
    for (const [name, text] of changed) {
      makeFolder(dirname(join(folder, name)));
      writeFileSync(join(folder, name), text);
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    line.complain(`threenines: --out: ${folder} cannot be written: ${why}`);
    return 1;
  }
  line.print(`${wanted.size} files in ${folder}, ${changed.length} changed`);
  return 0;
}

/**
 * Makes a folder and those above it that are missing, one by one from the top: Node's own way goes
 * on for ever where a file system, such as /proc, has no place for any.
 */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  mkdirSync(folder);
}

const TOKEN_VARIABLE = 'GRAFANA_TOKEN';

async function pushTo(line: CommandLine, url: string, language: Language): Promise<number> {
  const token = line.environment[TOKEN_VARIABLE];
  if (token === undefined || token === '') {
    line.complain(
      `threenines: ${TOKEN_VARIABLE} is not set; expected the token of a Grafana service account`,
    );
    return 2;
  }
  // An address with an @ may hold a password, and is not repeated.
  const shown = url.includes('@') ? 'what is given' : `"${url}"`;
  const address = URL.parse(url);
  if (address === null || !/^https?:$/.test(address.protocol)) {
    line.complain(
      `threenines: --push: ${shown} is no address; expected one such as http://127.0.0.1:3000`,
    );
    return 2;
  }
  if (address.username + address.password !== '') {
    line.complain(
      `threenines: --push: the address holds a user or a password; expected it without, and a token in ${TOKEN_VARIABLE}`,
    );
    return 2;
  }
  const boards = renderBoards(language);
  const grafana = { url: url.replace(/\/+$/, ''), token };
  const problem = await pushBoards(boards, grafana, systemHttpClient);
  if (problem !== null) {
    line.complain(`threenines: ${problem}`);
    return 1;
  }
  line.print(`${boards.size} boards stored in ${grafana.url}`);
  return 0;
}

/** File name, relative to the output folder, to its text. */
function generatedFiles(languages: readonly Language[], consoleUrl: string): Map<string, string> {
  const files = new Map([
    ['rules.yml', renderServiceRules(consoleUrl)],
    ['fault-rules.yml', renderFaultRules(consoleUrl)],
  ]);
  for (const language of languages) {
    for (const [name, text] of renderBoards(language)) files.set(join(language, name), text);
  }
  return files;
}

function filesIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}

function sayWhatIsStale(line: CommandLine, folder: string, stale: readonly string[]): number {
  if (stale.length === 0) {
    line.print(`${folder} is up to date`);
    return 0;
  }
  line.complain(
    `${folder} is out of date: ${[...stale].sort().join(', ')}; run threenines dashboards`,
  );
  return 1;
}
