import { keepCompiledCode } from '../lib/compiled-code.ts';
import { leaveOutExperimentalWarnings } from '../lib/node-warnings.ts';
import type { CommandLine } from './commands/command-line.ts';
import type { CommandName } from './commands/synopses.ts';
import { usage } from './commands/usage.ts';
import { VERSION } from './version.ts';

type Command = (line: CommandLine) => Promise<number>;

/** Loaded when asked for: a command does not wait for the code of the others. */
const COMMANDS: Readonly<Record<CommandName, () => Promise<Command>>> = {
  serve: async () => (await import('./commands/serve.ts')).serveCommand,
  check: async () => (await import('./commands/check.ts')).checkCommand,
  discover: async () => (await import('./commands/discover.ts')).discoverCommand,
  walk: async () => (await import('./commands/walk.ts')).walkCommand,
  report: async () => (await import('./commands/report.ts')).reportCommand,
  amend: async () => (await import('./commands/amend.ts')).amendCommand,
  verify: async () => (await import('./commands/verify.ts')).verifyCommand,
  backup: async () => (await import('./commands/backup.ts')).backupCommand,
  restore: async () => (await import('./commands/restore.ts')).restoreCommand,
  explain: async () => (await import('./commands/explain.ts')).explainCommand,
  timeline: async () => (await import('./commands/timeline.ts')).timelineCommand,
  replay: async () => (await import('./commands/replay.ts')).replayCommand,
  page: async () => (await import('./commands/page.ts')).pageCommand,
  dashboards: async () => (await import('./commands/dashboards.ts')).dashboardsCommand,
  lab: async () => (await import('./commands/lab.ts')).labCommand,
};

/** Runs one command and returns its exit code: 0 done, 1 could not be done, 2 not understood. */
async function main(args: readonly string[]): Promise<number> {
  const [name = '--help', ...rest] = args;
  const line: CommandLine = {
    args: rest,
    environment: process.env,
    print: (text) => process.stdout.write(`${text}\n`),
    printBytes: (bytes) => process.stdout.write(bytes),
    complain: (text) => process.stderr.write(`${text}\n`),
    ...(process.stderr.isTTY ? { progress: showProgress } : {}),
  };
  if (name === '--help' || name === 'help') {
    line.print(usage());
    return 0;
  }
  if (name === '--version') {
    line.print(VERSION);
    return 0;
  }
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name as CommandName] : undefined;
  if (load === undefined) {
    line.complain(`threenines: unknown command "${name}"\n\n${usage()}`);
    return 2;
  }
  const command = await load();
  return command(line);
}

/** Carriage return and "erase to the end of the line" (ECMA-48 §8.3.41) before each. */
function showProgress(text: string): void {
  process.stderr.write(`\r\u001b[K${text}`);
}

// Compiled code is kept between starts, in the system's temporary folder: a second start takes two thirds of the time.
keepCompiledCode();
leaveOutExperimentalWarnings();
// A reader that goes away (`| head`) must not take the service down with it.
process.stdout.on('error', () => {});
process.stderr.on('error', () => {});
process.exitCode = await main(process.argv.slice(2));
