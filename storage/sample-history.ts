import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { DAY, type DurationMs, type EpochMs, HOUR, SECOND } from '../lib/time.ts';
import { makeFolder } from './make-folder.ts';

/** One number of a device at an instant. */
export interface HistorySample {
  readonly metric: string;
  /** Which part it is of, as `key=value` in order; empty for the device itself. */
  readonly labels: string;
  readonly value: number;
}

export interface HistoryPoint {
  readonly at: EpochMs;
  readonly min: number;
  readonly mean: number;
  readonly max: number;
}

export interface HistorySeries {
  readonly metric: string;
  readonly labels: string;
  /** How far the points lie apart; null: as they were polled. */
  readonly stepMs: DurationMs | null;
  readonly points: readonly HistoryPoint[];
}

export interface HistoryBounds {
  /** Series of all devices together; samples of more are left out and counted. */
  readonly mostSeries: number;
  readonly rawMs: DurationMs;
  readonly rolledUpMs: DurationMs;
}

/**
 * Three days as polled, 400 days by the hour. One series then takes at most about 100 kB for the
 * days (4,320 readings a minute apart) and 412 kB for the year (9,600 hours): see docs/reports.md.
 */
export const HISTORY_BOUNDS: HistoryBounds = {
  mostSeries: 20_000,
  rawMs: 3 * DAY,
  rolledUpMs: 400 * DAY,
};

/** Longer spans are told by the hour. */
const LONGEST_RAW_SPAN_MS = 2 * DAY;
const HISTORY_FILE = 'history.sqlite';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS series (
    id INTEGER PRIMARY KEY, device TEXT NOT NULL, metric TEXT NOT NULL, labels TEXT NOT NULL,
    UNIQUE (device, metric, labels)) STRICT;
  CREATE TABLE IF NOT EXISTS raw (
    series INTEGER NOT NULL, at INTEGER NOT NULL, value REAL NOT NULL,
    PRIMARY KEY (series, at)) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS hours (
    series INTEGER NOT NULL, hour INTEGER NOT NULL, count INTEGER NOT NULL,
    least REAL NOT NULL, total REAL NOT NULL, most REAL NOT NULL,
    PRIMARY KEY (series, hour)) STRICT, WITHOUT ROWID;
`;

const ADD_HOUR = `
  INSERT INTO hours VALUES (?, ?, 1, ?, ?, ?)
  ON CONFLICT DO UPDATE SET count = count + 1, least = min(least, excluded.least),
    total = total + excluded.total, most = max(most, excluded.most)`;

/**
 * What the console's pictures are drawn from: days at poll resolution, a year by the hour, in a file
 * of its own beside the journal. It is no record: losing it loses pictures. Instants are kept in
 * whole seconds. Everything is bounded; what is beyond the bounds is left out and counted.
 */
export class SampleHistory implements Disposable {
  readonly #database: DatabaseSync;
  readonly #bounds: HistoryBounds;
  readonly #ids = new Map<string, number>();
  readonly #insertSeries: StatementSync;
  readonly #insertRaw: StatementSync;
  readonly #addHour: StatementSync;
  readonly #forgetRaw: StatementSync;
  readonly #forgetHours: StatementSync;
  readonly #forgetSeries: StatementSync;
  readonly #anyHour: StatementSync;
  /** Series, by key, whose turn to be forgotten is still to come. */
  #toForget: [key: string, id: number][] = [];
  /** Samples left out because there are too many series. */
  leftOutCount = 0;

  /** Opens or creates the file in `folder`. Throws SQLite's error when it cannot. */
  constructor(folder: string, bounds: HistoryBounds = HISTORY_BOUNDS) {
    makeFolder(folder);
    this.#bounds = bounds;
    this.#database = new DatabaseSync(join(folder, HISTORY_FILE));
    this.#database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
    this.#database.exec(SCHEMA);
    this.#readSeries();
    this.#insertSeries = this.#database.prepare(
      'INSERT INTO series (device, metric, labels) VALUES (?, ?, ?)',
    );
    this.#insertRaw = this.#database.prepare('INSERT OR IGNORE INTO raw VALUES (?, ?, ?)');
    this.#addHour = this.#database.prepare(ADD_HOUR);
    const prepare = (text: string) => this.#database.prepare(text);
    this.#forgetRaw = prepare('DELETE FROM raw WHERE series = ? AND at < ?');
    this.#forgetHours = prepare('DELETE FROM hours WHERE series = ? AND hour < ?');
    this.#forgetSeries = prepare('DELETE FROM series WHERE id = ?');
    this.#anyHour = prepare('SELECT 1 FROM hours WHERE series = ? LIMIT 1');
  }

  get seriesCount(): number {
    return this.#ids.size;
  }

  /** Keeps the samples of one poll. A second poll in the same second is left out. */
  add(deviceId: string, at: EpochMs, samples: readonly HistorySample[]): void {
    const second = Math.floor(at / SECOND);
    const hour = Math.floor(at / HOUR);
    this.#allOrNothing(() => {
      for (const { metric, labels, value } of samples) {
        if (!Number.isFinite(value)) continue;
        const id = this.#idOf(deviceId, metric, labels);
        if (id === null) this.leftOutCount += 1;
        else if (Number(this.#insertRaw.run(id, second, value).changes) === 1) {
          this.#addHour.run(id, hour, value, value, value);
        }
      }
    });
  }

  /** Every series of a device in `[from, to)`: as polled, or by the hour where the span is long or past. */
  read(deviceId: string, from: EpochMs, to: EpochMs, now: EpochMs): HistorySeries[] {
    const isRaw = to - from <= LONGEST_RAW_SPAN_MS && now - from <= this.#bounds.rawMs;
    const series = this.#database
      .prepare('SELECT id, metric, labels FROM series WHERE device = ? ORDER BY metric, labels')
      .all(deviceId);
    return series.flatMap(({ id, metric, labels }) => {
      const points = isRaw
        ? this.#rawPoints(Number(id), from, to)
        : this.#hourPoints(Number(id), from, to);
      if (points.length === 0) return [];
      const stepMs = isRaw ? null : HOUR;
      return [{ metric: String(metric), labels: String(labels), stepMs, points }];
    });
  }

  /**
   * Forgets what is older than is kept, and series of which nothing is left, in at most so many of the
   * series, which take turns: all of them at once would keep the engine waiting in a large network.
   */
  forgetOld(now: EpochMs, mostSeries = Number.POSITIVE_INFINITY): void {
    const { rawMs, rolledUpMs } = this.#bounds;
    const oldestSecond = Math.floor((now - rawMs) / SECOND);
    const oldestHour = Math.floor((now - rolledUpMs) / HOUR);
    if (this.#toForget.length === 0) this.#toForget = [...this.#ids];
    const turn = this.#toForget.splice(0, mostSeries);
    this.#allOrNothing(() => {
      for (const [, id] of turn) {
        this.#forgetRaw.run(id, oldestSecond);
        this.#forgetHours.run(id, oldestHour);
        if (this.#anyHour.get(id) === undefined) this.#forgetSeries.run(id);
      }
    });
    for (const [key, id] of turn) {
      if (this.#anyHour.get(id) === undefined) this.#ids.delete(key);
    }
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }

  /** What fails half way leaves nothing behind: neither rows nor an open transaction. */
  #allOrNothing(work: () => void): void {
    this.#database.exec('BEGIN');
    try {
      work();
      this.#database.exec('COMMIT');
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      this.#readSeries();
      throw error;
    }
  }

  #readSeries(): void {
    this.#ids.clear();
    const known = this.#database.prepare('SELECT id, device, metric, labels FROM series').all();
    for (const { id, device, metric, labels } of known) {
      this.#ids.set(`${device}\n${metric}\n${labels}`, Number(id));
    }
  }

  #idOf(deviceId: string, metric: string, labels: string): number | null {
    const key = `${deviceId}\n${metric}\n${labels}`;
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    if (this.#ids.size >= this.#bounds.mostSeries) return null;
    const id = Number(this.#insertSeries.run(deviceId, metric, labels).lastInsertRowid);
    this.#ids.set(key, id);
    return id;
  }

  #rawPoints(id: number, from: EpochMs, to: EpochMs): HistoryPoint[] {
    return this.#database
      .prepare('SELECT at, value FROM raw WHERE series = ? AND at >= ? AND at < ? ORDER BY at')
      .all(id, Math.ceil(from / SECOND), Math.ceil(to / SECOND))
      .map(({ at, value }) => {
        const mean = Number(value);
        return { at: Number(at) * SECOND, min: mean, mean, max: mean };
      });
  }

  #hourPoints(id: number, from: EpochMs, to: EpochMs): HistoryPoint[] {
    return this.#database
      .prepare('SELECT * FROM hours WHERE series = ? AND hour >= ? AND hour < ? ORDER BY hour')
      .all(id, Math.floor(from / HOUR), Math.ceil(to / HOUR))
      .map(({ hour, count, least, total, most }) => ({
        at: Number(hour) * HOUR,
        min: Number(least),
        mean: Number(total) / Number(count),
        max: Number(most),
      }));
  }
}
