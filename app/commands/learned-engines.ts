import { join } from 'node:path';
import { parseLearned } from '../../collector/learned-store.ts';
import { loadConfig } from '../../config/load.ts';
import { textFile } from '../../storage/text-file.ts';

/**
 * SNMPv3 engine ids (hexadecimal) of devices as the service that polls them has learned them, by
 * device; empty where it has never run, or its folder cannot be told or read.
 */
export function learnedEngineIds(
  folder: string,
  environment: Readonly<Record<string, string | undefined>>,
): ReadonlyMap<string, string> {
  const { config } = loadConfig(folder, environment, null, 'unused');
  if (config === null) return new Map();
  const ids = new Map<string, string>();
  for (const [id, { engine }] of learnedIn(config.service.dataFolder)) {
    if (engine !== null) ids.set(id, engine.id);
  }
  return ids;
}

function learnedIn(dataFolder: string): NonNullable<ReturnType<typeof parseLearned>> {
  const text = textFile(join(dataFolder, 'learned.json')).load();
  return (text === null ? null : parseLearned(text)) ?? new Map();
}
