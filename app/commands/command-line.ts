import { parseArgs } from 'node:util';
import {
  type CommandName,
  isRepeatable,
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
  /** The same, of what is no text; left out where only texts are looked at. */
  printBytes?(bytes: Uint8Array): void;
  /** To standard error: what went wrong. */
  complain(text: string): void;
  /** What is being done just now, on one line that the next one replaces; left out where nobody watches. */
  progress?(text: string): void;
}

export interface ParsedOptions {
  readonly values: Readonly<Record<string, string | boolean | undefined>>;
  /** Of options that may be given several times. */
  readonly lists: Readonly<Record<string, readonly string[]>>;
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
          { type: value === null ? 'boolean' : 'string', multiple: isRepeatable(value) } as const,
        ]),
      ),
      allowPositionals: true,
      strict: true,
    });
    const wrong = Object.entries(options).find(([option, value]) => !mayBe(value, values[option]));
    if (wrong === undefined) return sorted(values, positionals);
    throw new Error(`--${wrong[0]} is ${inWords(wrong[1] as readonly string[])}`);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    line.complain(`threenines: ${reason}\nusage: ${usageLine(name)}`);
    return null;
  }
}

function sorted(values: Readonly<Record<string, unknown>>, words: string[]): ParsedOptions {
  const entries = Object.entries(values);
  const lists = entries.filter(([, value]) => Array.isArray(value));
  const single = entries.filter(([, value]) => !Array.isArray(value));
  return {
    values: Object.fromEntries(single) as ParsedOptions['values'],
    lists: Object.fromEntries(lists) as ParsedOptions['lists'],
    words,
  };
}

function mayBe(value: OptionValue, given: unknown): boolean {
  if (given === undefined || value === null || !Array.isArray(value)) return true;
  return typeof given === 'string' && value.includes(given);
}

/** `en or zh-CN` */
function inWords(choices: readonly string[]): string {
  return `${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}`;
}
