import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { DomainEvent } from '../../alerting/events.ts';
import { readJournal } from '../../storage/read-journal.ts';
import { openStream } from '../api/stream-client.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

type EventOf<Type extends DomainEvent['type']> = Extract<DomainEvent, { type: Type }>;

/** The files of a configuration folder by name. */
export type ConfigFiles = Readonly<Record<string, string>>;

export function writeConfig(folder: string, files: ConfigFiles): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}

/** The service in a process of its own, as a user starts it. */
export class ServiceProcess implements AsyncDisposable {
  static readonly #running = new Set<ChildProcess>();

  /** Ends what a test that failed has left running. */
  static killAll(): void {
    for (const child of ServiceProcess.#running) child.kill('SIGKILL');
    ServiceProcess.#running.clear();
  }

  readonly url: string;
  readonly #child: ChildProcess;
  readonly #output: EventEmitter;
  readonly #dataFolder: string;
  readonly said: string[];

  private constructor(
    child: ChildProcess,
    url: string,
    said: string[],
    output: EventEmitter,
    dataFolder: string,
  ) {
    this.#dataFolder = dataFolder;
    this.#child = child;
    this.url = url;
    this.said = said;
    this.#output = output;
  }

  /** Resolves when it says that it runs, or whatever else with its address; rejects with what it said when it ends before. */
  static async start(
    configFolder: string,
    environment: Readonly<Record<string, string>> = {},
    running = /^Threenines is running: (http\S+)$/,
  ): Promise<ServiceProcess> {
    const child = spawn(process.execPath, ['app/main.ts', 'serve', '--config', configFolder], {
      cwd: root,
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    ServiceProcess.#running.add(child);
    child.once('exit', () => ServiceProcess.#running.delete(child));
    const said: string[] = [];
    const output = new EventEmitter();
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        said.push(line);
        output.emit('line', line);
      });
    }
    const url = await new Promise<string>((resolve, reject) => {
      output.on('line', (line: string) => {
        const found = running.exec(line);
        if (found) resolve(found[1]!);
      });
      child.once('close', (code) => reject(new Error(`ended with ${code}:\n${said.join('\n')}`)));
    });
    return new ServiceProcess(child, url, said, output, join(configFolder, 'data'));
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  /** Resolves with the exit code once it has ended by itself. */
  async ended(): Promise<number | null> {
    if (this.#child.exitCode === null && this.#child.signalCode === null)
      await once(this.#child, 'exit');
    return this.#child.exitCode;
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** Resolves once a line with that text has been said. */
  async says(text: string): Promise<string> {
    for (;;) {
      // Lines may come several at a time, so what has been said is looked through again.
      const found = this.said.find((line) => line.includes(text));
      if (found !== undefined) return found;
      await once(this.#output, 'line');
    }
  }

  /** Resolves with the second line that has that text, or a later one. */
  async saysAgain(text: string): Promise<string> {
    for (;;) {
      const again = this.said.filter((line) => line.includes(text))[1];
      if (again !== undefined) return again;
      await once(this.#output, 'line');
    }
  }

  async get<Answer = Record<string, unknown>>(path: string): Promise<Answer> {
    const response = await fetch(this.url + path);
    return (await response.json()) as Answer;
  }

  post(path: string, body: unknown): Promise<Response> {
    return fetch(this.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  }

  /** The first journal entry, from the beginning, whose event is of that type and passes `wanted`; waits for it. */
  async event<Type extends DomainEvent['type']>(
    type: Type,
    wanted: (event: EventOf<Type>) => boolean = () => true,
  ): Promise<EventOf<Type>> {
    await using stream = openStream(this.port, { path: '/api/v1/events?after=0' });
    for (;;) {
      const { data } = await stream.next('entry');
      const entry = JSON.parse(data) as { sequence: number; type: string };
      if (entry.type !== type) continue;
      const event = this.#recorded(entry.sequence) as EventOf<Type>;
      if (wanted(event)) return event;
    }
  }

  /** The event as it stands on the disk. */
  #recorded(sequence: number): DomainEvent {
    const opened = readJournal<DomainEvent>(this.#dataFolder);
    if (!opened?.ok) throw new Error(`no journal in ${this.#dataFolder}`);
    using reader = opened.reader;
    for (const entry of reader.entries()) {
      if (entry.sequence === sequence) return entry.event;
    }
    throw new Error(`entry ${sequence} was announced before it was durable`);
  }

  /** Ends it without any chance to tidy up. */
  async kill9(): Promise<void> {
    this.#child.kill('SIGKILL');
    await once(this.#child, 'exit');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill('SIGTERM');
    await once(this.#child, 'exit');
  }
}

/** Runs one command to its end. */
export async function runCommand(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: number | null; readonly out: string; readonly err: string }> {
  const child = spawn(process.execPath, ['app/main.ts', ...args], {
    cwd: root,
    env: { ...process.env, ...environment },
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk) => (out += chunk));
  child.stderr.on('data', (chunk) => (err += chunk));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out, err };
}
