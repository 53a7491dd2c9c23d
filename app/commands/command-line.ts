import { type ParseArgsConfig, parseArgs } from 'node:util';

/** What a command gets from outside, so that tests can run it without a process. */
export interface CommandLine {
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** To standard output: results. */
  print(text: string): void;
  /** To standard error: what went wrong. */
  complain(text: string): void;
}

export type Options = NonNullable<ParseArgsConfig['options']>;

export interface ParsedOptions {
  readonly values: Readonly<Record<string, string | boolean | undefined>>;
  readonly words: readonly string[];
}

/**
 * Reads options and words. `help`: the usage line was asked for and is printed; null: an option is
 * not known, and was complained about with the usage line.
 */
export function parseOptions(
  line: CommandLine,
  options: Options,
  usageLine: string,
): ParsedOptions | 'help' | null {
  if (line.args.includes('--help')) {
    line.print(`usage: ${usageLine}`);
    return 'help';
  }
  try {
    const { values, positionals } = parseArgs({
      args: [...line.args],
      options,
      allowPositionals: true,
      strict: true,
    });
    return { values: values as ParsedOptions['values'], words: positionals };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    line.complain(`threenines: ${reason}\nusage: ${usageLine}`);
    return null;
  }
}
