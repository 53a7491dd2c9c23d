import { type Backoff, backoffDelayMs } from '../lib/backoff.ts';
import type { CancelTimer, Clock } from '../lib/clock.ts';
import type { Logger } from '../lib/logger.ts';
import type { Random } from '../lib/random.ts';
import { MINUTE, SECOND } from '../lib/time.ts';
import { type BufferedBatch, InfluxBuffer, type InfluxPoint } from './influx-buffer.ts';
import { InfluxClient, type InfluxTarget, isWritable } from './influx-client.ts';

/** What became of the points; every one is written, waiting, or counted here as dropped or refused. */
export interface InfluxCounts {
  written: number;
  /** Beyond the buffer while the server was away, or the disk did not take them. */
  dropped: number;
  /** The server would never take them. */
  refused: number;
  /** Batches on disk that could not be read any more, whatever points they held. */
  damagedBatches: number;
}

const MOST_IN_BATCH = 5_000;
const FLUSH_EVERY_MS = 5 * SECOND;
const BACKOFF: Backoff = {
  firstMs: SECOND,
  longestMs: MINUTE,
  multiplier: 2,
  jitterRatio: 0.2,
};

/**
 * Writes points to InfluxDB 1.x (line protocol, in batches) through a bounded buffer on disk: a
 * batch is a file before it is sent and until the server has it, so a server that is away, and a
 * restart of ours, lose nothing below the bound. Above it new batches are dropped and counted.
 * A batch that is sent again overwrites itself: points have their own instants. Whatever fails here
 * is logged and counted, and ends nothing else: once it is made, no method throws or rejects.
 */
export class InfluxSink {
  readonly counts: InfluxCounts = { written: 0, dropped: 0, refused: 0, damagedBatches: 0 };
  readonly #target: InfluxTarget;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #log: Logger;
  readonly #buffer: InfluxBuffer;
  readonly #client: InfluxClient;
  #points: InfluxPoint[] = [];
  #failures = 0;
  #cancelFlush: CancelTimer;
  #cancelRetry: CancelTimer = () => {};
  #sending: Promise<void> | null = null;
  #isStopped = false;

  /** `folder` holds the buffer; what an earlier run left there is sent first. Throws when it cannot be used. */
  constructor(
    folder: string,
    target: InfluxTarget,
    {
      clock,
      random,
      log,
    }: { readonly clock: Clock; readonly random: Random; readonly log: Logger },
  ) {
    this.#target = target;
    this.#clock = clock;
    this.#random = random;
    this.#log = log;
    this.#buffer = new InfluxBuffer(folder);
    this.#client = new InfluxClient(target, clock);
    this.#cancelFlush = clock.after(FLUSH_EVERY_MS, () => this.#flushRegularly());
    this.#send();
  }

  /** Octets that wait on disk. */
  get bufferedBytes(): number {
    return this.#buffer.bytes;
  }

  write(points: readonly InfluxPoint[]): void {
    if (this.#isStopped) return;
    for (const point of points) {
      if (!isWritable(point)) {
        this.counts.refused += 1;
        continue;
      }
      this.#points.push(point);
      if (this.#points.length >= MOST_IN_BATCH) this.flush();
    }
  }

  /** Puts what is at hand on disk and begins to send. */
  flush(): void {
    if (this.#points.length === 0) return;
    const points = this.#points;
    this.#points = [];
    const text = JSON.stringify(points);
    if (this.#buffer.bytes + Buffer.byteLength(text) > this.#target.bufferBytes) {
      this.counts.dropped += points.length;
      return;
    }
    try {
      this.#buffer.add(text);
    } catch (error) {
      this.counts.dropped += points.length;
      this.#log.error({ error: String(error) }, 'points for InfluxDB could not be buffered');
      return;
    }
    this.#send();
  }

  /** Resolves when nothing is being sent; what waits stays on disk for the next start. */
  async stop(): Promise<void> {
    this.flush();
    this.#isStopped = true;
    this.#cancelFlush();
    this.#cancelRetry();
    await this.#sending;
  }

  #flushRegularly(): void {
    this.flush();
    this.#cancelFlush = this.#clock.after(FLUSH_EVERY_MS, () => this.#flushRegularly());
  }

  #send(): void {
    if (this.#sending !== null || this.#isStopped || this.#buffer.oldest === null) return;
    this.#cancelRetry();
    this.#sending = this.#sendAll()
      .catch((error) => {
        this.#log.error({ error: String(error) }, 'the buffer for InfluxDB could not be used');
        this.#retryLater();
      })
      .finally(() => {
        this.#sending = null;
      });
  }

  async #sendAll(): Promise<void> {
    for (let batch = this.#buffer.oldest; batch !== null; batch = this.#buffer.oldest) {
      const points = this.#buffer.read(batch);
      if (points === null) {
        this.#putAside(batch);
        continue;
      }
      const outcome = await this.#client.write(points);
      if (outcome.kind === 'away') {
        this.#retryLater();
        return;
      }
      const { refused, status } = outcome;
      if (refused > 0) this.#log.error({ status, refused }, 'InfluxDB refused points');
      this.counts.refused += refused;
      this.counts.written += points.length - refused;
      this.#failures = 0;
      this.#buffer.remove(batch);
      if (this.#isStopped) return;
    }
  }

  #putAside(batch: BufferedBatch): void {
    this.counts.damagedBatches += 1;
    this.#log.error({ file: batch.name }, 'a damaged batch for InfluxDB was put aside');
    try {
      this.#buffer.putAside(batch);
    } catch (error) {
      this.#log.error({ file: batch.name, error: String(error) }, 'it could not be put aside');
    }
  }

  #retryLater(): void {
    this.#failures += 1;
    if (this.#isStopped) return;
    this.#cancelRetry = this.#clock.after(
      backoffDelayMs(BACKOFF, this.#failures, this.#random),
      () => this.#send(),
    );
  }
}
