import { parseArgs } from 'node:util';
import {
  type CommandName,
  type OptionValue,
  SYNOPSES,
  type Synopsis,
  usageLine,
} from './synopses.ts';

/** What a command gets from outside, so that tests can run it without a process. */
export interface CommandLine {
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** To standard output: results. */
  print(text: string): void;
  /** To standard error: what went wrong. */
  complain(text: string): void;
}

export interface ParsedOptions {
  readonly values: Readonly<Record<string, string | boolean | undefined>>;
  readonly words: readonly string[];
}

/**
 * Reads the options and words of a command. `help`: the usage line was asked for and is printed;
 * null: an option is not known or has a value it cannot have, and was complained about with the
 * usage line.
 */
export function parseOptions(line: CommandLine, name: CommandName): ParsedOptions | 'help' | null {
  const { options }: Synopsis = SYNOPSES[name];
  if (line.args.includes('--help')) {
    line.print(`usage: ${usageLine(name)}`);
    return 'help';
  }
  try {
    const { values, positionals } = parseArgs({
      args: [...line.args],
      options: Object.fromEntries(
        Object.entries(options).map(([option, value]) => [
          option,
          { type: value === null ? 'boolean' : 'string' } as const,
        ]),
      ),
      allowPositionals: true,
      strict: true,
    });
    const wrong = Object.entries(options).find(([option, value]) => !mayBe(value, values[option]));
    if (wrong === undefined)
      return { values: values as ParsedOptions['values'], words: positionals };
    throw new Error(`--${wrong[0]} is ${inWords(wrong[1] as readonly string[])}`);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    line.complain(`threenines: ${reason}\nusage: ${usageLine(name)}`);
    return null;
  }
}

function mayBe(value: OptionValue, given: unknown): boolean {
  if (given === undefined || value === null || typeof value === 'string') return true;
  return typeof given === 'string' && value.includes(given);
}

/** `en or zh-CN` */
function inWords(choices: readonly string[]): string {
  return `${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}`;
}
