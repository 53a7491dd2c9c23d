import { InfluxDB, type IPoint } from 'influx';
import type { Clock } from '../lib/clock.ts';
import { SECOND } from '../lib/time.ts';
import type { InfluxPoint } from './influx-buffer.ts';

export interface InfluxTarget {
  /** `http://influx.example:8086` */
  readonly url: string;
  readonly database: string;
  readonly user: string | null;
  readonly password: string | null;
  /** Octets kept on disk while the server is away. */
  readonly bufferBytes: number;
}

/** How many of a batch the server has, and how many it would never take; or it has to be sent again. */
export type WriteOutcome =
  | { readonly kind: 'answered'; readonly refused: number; readonly status: number | null }
  | { readonly kind: 'away' };

const AWAY: WriteOutcome = { kind: 'away' };
const REQUEST_TIMEOUT_MS = 10 * SECOND;
/** The client never ends its promise when an answer breaks off in the middle. */
const ANSWER_TIMEOUT_MS = 30 * SECOND;
const BAD_REQUEST = 400;
const TOO_LARGE = 413;

/** Writes batches to InfluxDB 1.x by its line protocol. */
export class InfluxClient {
  readonly #target: InfluxTarget;
  readonly #clock: Clock;
  readonly #client: InfluxDB;
  #isReady = false;

  constructor(target: InfluxTarget, clock: Clock) {
    this.#target = target;
    this.#clock = clock;
    const url = new URL(target.url);
    const protocol = url.protocol === 'https:' ? 'https' : 'http';
    const port = Number(url.port || (protocol === 'https' ? 443 : 80));
    this.#client = new InfluxDB({
      database: target.database,
      username: target.user ?? '',
      password: target.password ?? '',
      hosts: [{ host: url.hostname, port, protocol }],
      pool: { requestTimeout: REQUEST_TIMEOUT_MS, maxRetries: 0 },
    });
  }

  /** Never rejects. A batch that is too large for the way to the server goes in halves. */
  async write(points: readonly InfluxPoint[]): Promise<WriteOutcome> {
    try {
      if (!this.#isReady) await this.#createDatabase();
      await this.#inTime(this.#client.writePoints(points.map(toPoint), { precision: 'ms' }));
      this.#isReady = true;
      return { kind: 'answered', refused: 0, status: null };
    } catch (error) {
      const { status, message } = answerOf(error);
      if (status === TOO_LARGE && points.length > 1) return await this.#writeHalves(points);
      if (status === BAD_REQUEST || status === TOO_LARGE) {
        return { kind: 'answered', refused: refusedOf(message, points.length), status };
      }
      // Whatever else is wrong can be mended without us: the server, its rights, its database.
      this.#isReady = false;
      return AWAY;
    }
  }

  async #writeHalves(points: readonly InfluxPoint[]): Promise<WriteOutcome> {
    const middle = Math.ceil(points.length / 2);
    const first = await this.write(points.slice(0, middle));
    const second = first.kind === 'away' ? AWAY : await this.write(points.slice(middle));
    if (first.kind === 'away' || second.kind === 'away') return AWAY;
    const status = second.status ?? first.status;
    return { kind: 'answered', refused: first.refused + second.refused, status };
  }

  /** A user without the right to create it may still write to one that is there. */
  async #createDatabase(): Promise<void> {
    await this.#inTime(this.#client.createDatabase(this.#target.database)).catch(() => {});
  }

  #inTime<T>(answer: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const cancel = this.#clock.after(ANSWER_TIMEOUT_MS, () => reject(new Error('no answer')));
      answer.then(resolve, reject).finally(cancel);
    });
  }
}

/**
 * How many points of a batch a 400 is about. InfluxDB 1.x stores the others of the batch and says
 * `partial write: … dropped=N`; of lines that it cannot read it names each, and counts none of them.
 */
export function refusedOf(message: string, pointCount: number): number {
  if (!message.includes('partial write')) return pointCount;
  const unreadable = message.match(/unable to parse '/g)?.length ?? 0;
  const dropped = Number(/dropped=(\d+)/.exec(message)?.[1] ?? 0);
  return Math.min(pointCount, unreadable + dropped);
}

/** Whether the line protocol can say a point at all: it has no word for what is no number. */
export function isWritable({ fields }: InfluxPoint): boolean {
  const values = Object.values(fields);
  return (
    values.length > 0 &&
    values.every((value) => typeof value !== 'number' || Number.isFinite(value))
  );
}

function toPoint({ measurement, tags, fields, at }: InfluxPoint): IPoint {
  const lineTags: Record<string, string> = {};
  for (const [key, value] of Object.entries(tags)) {
    if (value !== '') lineTags[tagText(key)] = tagText(value);
  }
  return { measurement, tags: lineTags, fields: { ...fields }, timestamp: new Date(at) };
}

/**
 * A text as a tag may say it; commas, spaces and equals signs the client escapes. A line ends at a
 * line feed, escaped or not, and a backslash at the end would escape the comma that follows, and
 * cannot be escaped itself: a space keeps the two apart.
 */
function tagText(text: string): string {
  const line = text.replace(/\p{Cc}+/gu, ' ');
  return line.endsWith('\\') ? `${line} ` : line;
}

/** The HTTP status that an error of the client carries, null when the server did not answer; and its words. */
function answerOf(error: unknown): { status: number | null; message: string } {
  if (!(error instanceof Error)) return { status: null, message: '' };
  const { res } = error as { res?: { statusCode?: number } };
  return { status: res?.statusCode ?? null, message: error.message };
}
