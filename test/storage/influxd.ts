import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { delay, systemClock } from '../../lib/clock.ts';

/** Whether Debian's influxdb is installed. */
export const hasInfluxd = spawnSync('influxd', ['version']).status === 0;

const START_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 50;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** A real InfluxDB in a folder, which can be stopped and started again at the same address. */
export class Influxd implements AsyncDisposable {
  readonly url: string;
  readonly #config: string;
  #child: ChildProcess | null = null;

  private constructor(folder: string, port: number, otherPort: number) {
    this.url = `http://127.0.0.1:${port}`;
    mkdirSync(folder, { recursive: true });
    this.#config = join(folder, 'influxdb.conf');
    writeFileSync(
      this.#config,
      [
        `reporting-disabled = true`,
        `bind-address = "127.0.0.1:${otherPort}"`,
        `[meta]\ndir = "${folder}/meta"`,
        `[data]\ndir = "${folder}/data"\nwal-dir = "${folder}/wal"`,
        `[http]\nbind-address = "127.0.0.1:${port}"\nlog-enabled = false`,
        `[monitor]\nstore-enabled = false`,
      ].join('\n'),
    );
  }

  static async create(folder: string): Promise<Influxd> {
    return new Influxd(folder, await freePort(), await freePort());
  }

  async start(): Promise<void> {
    this.#child = spawn('influxd', ['run', '-config', this.#config], { stdio: 'ignore' });
    const until = systemClock.monotonicMs() + START_WITHIN_MS;
    while (systemClock.monotonicMs() < until) {
      const isThere = await fetch(`${this.url}/ping`).then(
        (answer) => answer.status === 204,
        () => false,
      );
      if (isThere) return;
      await delay(systemClock, LOOK_EVERY_MS);
    }
    throw new Error('influxd did not start');
  }

  async stop(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child === null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  }

  /** The first value of the first row that a query answers; null when it answers nothing. */
  async query(text: string): Promise<unknown> {
    const url = `${this.url}/query?db=threenines&q=${encodeURIComponent(text)}`;
    const answer = (await (await fetch(url)).json()) as {
      results: { series?: { values: unknown[][] }[] }[];
    };
    return answer.results[0]?.series?.[0]?.values[0]?.[1] ?? null;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}
