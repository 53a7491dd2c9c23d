import { resolve } from 'node:path';
import { restore } from '../../storage/restore.ts';
import { configFolder, dataFolder, loadForCommand } from '../config-folder.ts';
import { VERSION } from '../version.ts';
import { type CommandLine, parseOptions } from './command-line.ts';
import { usageLine } from './synopses.ts';

/** `threenines restore SOURCE`: a backup into an empty data folder, proven before it counts. */
export async function restoreCommand(line: CommandLine): Promise<number> {
  const parsed = parseOptions(line, 'restore');
  if (parsed === null || parsed === 'help') return parsed === null ? 2 : 0;
  const { values, words } = parsed;
  if (words.length !== 1) {
    line.complain(`threenines: from where?\nusage: ${usageLine('restore')}`);
    return 2;
  }
  const config = loadForCommand(line, configFolder(values.config, line.environment), 'unused');
  if (config === null) return 1;
  const folder = dataFolder(values.data, line.environment, config);
  const result = restore(resolve(words[0]!), folder, VERSION);
  if (!result.ok) {
    line.complain(`threenines: not restored: ${result.reason}`);
    return 1;
  }
  const { manifest, foldsAs } = result;
  if (values.json) {
    line.print(JSON.stringify({ ...manifest, foldsAs }));
    return 0;
  }
  const { entries, lastHash, stateHash } = manifest.journal;
  const proven = `restored to ${folder}: ${entries} entries, chain verified to ${lastHash.slice(0, 16)}`;
  if (foldsAs === null) {
    line.print(`${proven}, folded again to ${stateHash.slice(0, 16)} as backed up`);
    return 0;
  }
  line.print(
    `${proven}. Every entry is the one that was backed up. Threenines ${VERSION} folds them otherwise than ${manifest.version ?? 'the early version'} did, which made the backup (to ${foldsAs.stateHash.slice(0, 16)}, not ${stateHash.slice(0, 16)}): look at open incidents after the start. Frozen reports are shown as they were frozen.`,
  );
  return 0;
}
