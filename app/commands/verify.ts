import { sayAmendments } from '../../reports/amendments.ts';
import {
  type FolderVerdict,
  type FrozenVerdict,
  type ProvenChain,
  verifyFolder,
} from '../../storage/verify-folder.ts';
import { configFolder, dataFolder, loadForCommand } from '../config-folder.ts';
import { type CommandLine, parseOptions } from './command-line.ts';

/**
 * `threenines verify`: proves journal and report archive entry by entry, and every frozen report
 * against both; says at which entry a chain breaks. The service may be running.
 */
export async function verifyCommand(line: CommandLine): Promise<number> {
  const parsed = parseOptions(line, 'verify');
  if (parsed === null || parsed === 'help') return parsed === null ? 2 : 0;
  const { values } = parsed;
  let folder = typeof values.data === 'string' ? values.data : null;
  if (folder === null) {
    const config = loadForCommand(line, configFolder(values.config, line.environment), 'unused');
    if (config === null) return 1;
    folder = dataFolder(undefined, line.environment, config);
  }
  const verdict = verifyFolder(folder);
  if (values.json) line.print(JSON.stringify(verdict, null, 2));
  else for (const text of linesOf(verdict)) (verdict.ok ? line.print : line.complain)(text);
  return verdict.ok ? 0 : 1;
}

function linesOf({ journal, archive, frozen }: FolderVerdict): string[] {
  return [
    chainLine('journal', journal),
    archive === null
      ? 'report archive: nothing was archived yet'
      : chainLine('report archive', archive),
    ...frozen.map(frozenLine),
  ];
}

function chainLine(what: string, chain: ProvenChain): string {
  if (chain.ok) return `${what}: whole, ${chain.entries} entries; last hash ${chain.lastHash}`;
  const place = chain.sequence === 0 ? '' : ` from entry ${chain.sequence} on`;
  return `${what}: NOT to be trusted${place}: ${chain.reason}`;
}

/** What is found of a frozen report, for a terminal. */
export function frozenLine(verdict: FrozenVerdict): string {
  const { period, timeZone, siteId, revision, problem, missingAmendments } = verdict;
  const later =
    missingAmendments.length === 0
      ? ''
      : `; not in it yet: ${sayAmendments(missingAmendments)}; freeze it again`;
  const site = siteId === null ? '' : `, site ${siteId}`;
  return `${period} (${timeZone})${site}, revision ${revision}: ${problem ?? 'as it was frozen'}${later}`;
}
