import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadConfig } from '../config/load.ts';
import type { Config } from '../config/model.ts';
import { formatProblem, isError, type Problem } from '../config/problem.ts';
import type { SecretUse } from '../config/secret.ts';
import type { CommandLine } from './commands/command-line.ts';

/** The built-in demo network. */
export const DEMO_FOLDER = fileURLToPath(new URL('../config/demo', import.meta.url));

/** Which configuration to use: `--config`, else THREENINES_CONFIG, else the built-in demo network. */
export function configFolder(
  option: string | boolean | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): string {
  const given = typeof option === 'string' ? option : environment.THREENINES_CONFIG;
  return given === undefined || given === '' ? DEMO_FOLDER : resolve(given);
}

/** Where the journal lies: `--data`, else THREENINES_DATA, else what the configuration says. */
export function dataFolder(
  option: string | boolean | undefined,
  environment: Readonly<Record<string, string | undefined>>,
  config: Config,
): string {
  return givenDataFolder(option, environment) ?? config.service.dataFolder;
}

/** `--data`, else THREENINES_DATA; null where neither is given and the configuration decides. */
export function givenDataFolder(
  option: string | boolean | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): string | null {
  const given = typeof option === 'string' ? option : environment.THREENINES_DATA;
  return given === undefined || given === '' ? null : resolve(given);
}

/**
 * Loads the configuration for a command; complains about every problem. Null when there is an error
 * among them; that a secret is missing is none for a command that uses none.
 */
export function loadForCommand(
  line: CommandLine,
  folder: string,
  secrets: SecretUse = 'needed',
): Config | null {
  const { config, problems } = loadConfig(folder, line.environment, null, secrets);
  for (const problem of problems) line.complain(formatProblem(problem));
  if (config === null) {
    line.complain(`threenines: ${countErrors(problems)} in ${folder}`);
  }
  return config;
}

/** `1 error`, `3 errors`. */
export function countErrors(problems: readonly Problem[]): string {
  const count = problems.filter(isError).length;
  return `${count} ${count === 1 ? 'error' : 'errors'}`;
}
