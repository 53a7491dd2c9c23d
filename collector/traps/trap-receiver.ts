import type { Registry } from 'prom-client';
import type { Config, TrapsConfig } from '../../config/model.ts';
import type { CancelTimer, Clock } from '../../lib/clock.ts';
import type { Logger } from '../../lib/logger.ts';
import type { Random } from '../../lib/random.ts';
import { SECOND } from '../../lib/time.ts';
import { kernelDrops, procFileOf } from '../proc-net-udp.ts';
import { newSalts } from '../snmp/usm/salts.ts';
import { newKeyStore } from '../snmp/usm/user-keys.ts';
import type { ProvenEngineTime } from '../snmp-client.ts';
import { type Answers, newAnswers } from './answer-octets.ts';
import { InformAnswers } from './inform-answers.ts';
import { OTHER_KIND } from './known-traps.ts';
import { notificationValues, type ReceivedNotification, reportedAddress } from './notification.ts';
import { type EngineStore, startOwnEngine } from './own-engine.ts';
import { RefusalLog } from './refusal-log.ts';
import { StormControl, type StormSummary } from './storm-control.ts';
import { informKey, type Judgement, TrapJudge } from './trap-judge.ts';
import { createTrapMetrics, type TrapMetrics } from './trap-metrics.ts';
import type { OpenTrapSocket, TrapSocket } from './trap-socket.ts';
import { Verifier } from './verification.ts';

export interface TrapReceiverDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly openSocket: OpenTrapSocket;
  readonly log: Logger;
  readonly registry: Registry;
  readonly config: Config;
  /** Where our SNMP engine keeps who it is. */
  readonly engineStore: EngineStore;
  /** Polls a device as soon as it can; resolves when that has ended. */
  readonly pollNow: (deviceId: string) => Promise<unknown>;
  /** As which SNMPv3 engine a device answers polls, in hexadecimal; null while none is known. */
  readonly engineIdOf: (deviceId: string) => string | null;
  /** Boots and time of that engine, as polls have proven them; null while they have not. */
  readonly engineTimeOf: (deviceId: string) => ProvenEngineTime | null;
  /** Resolves when the notification is durable, rejects when that is not certain. */
  readonly record: (notification: ReceivedNotification) => Promise<void>;
  /** The text of a file under /proc, null where there is none. */
  readonly readProc: (path: string) => string | null;
}

type Accepted = Extract<Judgement, { kind: 'notification' }>;

/** How often summaries are looked through; an inform among them waits no longer for its answer. */
const LOOK_EVERY_MS = SECOND / 4;
const LOOKS_PER_DROP_CHECK = 40;
const REOPEN_AFTER_MS = 5 * SECOND;

/** What exists from the first time that traps are configured. */
interface Desk {
  readonly judge: TrapJudge;
  readonly answers: Answers;
  readonly metrics: TrapMetrics;
  readonly verifier: Verifier;
}

/**
 * Receives traps and informs of v1, v2c and v3 on one UDP socket. A notification changes no health:
 * it is recorded, and its device is polled at once to see what is true. Every datagram is counted
 * once, as accepted, as part of a summary, or as refused with its reason.
 *
 *   closed ──start, reconfigure──▶ listening ──reconfigure, stop──▶ closed
 *                                   │    ▲
 *                               failure  │ REOPEN_AFTER_MS
 *                                   ▼    │
 *                                  waiting
 */
export class TrapReceiver {
  readonly #deps: TrapReceiverDeps;
  readonly #storm = new StormControl();
  readonly #informs: InformAnswers;
  readonly #refusals: RefusalLog;
  #config: Config;
  #desk: Desk | null = null;
  #socket: TrapSocket | null = null;
  /** Of the socket that is open. */
  #countedDrops = 0;
  #looks = 0;
  #cancelLook: CancelTimer = () => {};
  #cancelReopen: CancelTimer = () => {};
  #isRunning = false;

  constructor(deps: TrapReceiverDeps) {
    this.#deps = deps;
    this.#config = deps.config;
    this.#refusals = new RefusalLog(deps.log, deps.clock);
    this.#informs = new InformAnswers(({ octets, address, port }) => {
      if (this.#socket === null) return;
      this.#socket.send(octets, address, port);
      this.#desk?.metrics.answered('response');
    });
  }

  /** Where it listens; null while it does not. */
  get listening(): { readonly address: string; readonly port: number } | null {
    return this.#socket;
  }

  /** Begins to listen, if traps are configured. Rejects with a sentence when the address cannot be had. */
  async start(): Promise<void> {
    this.#isRunning = true;
    this.#lookAgain();
    const { traps } = this.#config;
    if (traps !== null) await this.#open(traps);
  }

  /** Takes over another configuration. A listen address that cannot be had is logged and tried again. */
  async reconfigure(config: Config): Promise<void> {
    const before = this.#config.traps;
    this.#config = config;
    this.#desk?.judge.configure(config);
    this.#desk?.verifier.keepOnly(new Set(config.devices.map(({ id }) => id)));
    if (!this.#isRunning || isSameListen(before, config.traps)) return;
    this.#cancelReopen();
    await this.#close();
    if (config.traps !== null) await this.#reopen(config.traps);
  }

  /** Takes no more, hands out every summary, answers what is stored, and closes. */
  async stop(): Promise<void> {
    this.#isRunning = false;
    this.#cancelLook();
    this.#cancelReopen();
    this.#socket?.mute();
    this.#desk?.verifier.stop();
    await Promise.allSettled(this.#recordSummaries(true));
    await this.#close();
  }

  async #open(traps: TrapsConfig): Promise<void> {
    this.#desk ??= this.#furnish();
    try {
      const socket = await this.#deps.openSocket(traps, {
        onDatagram: (octets, address, port) => this.#receive(octets, address, port),
        onOverflow: (count) => this.#noteOverflow(count),
        onFailure: (code) => this.#lose(code),
      });
      if (!this.#isRunning || !isSameListen(traps, this.#config.traps)) {
        await socket.close();
        return;
      }
      this.#countedDrops = 0;
      this.#socket = socket;
      this.#desk.metrics.listening(true, socket.bufferBytes);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
      const place = `${traps.listenHost}:${traps.listenPort}`;
      throw new Error(`traps cannot be received on UDP ${place}: ${code}`, { cause: error });
    }
  }

  async #reopen(traps: TrapsConfig): Promise<void> {
    try {
      await this.#open(traps);
    } catch (error) {
      this.#deps.log.error({ error: String(error) }, 'no traps are received');
      this.#cancelReopen = this.#deps.clock.after(REOPEN_AFTER_MS, () => void this.#reopen(traps));
    }
  }

  #lose(code: string): void {
    this.#deps.log.error({ code }, 'the trap listener failed; it is opened again');
    this.#socket = null;
    this.#desk?.metrics.listening(false, 0);
    const { traps } = this.#config;
    if (traps === null || !this.#isRunning) return;
    this.#cancelReopen = this.#deps.clock.after(REOPEN_AFTER_MS, () => void this.#reopen(traps));
  }

  async #close(): Promise<void> {
    const socket = this.#socket;
    if (socket === null) return;
    this.#noteDrops();
    this.#socket = null;
    this.#desk?.metrics.listening(false, 0);
    await socket.close();
  }

  #furnish(): Desk {
    const { random, clock, registry, engineStore, pollNow, engineIdOf, engineTimeOf } = this.#deps;
    const own = startOwnEngine(engineStore, random, clock);
    const keys = newKeyStore(random);
    const answers = newAnswers(own, keys, newSalts(random));
    const judge = new TrapJudge({ keys, own, answers, engineIdOf, engineTimeOf });
    judge.configure(this.#config);
    const metrics = createTrapMetrics(registry, {
      stormEntries: () => this.#storm.size,
      readDrops: () => this.#noteDrops(),
    });
    const verifier = new Verifier({ clock, pollNow, onPoll: () => metrics.polled() });
    return { judge, answers, metrics, verifier };
  }

  #receive(octets: Uint8Array, address: string, port: number): void {
    const { judge, metrics } = this.#desk!;
    metrics.received();
    const nowMs = this.#deps.clock.monotonicMs();
    const judgement = judge.judge(octets, address, port, nowMs);
    if (judgement.kind === 'notification') {
      this.#accept(judgement, address, port, nowMs);
      return;
    }
    metrics.judged(OTHER_KIND, judgement.because);
    if (judgement.report !== null) {
      this.#socket?.send(judgement.report, address, port);
      metrics.answered('report');
    }
    // How a v3 sender learns who we are and what time it is, is no trouble.
    if (judgement.report === null) this.#refusals.note(judgement.because, address, port);
  }

  #accept(accepted: Accepted, address: string, port: number, nowMs: number): void {
    const { metrics, verifier } = this.#desk!;
    const { isInform, known, devices } = accepted;
    const answer = isInform ? this.#answerTo(accepted, address, port) : null;
    if (answer !== null && this.#informs.answerRepeated(answer.key, answer, nowMs)) {
      metrics.judged(OTHER_KIND, 'repeated-inform');
      return;
    }
    if (answer !== null && !this.#informs.hasRoom) {
      metrics.judged(OTHER_KIND, 'too-many-waiting');
      return;
    }
    const stored = this.#count(accepted, nowMs);
    if (answer !== null) this.#informs.answerWhenStored(answer.key, answer, stored, nowMs);
    if (known?.repoll !== 'device') return;
    for (const device of devices) verifier.ask(device.id);
  }

  /** Counts it by itself or in a summary; the promise is of its storage. */
  #count(accepted: Accepted, nowMs: number): Promise<void> {
    const { metrics } = this.#desk!;
    const { devices, sourceAddress, known, oid, isInform } = accepted;
    const kind = known?.name ?? OTHER_KIND;
    const subject = {
      deviceId: devices.length === 1 ? devices[0]!.id : null,
      sourceAddress,
      kind,
      oid,
    };
    const at = this.#deps.clock.now();
    const summary = this.#storm.take(subject, isInform, nowMs, at);
    metrics.judged(kind, summary === null ? 'accepted' : 'summarised');
    if (summary !== null) return summary.stored.promise;
    const level = known?.severity ?? 'info';
    this.#deps.log[level]({ ...subject, isInform }, 'notification received');
    return this.#record({
      ...subject,
      isInform,
      count: 1,
      firstAt: at,
      lastAt: at,
      reportedAddress: reportedAddress(accepted.view.pdu),
      values: notificationValues(accepted.view.pdu),
    });
  }

  #answerTo({ view, user, sourceAddress }: Accepted, address: string, port: number) {
    const octets = this.#desk!.answers.response(view, user);
    if (octets === null) return null;
    return { octets, address, port, key: informKey(view, sourceAddress, port) };
  }

  /** The promise is the caller's to await or not: it never goes unheard. */
  #record(notification: ReceivedNotification): Promise<void> {
    const stored = this.#deps.record(notification);
    stored.catch((error: unknown) => {
      this.#deps.log.error({ error: String(error) }, 'a notification is not stored');
    });
    return stored;
  }

  #recordSummaries(all: boolean): Promise<void>[] {
    const nowMs = this.#deps.clock.monotonicMs();
    return this.#storm.takeDue(nowMs, all).map((summary) => {
      const stored = this.#record(notificationOf(summary));
      stored.then(summary.stored.resolve, summary.stored.reject);
      return stored;
    });
  }

  #lookAgain(): void {
    this.#cancelLook = this.#deps.clock.after(LOOK_EVERY_MS, () => {
      this.#recordSummaries(false);
      this.#looks += 1;
      if (this.#looks % LOOKS_PER_DROP_CHECK === 0) this.#noteDrops();
      this.#lookAgain();
    });
  }

  #noteOverflow(count: number): void {
    const { metrics } = this.#desk!;
    metrics.overflowed(count);
    this.#deps.log.warn({ count }, 'notifications came faster than they can be judged');
  }

  #noteDrops(): void {
    const socket = this.#socket;
    if (socket === null) return;
    const text = this.#deps.readProc(procFileOf(socket.address));
    const drops = text === null ? null : kernelDrops(text, socket.address, socket.port);
    if (drops === null || drops <= this.#countedDrops) return;
    const fresh = drops - this.#countedDrops;
    this.#countedDrops = drops;
    this.#desk?.metrics.kernelDropped(fresh);
    this.#deps.log.warn({ count: fresh }, 'the kernel dropped notifications: the buffer was full');
  }
}

function notificationOf({ stored, hasInform, ...summary }: StormSummary): ReceivedNotification {
  return { ...summary, isInform: hasInform, reportedAddress: null, values: [] };
}

function isSameListen(before: TrapsConfig | null, after: TrapsConfig | null): boolean {
  return before?.listenHost === after?.listenHost && before?.listenPort === after?.listenPort;
}
