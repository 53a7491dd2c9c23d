import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { readJournal } from '../../storage/read-journal.ts';
import { verifyTimeline } from '../../storage/timeline-export.ts';
import { askService } from '../ask-service.ts';
import { configFolder, loadForCommand } from '../config-folder.ts';
import { serviceUrl } from '../service-url.ts';
import { type CommandLine, type ParsedOptions, parseOptions } from './command-line.ts';
import { usageLine } from './synopses.ts';

const NOT_UNDERSTOOD = 2;

/**
 * `threenines timeline export INCIDENT`: everything that happened in an incident as one hash-chained
 * JSON file. `threenines timeline verify FILE`: proves that no entry of it was changed, removed,
 * inserted or reordered. Exit code 1 when it cannot be had or is not whole, 2 when not understood.
 */
export async function timelineCommand(line: CommandLine): Promise<number> {
  const parsed = parseOptions(line, 'timeline');
  if (parsed === null || parsed === 'help') return parsed === null ? NOT_UNDERSTOOD : 0;
  const [verb, subject, ...more] = parsed.words;
  if (subject !== undefined && more.length === 0) {
    if (verb === 'export') return exportTo(line, parsed, subject);
    if (verb === 'verify') return verify(line, parsed, subject);
  }
  line.complain(`threenines: export an incident or verify a file\nusage: ${usageLine('timeline')}`);
  return NOT_UNDERSTOOD;
}

async function exportTo(
  line: CommandLine,
  { values }: ParsedOptions,
  incidentId: string,
): Promise<number> {
  let base = typeof values.url === 'string' ? values.url.replace(/\/+$/, '') : null;
  if (base === null) {
    const config = loadForCommand(line, configFolder(values.config, line.environment), 'unused');
    if (config === null) return 1;
    base = serviceUrl(config);
  }
  const path = `/api/v1/incidents/${encodeURIComponent(incidentId)}/export`;
  const told = await askService(`${base}${path}`);
  if (told.kind !== 'answer') {
    const why =
      told.kind === 'refused' ? told.detail : `no service answers at ${base} (${told.failure})`;
    line.complain(`threenines: ${why}`);
    return told.kind === 'refused' && told.status === 404 ? NOT_UNDERSTOOD : 1;
  }
  const verdict = verifyTimeline(told.value);
  if (!verdict.ok) {
    line.complain(`threenines: the service gave no whole timeline: ${verdict.reason}`);
    return 1;
  }
  const text = JSON.stringify(told.value, null, 2);
  if (typeof values.out !== 'string' || values.out === '-') {
    line.print(text);
    return 0;
  }
  try {
    writeFileSync(values.out, `${text}\n`);
  } catch (error) {
    line.complain(`threenines: ${values.out}: ${messageOf(error)}`);
    return 1;
  }
  line.print(`wrote ${verdict.entries} entries to ${values.out}; hash ${verdict.hash}`);
  return 0;
}

function verify(line: CommandLine, { values }: ParsedOptions, path: string): number {
  let file: unknown;
  try {
    file = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    line.complain(`threenines: ${path}: ${messageOf(error)}`);
    return 1;
  }
  let journalHashOf: ((sequence: number) => string | null) | null = null;
  if (typeof values.data === 'string') {
    const hashes = existsSync(values.data) ? journalHashes(values.data) : null;
    if (hashes === null) {
      line.complain(`threenines: there is no journal to read in ${values.data}`);
      return 1;
    }
    journalHashOf = (sequence) => hashes.get(sequence) ?? null;
  }
  const verdict = verifyTimeline(file, journalHashOf);
  if (values.json) line.print(JSON.stringify(verdict, null, 2));
  else if (verdict.ok) {
    const against = journalHashOf === null ? '' : ', each as the journal has it';
    line.print(`whole: ${verdict.entries} entries${against}; hash ${verdict.hash}`);
  } else line.complain(`threenines: ${path}: ${verdict.reason}`);
  return verdict.ok ? 0 : 1;
}

function journalHashes(folder: string): ReadonlyMap<number, string> | null {
  const opened = readJournal<unknown>(folder);
  if (opened === null || !opened.ok) return null;
  using reader = opened.reader;
  const hashes = new Map<number, string>();
  for (const { sequence, hash } of reader.entries()) hashes.set(sequence, hash);
  return hashes;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
