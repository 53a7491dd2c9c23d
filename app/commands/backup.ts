import { resolve } from 'node:path';
import { backUp } from '../../storage/backup.ts';
import { configFolder, dataFolder, loadForCommand } from '../config-folder.ts';
import { VERSION } from '../version.ts';
import { type CommandLine, parseOptions } from './command-line.ts';
import { usageLine } from './synopses.ts';
import { frozenLine } from './verify.ts';

/** `threenines backup DEST`: an instant of the data folder as a proven copy; the service may be running. */
export async function backupCommand(line: CommandLine): Promise<number> {
  const parsed = parseOptions(line, 'backup');
  if (parsed === null || parsed === 'help') return parsed === null ? 2 : 0;
  const { values, words } = parsed;
  if (words.length !== 1) {
    line.complain(`threenines: where to?\nusage: ${usageLine('backup')}`);
    return 2;
  }
  const config = loadForCommand(line, configFolder(values.config, line.environment), 'unused');
  if (config === null) return 1;
  const destination = resolve(words[0]!);
  const folder = dataFolder(values.data, line.environment, config);
  const result = backUp(folder, destination, VERSION);
  if (!result.ok) {
    line.complain(`threenines: no backup: ${result.reason}`);
    return 1;
  }
  const { manifest, damaged } = result;
  for (const each of damaged) line.complain(`threenines: warning: ${frozenLine(each)}`);
  const { entries, lastHash, stateHash } = manifest.journal;
  line.print(
    values.json
      ? JSON.stringify({ ...manifest, damaged })
      : `backed up to ${destination}: ${entries} entries, chain verified to ${lastHash.slice(0, 16)}, folds to ${stateHash.slice(0, 16)}. Configuration and secrets are not in it.`,
  );
  return 0;
}
