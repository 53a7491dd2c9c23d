import type { BenchReport } from './report.ts';

/** What a bench is given. */
export interface BenchContext {
  /** Interleaved rounds; the median counts. */
  readonly rounds: number;
  /** How long one measurement lasts. */
  readonly seconds: number;
  /** Multiplies counts (datagrams, events) of the benches that do a fixed amount of work. */
  readonly scale: number;
  /** Of a bench in parts, the one that alone is run; null: all of them. */
  readonly part: string | null;
  /** A folder that is removed at the end. */
  readonly folder: string;
  /** Tells a person at the terminal what is being done. */
  progress(text: string): void;
}

export interface Bench {
  readonly name: string;
  readonly title: string;
  /** Takes minutes: run whole only when it is named. */
  readonly isLong?: boolean;
  /** Beside all others a long one is run at this share of its size. */
  readonly scaleAmongAll?: number;
  /** What can be run of it by itself. */
  readonly parts?: readonly string[];
  run(context: BenchContext): Promise<BenchReport>;
}
