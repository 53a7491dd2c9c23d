import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { systemClock } from '../lib/clock.ts';
import { type DurationMs, SECOND } from '../lib/time.ts';
import { MEASURED_CORE, pinned } from './programs.ts';

export interface ProcessOptions {
  /** null: any core. */
  readonly core?: number | null;
  /** It is killed after this long, whatever it does. */
  readonly timeoutMs?: DurationMs;
  readonly environment?: Readonly<Record<string, string>>;
}

const DEFAULT_TIMEOUT_MS = 120 * SECOND;
const LONGEST_COMPLAINT = 2_000;

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

function start(command: string, args: readonly string[], options: ProcessOptions): ChildProcess {
  const [program, ...rest] = pinned(options.core ?? null, command, args);
  const child = spawn(program!, rest, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...options.environment },
  });
  running.add(child);
  const cancel = systemClock.after(options.timeoutMs ?? DEFAULT_TIMEOUT_MS, () =>
    child.kill('SIGKILL'),
  );
  child.once('close', () => {
    running.delete(child);
    cancel();
  });
  return child;
}

/** Runs a program to its end and gives what it printed; rejects when it fails, with what it said. */
export async function runProgram(
  command: string,
  args: readonly string[],
  options: ProcessOptions = {},
): Promise<string> {
  const child = start(command, args, options);
  let printed = '';
  let complaint = '';
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-LONGEST_COMPLAINT);
  });
  const [status, signal] = (await once(child, 'close')) as [number | null, string | null];
  if (status === 0) return printed;
  throw new Error(
    `${command} ${args[0] ?? ''} ended with ${signal ?? status}: ${complaint.trim()}`,
  );
}

/** Runs a program whose last line of output is a JSON object, and gives that object. */
export async function runForJson<Result>(
  command: string,
  args: readonly string[],
  options: ProcessOptions = {},
): Promise<Result> {
  const printed = await runProgram(command, args, options);
  return JSON.parse(printed.trimEnd().split('\n').at(-1) ?? '') as Result;
}

/**
 * Runs a file of the benches in a process of its own, on the measured core, with `task` as its
 * task (see `takeTask`), and gives the object it tells.
 */
export function runWorker<Result>(
  file: URL,
  task: object,
  options: ProcessOptions & { readonly nodeOptions?: readonly string[] } = {},
): Promise<Result> {
  const args = [...(options.nodeOptions ?? []), file.pathname, JSON.stringify(task)];
  return runForJson(process.execPath, args, { core: MEASURED_CORE, ...options });
}

/** A worker's task, as the bench gave it. */
export function takeTask<Task>(): Task {
  return JSON.parse(process.argv[2] ?? '{}') as Task;
}

/** A worker's result: the line that `runWorker` waits for. */
export function tell(result: object): void {
  process.stdout.write(`${JSON.stringify(result)}\n`);
}

/** A program that runs until it is disposed. */
export interface Server extends AsyncDisposable {
  readonly pid: number;
  /** What the pattern matched in the line that says it is ready. */
  readonly ready: RegExpExecArray;
}

/** Starts a program and waits for the line that says it is ready; rejects when it ends before. */
export async function startServer(
  command: string,
  args: readonly string[],
  pattern: RegExp,
  options: ProcessOptions = {},
): Promise<Server> {
  const child = start(command, args, options);
  const { promise, resolve, reject } = Promise.withResolvers<RegExpExecArray>();
  let said = '';
  for (const stream of [child.stdout!, child.stderr!]) {
    createInterface({ input: stream }).on('line', (line) => {
      said = `${said}\n${line}`.slice(-LONGEST_COMPLAINT);
      const found = pattern.exec(line);
      if (found !== null) resolve(found);
    });
  }
  const closed = once(child, 'close');
  child.once('error', reject);
  closed.then(([status]) => reject(new Error(`${command} ended with ${status}: ${said}`)), reject);
  const ready = await promise;
  return {
    pid: child.pid!,
    ready,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await closed;
    },
  };
}
