import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../../../lib/clock.ts';
import type { DurationMs } from '../../../lib/time.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const PLANT = fileURLToPath(new URL('./plant.ts', import.meta.url));

export interface StartOptions {
  readonly configFolder: string;
  /** Where compiled code is kept: a start costs half of what it does without. */
  readonly codeFolder: string;
  /** A mistake that is made in it as it is loaded, by its number; null: none. */
  readonly plantedBug: number | null;
}

/** The service as a user starts it, in a process of its own that is going to be killed. */
export class KilledService {
  /** Its address, once it says that it runs; null when it was killed before. Rejects when it ends by itself. */
  readonly running: Promise<string | null>;
  /** From the start of the process to that; null as long as it does not run. */
  startMs: DurationMs | null = null;
  readonly #child: ChildProcess;

  constructor({ configFolder, codeFolder, plantedBug }: StartOptions) {
    const planted = plantedBug === null ? [] : ['--import', PLANT];
    const args = [...planted, 'app/main.ts', 'serve', '--config', configFolder];
    const bug = plantedBug === null ? {} : { PLANTED_BUG: `${plantedBug}` };
    const env = { ...process.env, NODE_OPTIONS: '', NODE_COMPILE_CACHE: codeFolder, ...bug };
    this.#child = spawn(process.execPath, args, {
      ...{ cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] },
    });
    this.running = this.#untilItRuns();
    // Whoever waits for it hears of it; a killed start is no failure.
    this.running.catch(() => {});
  }

  async #untilItRuns(): Promise<string | null> {
    const startedMs = systemClock.monotonicMs();
    const child = this.#child;
    const said: string[] = [];
    child.stderr!.on('data', (chunk) => said.push(String(chunk)));
    const closed = once(child, 'close');
    for await (const line of createInterface({ input: child.stdout! })) {
      said.push(line);
      const found = /^Threenines is running: (http\S+)$/.exec(line);
      if (found === null) continue;
      this.startMs = systemClock.monotonicMs() - startedMs;
      child.stdout!.resume();
      return found[1]!;
    }
    await closed;
    if (child.signalCode === 'SIGKILL') return null;
    throw new Error(`the service ended by itself:\n${said.join('\n')}`);
  }

  /** Ends it at this instant, without any chance to tidy up; resolves when it is gone. */
  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  /** Lets it end as it should. */
  stop(): Promise<void> {
    return this.#end('SIGTERM');
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  }
}
