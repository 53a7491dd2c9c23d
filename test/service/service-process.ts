import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { openStream } from '../api/stream-client.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The files of a configuration folder by name. */
export type ConfigFiles = Readonly<Record<string, string>>;

export function writeConfig(folder: string, files: ConfigFiles): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}

/** The service in a process of its own, as a user starts it. */
export class ServiceProcess implements AsyncDisposable {
  readonly url: string;
  readonly #child: ChildProcess;
  readonly #output: EventEmitter;
  readonly said: string[];

  private constructor(child: ChildProcess, url: string, said: string[], output: EventEmitter) {
    this.#child = child;
    this.url = url;
    this.said = said;
    this.#output = output;
  }

  /** Resolves when it says that it runs; rejects with what it said when it ends before. */
  static async start(
    configFolder: string,
    environment: Readonly<Record<string, string>> = {},
  ): Promise<ServiceProcess> {
    const child = spawn(process.execPath, ['app/main.ts', 'serve', '--config', configFolder], {
      cwd: root,
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
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
        const found = /^Threenines is running: (http\S+)$/.exec(line);
        if (found) resolve(found[1]!);
      });
      child.once('close', (code) => reject(new Error(`ended with ${code}:\n${said.join('\n')}`)));
    });
    return new ServiceProcess(child, url, said, output);
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** Resolves once a line with that text has been said. */
  async says(text: string): Promise<string> {
    const known = this.said.find((line) => line.includes(text));
    if (known !== undefined) return known;
    for (;;) {
      const [line] = (await once(this.#output, 'line')) as [string];
      if (line.includes(text)) return line;
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

  /** The first journal entry, from the beginning, whose event is of that type and passes `wanted`. */
  async event(
    type: string,
    wanted: (event: Record<string, unknown>) => boolean = () => true,
  ): Promise<Record<string, unknown>> {
    await using stream = openStream(this.port, { path: '/api/v1/events?after=0' });
    for (;;) {
      const { data } = await stream.next('entry');
      const entry = JSON.parse(data) as Record<string, unknown>;
      const event = (entry.event ?? entry) as Record<string, unknown>;
      if (event.type === type && wanted(event)) return event;
    }
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
): Promise<{ readonly code: number | null; readonly out: string; readonly err: string }> {
  const child = spawn(process.execPath, ['app/main.ts', ...args], { cwd: root });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk) => (out += chunk));
  child.stderr.on('data', (chunk) => (err += chunk));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out, err };
}
