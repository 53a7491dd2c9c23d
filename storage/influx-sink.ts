import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { InfluxDB, type IPoint } from 'influx';
import { type Backoff, backoffDelayMs } from '../lib/backoff.ts';
import type { CancelTimer, Clock } from '../lib/clock.ts';
import type { Logger } from '../lib/logger.ts';
import type { Random } from '../lib/random.ts';
import { MINUTE, SECOND } from '../lib/time.ts';

export interface InfluxTarget {
  /** `http://influx.example:8086` */
  readonly url: string;
  readonly database: string;
  readonly user: string | null;
  readonly password: string | null;
  /** Octets kept on disk while the server is away. */
  readonly bufferBytes: number;
}

export interface InfluxPoint {
  readonly measurement: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly fields: Readonly<Record<string, number | string>>;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** What became of the points; every one is written, waiting, or counted here as dropped or refused. */
export interface InfluxCounts {
  written: number;
  /** Beyond the buffer while the server was away. */
  dropped: number;
  /** The server would never take them. */
  refused: number;
}

const MOST_IN_BATCH = 5_000;
const FLUSH_EVERY_MS = 5 * SECOND;
const REQUEST_TIMEOUT_MS = 10 * SECOND;
const BACKOFF: Backoff = {
  firstMs: SECOND,
  longestMs: MINUTE,
  multiplier: 2,
  jitterRatio: 0.2,
};
const BATCH_FILE = /^\d{12}\.json$/;

/**
 * Writes points to InfluxDB 1.x (line protocol, in batches) through a bounded buffer on disk: a
 * batch is a file before it is sent and until the server has it, so a server that is away, and a
 * restart of ours, lose nothing below the bound. Above it new batches are dropped and counted.
 * A batch that is sent again overwrites itself: points have their own instants.
 */
export class InfluxSink {
  readonly counts: InfluxCounts = { written: 0, dropped: 0, refused: 0 };
  readonly #folder: string;
  readonly #target: InfluxTarget;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #log: Logger;
  readonly #client: InfluxDB;
  #points: InfluxPoint[] = [];
  #nextNumber: number;
  #bufferedBytes = 0;
  #failures = 0;
  #isReady = false;
  #cancelFlush: CancelTimer;
  #cancelRetry: CancelTimer = () => {};
  #sending: Promise<void> | null = null;
  #isStopped = false;

  /** `folder` holds the buffer; what an earlier run left there is sent first. */
  constructor(
    folder: string,
    target: InfluxTarget,
    {
      clock,
      random,
      log,
    }: { readonly clock: Clock; readonly random: Random; readonly log: Logger },
  ) {
    this.#folder = folder;
    this.#target = target;
    this.#clock = clock;
    this.#random = random;
    this.#log = log;
    mkdirSync(folder, { recursive: true });
    const names = this.#batches();
    this.#nextNumber = Number.parseInt(names.at(-1) ?? '0', 10) + 1;
    for (const name of names) this.#bufferedBytes += statSync(join(folder, name)).size;
    const url = new URL(target.url);
    this.#client = new InfluxDB({
      database: target.database,
      username: target.user ?? '',
      password: target.password ?? '',
      hosts: [
        {
          host: url.hostname,
          port: Number(url.port || (url.protocol === 'https:' ? 443 : 80)),
          protocol: url.protocol === 'https:' ? 'https' : 'http',
        },
      ],
      pool: { requestTimeout: REQUEST_TIMEOUT_MS, maxRetries: 0 },
    });
    this.#cancelFlush = clock.after(FLUSH_EVERY_MS, () => this.#flushRegularly());
    if (names.length > 0) this.#send();
  }

  /** Octets that wait on disk. */
  get bufferedBytes(): number {
    return this.#bufferedBytes;
  }

  write(points: readonly InfluxPoint[]): void {
    if (this.#isStopped) return;
    for (const point of points) {
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
    const size = Buffer.byteLength(text);
    if (this.#bufferedBytes + size > this.#target.bufferBytes) {
      this.counts.dropped += points.length;
      return;
    }
    const path = join(this.#folder, `${String(this.#nextNumber).padStart(12, '0')}.json`);
    try {
      writeFileSync(`${path}.unfinished`, text);
      renameSync(`${path}.unfinished`, path);
    } catch (error) {
      this.counts.dropped += points.length;
      this.#log.error({ error: String(error) }, 'points for InfluxDB could not be buffered');
      return;
    }
    this.#nextNumber += 1;
    this.#bufferedBytes += size;
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
    if (this.#sending !== null || this.#isStopped) return;
    this.#cancelRetry();
    this.#sending = this.#sendAll().finally(() => {
      this.#sending = null;
    });
  }

  async #sendAll(): Promise<void> {
    for (let name = this.#batches()[0]; name !== undefined; name = this.#batches()[0]) {
      const path = join(this.#folder, name);
      const size = statSync(path).size;
      const points: InfluxPoint[] = JSON.parse(readFileSync(path, 'utf8'));
      const outcome = await this.#writeBatch(points);
      if (outcome === 'away') {
        this.#retryLater();
        return;
      }
      this.counts[outcome] += points.length;
      this.#failures = 0;
      rmSync(path, { force: true });
      this.#bufferedBytes -= size;
      if (this.#isStopped) return;
    }
  }

  async #writeBatch(points: readonly InfluxPoint[]): Promise<'written' | 'refused' | 'away'> {
    try {
      // A user without the right to create it may still write to one that is there.
      if (!this.#isReady) await this.#client.createDatabase(this.#target.database).catch(() => {});
      this.#isReady = true;
      await this.#client.writePoints(points.map(toPoint), { precision: 'ms' });
      return 'written';
    } catch (error) {
      const status = statusOf(error);
      // 401 and 404 can be mended without us; anything else of the 400s is about these points.
      const isFinal = status !== null && status >= 400 && status < 500;
      if (!isFinal || status === 401 || status === 403 || status === 404) {
        this.#isReady = false;
        return 'away';
      }
      this.#log.error({ status }, 'InfluxDB refused points');
      return 'refused';
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

  #batches(): string[] {
    if (!existsSync(this.#folder)) return [];
    return readdirSync(this.#folder)
      .filter((name) => BATCH_FILE.test(name))
      .sort();
  }
}

function toPoint({ measurement, tags, fields, at }: InfluxPoint): IPoint {
  return { measurement, tags: { ...tags }, fields: { ...fields }, timestamp: new Date(at) };
}

/** The HTTP status that an error of the client carries; null when the server did not answer. */
function statusOf(error: unknown): number | null {
  if (!(error instanceof Error) || !('res' in error)) return null;
  const { res } = error as { res?: { statusCode?: number } };
  return res?.statusCode ?? null;
}
