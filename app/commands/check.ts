import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '../../config/load.ts';
import { formatProblem } from '../../config/problem.ts';
import { writeSchemas } from '../../config/write-schemas.ts';
import { systemClock } from '../../lib/clock.ts';
import { configFolder, countErrors, DEMO_FOLDER } from '../config-folder.ts';
import { type CommandLine, parseOptions } from './command-line.ts';

/**
 * `threenines check`: every problem of a configuration folder, with file and line. Exit code 1 when
 * there is an error. Keeps the JSON Schemas beside the configuration fresh, for editors.
 */
export async function checkCommand(line: CommandLine): Promise<number> {
  const parsed = parseOptions(line, 'check');
  if (parsed === null || parsed === 'help') return parsed === null ? 2 : 0;
  const folder = configFolder(parsed.values.config, line.environment);
  const { config, problems } = loadConfig(folder, line.environment, systemClock.now());
  const schemas = parsed.values['no-schemas'] ? [] : refreshSchemas(folder);
  if (parsed.values.json) {
    const result = { folder, ok: config !== null, problems, schemasWritten: schemas };
    line.print(JSON.stringify(result, null, 2));
    return config === null ? 1 : 0;
  }
  for (const problem of problems) line.print(formatProblem(problem));
  if (schemas.length > 0) {
    const what = counted(schemas.length, 'JSON Schema', 'JSON Schemas');
    line.print(`wrote ${what} for editors to ${join(folder, 'schema')} (--no-schemas: none)`);
  }
  if (config === null) {
    line.print(`${countErrors(problems)} in ${folder}`);
    return 1;
  }
  const devices = counted(config.devices.length, 'device', 'devices');
  const sites = counted(config.sites.length, 'site', 'sites');
  const people = counted(config.people.length, 'person', 'people');
  line.print(`ok: ${folder}: ${devices} at ${sites}, ${people}`);
  return 0;
}

function counted(count: number, one: string, more: string): string {
  return `${count} ${count === 1 ? one : more}`;
}

/** Names the files written: none for the built-in demo, beside no configuration, or where writing is refused. */
function refreshSchemas(folder: string): readonly string[] {
  if (folder === DEMO_FOLDER || !existsSync(join(folder, 'devices.yaml'))) return [];
  try {
    return writeSchemas(join(folder, 'schema'));
  } catch (error) {
    if (error instanceof Error && 'code' in error) return [];
    throw error;
  }
}
