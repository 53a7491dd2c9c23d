import { loadConfig } from '../../config/load.ts';
import { formatProblem } from '../../config/problem.ts';
import { configFolder, countErrors } from '../config-folder.ts';
import { type CommandLine, parseOptions } from './command-line.ts';

/** `threenines check`: every problem of a configuration folder, with file and line. Exit code 1 when there is an error. */
export async function checkCommand(line: CommandLine): Promise<number> {
  const parsed = parseOptions(
    line,
    { config: { type: 'string' }, json: { type: 'boolean' } },
    'threenines check [--config DIR] [--json]',
  );
  if (parsed === null || parsed === 'help') return parsed === null ? 2 : 0;
  const folder = configFolder(parsed.values.config, line.environment);
  const { config, problems } = loadConfig(folder, line.environment);
  if (parsed.values.json) {
    line.print(JSON.stringify({ folder, ok: config !== null, problems }, null, 2));
    return config === null ? 1 : 0;
  }
  for (const problem of problems) line.print(formatProblem(problem));
  if (config === null) {
    line.print(`${countErrors(problems)} in ${folder}`);
    return 1;
  }
  const { devices, sites, people } = config;
  line.print(
    `ok: ${folder}: ${devices.length} devices at ${sites.length} sites, ${people.length} people`,
  );
  return 0;
}
