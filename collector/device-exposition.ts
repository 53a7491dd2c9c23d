import type { RowLabels } from './row-labels.ts';

/**
 * What Prometheus scrapes of one device, made once in each poll and never changed afterwards, so that
 * a scrape may hold it while the next poll makes another. What is its own may have been made in
 * another thread, which no longer has it once it is handed over.
 *
 * A large network has millions of lines. Most of them tell numbers of ports: those are kept as
 * numbers and become text at the scrape. The rest is Prometheus text format 0.0.4 without HELP and
 * TYPE, which stand once before the lines of all devices, and without what all lines of one metric of
 * one device begin with, `name{device="…",site="…",role="…"`.
 */
export interface DeviceExposition {
  /** `device="…",site="…",role="…"`, escaped: what every line begins with after the metric's name and `{`. */
  readonly baseLabels: string;
  /**
   * UTF-8, each line from behind the base labels to its line feed: `,sensor="inlet"} 21.5` or `} 1`;
   * the lines of one metric stand together.
   */
  readonly octets: Uint8Array<ArrayBuffer>;
  /**
   * Which metrics have lines in `octets`, as numbers in `DEVICE_METRICS`, rising, each followed by
   * where its lines end.
   */
  readonly marks: readonly number[];
  readonly ports: PortNumbers | null;
  readonly seriesCount: number;
}

/** Numbers of all ports of a device. */
export interface PortNumbers {
  readonly rows: RowLabels;
  /** Which series of ports `values` holds, one after the other (port-series.ts). */
  readonly series: string;
  /**
   * Of each series a number for every port, in the order of `rows`, as columns of packed-columns.ts;
   * NaN: the port has none.
   */
  readonly values: Uint8Array<ArrayBuffer>;
  /** Lines that they become. */
  readonly count: number;
}
