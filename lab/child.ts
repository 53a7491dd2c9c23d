import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Clock } from '../lib/clock.ts';
import type { Logger } from '../lib/logger.ts';
import { SECOND } from '../lib/time.ts';
import type { LabCredential } from './credential.ts';
import type { LabDevice } from './devices/catalog.ts';
import type { LabStartProblem } from './lab.ts';
import type { FromLab, LabAnswer, LabAsk, ToLab } from './process-messages.ts';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));
const START_WITHIN_MS = 20 * SECOND;
const ANSWER_WITHIN_MS = 5 * SECOND;
const STOP_WITHIN_MS = 2 * SECOND;
const LONGEST_LINE = 500;

export interface ChildOptions {
  readonly devices: readonly LabDevice[];
  readonly credentials: readonly (readonly [string, LabCredential])[];
  readonly playStory: boolean;
  readonly clock: Clock;
  readonly log: Logger;
  readonly onEnd: (reason: string) => void;
}

export type ChildStart =
  | { readonly ok: true; readonly ports: ReadonlyMap<string, number> }
  | { readonly ok: false; readonly problem: LabStartProblem }
  | {
      readonly ok: false;
      readonly problem: { readonly kind: 'no-process'; readonly text: string };
    };

/**
 * One run of the lab in a process of its own: started, asked, ended. It does not come back; whoever
 * wants it back makes another.
 */
export class LabChild {
  readonly processId: number | null;
  readonly started: Promise<ChildStart>;
  readonly #child: ChildProcess;
  readonly #options: ChildOptions;
  readonly #asked = new Map<number, (answer: LabAnswer) => void>();
  readonly #ended: Promise<void>;
  #nextId = 1;
  #hasEnded = false;
  #settleStart: (start: ChildStart) => void = () => {};

  constructor(options: ChildOptions) {
    this.#options = options;
    this.started = new Promise((resolve) => {
      this.#settleStart = resolve;
    });
    this.#child = fork(MAIN, [], { execArgv: [], stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    this.processId = this.#child.pid ?? null;
    this.#ended = new Promise((resolve) => {
      this.#child.once('error', (error) => this.#end(`could not run: ${error.message}`, resolve));
      this.#child.once('exit', (code, signal) =>
        this.#end(`ended with ${signal ?? `code ${code}`}`, resolve),
      );
    });
    this.#child.on('message', (message: FromLab) => this.#hear(message));
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on('data', (text: Buffer) => {
        options.log.warn({ text: text.toString().slice(0, LONGEST_LINE) }, 'lab process wrote');
      });
    }
    const { devices, credentials, playStory } = options;
    this.#tell({ kind: 'start', devices, credentials, playStory });
    const cancel = options.clock.after(START_WITHIN_MS, () =>
      this.#failStart('did not start in time'),
    );
    void this.started.then(cancel);
  }

  /** Gives a problem when the process has ended, ends meanwhile, or does not answer in time. */
  ask(ask: LabAsk): Promise<LabAnswer> {
    if (this.#hasEnded) return Promise.resolve({ ok: false, problem: 'the lab is not running' });
    const id = this.#nextId++;
    return new Promise((resolve) => {
      const cancel = this.#options.clock.after(ANSWER_WITHIN_MS, () => {
        this.#settle(id, { ok: false, problem: 'the lab did not answer in time' });
      });
      this.#asked.set(id, (answer) => {
        cancel();
        resolve(answer);
      });
      this.#tell({ kind: 'ask', id, ask });
    });
  }

  /** Closes the channel, which ends the process; kills it when that takes too long. */
  async stop(): Promise<void> {
    if (this.#child.connected) this.#child.disconnect();
    const cancel = this.#options.clock.after(STOP_WITHIN_MS, () => this.#child.kill('SIGKILL'));
    await this.#ended;
    cancel();
  }

  #tell(message: ToLab): void {
    // A channel that breaks under a message is followed by the end of the process, which tells all.
    this.#child.send(message, () => {});
  }

  #hear(message: FromLab): void {
    if (message.kind === 'started') {
      this.#settleStart({ ok: true, ports: new Map(message.ports) });
    } else if (message.kind === 'not-started') {
      this.#settleStart({ ok: false, problem: message.problem });
    } else if (message.kind === 'answer') this.#settle(message.id, message.answer);
    else this.#options.log.info({ ...message.action }, 'lab action');
  }

  #settle(id: number, answer: LabAnswer): void {
    const resolve = this.#asked.get(id);
    this.#asked.delete(id);
    resolve?.(answer);
  }

  #end(reason: string, resolve: () => void): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#failStart(reason);
    for (const id of [...this.#asked.keys()]) {
      this.#settle(id, { ok: false, problem: `the lab process ${reason}` });
    }
    resolve();
    this.#options.onEnd(reason);
  }

  #failStart(reason: string): void {
    this.#settleStart({
      ok: false,
      problem: { kind: 'no-process', text: `the lab process ${reason}` },
    });
  }
}
