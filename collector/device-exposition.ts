/**
 * What Prometheus scrapes of one device, rendered once and never changed afterwards, so that a scrape
 * may hold it while the next poll makes another. Both buffers are its own: whoever made it may be in
 * another thread, and no longer has them once it is handed over. Prometheus text format 0.0.4
 * without HELP and TYPE: those stand once before the lines of all devices.
 *
 * A large network has millions of lines, and most of each is the same for all lines of one metric of
 * one device. That part, `name{device="…",site="…",role="…"`, is left out here and put before each
 * line at the scrape.
 */
export interface DeviceExposition {
  /** `device="…",site="…",role="…"`, escaped: what every line begins with after the metric's name and `{`. */
  readonly baseLabels: string;
  /**
   * UTF-8, each line from behind the base labels to its line feed: `,if_name="Gi0/1"} 42` or `} 1`;
   * the lines of one metric stand together.
   */
  readonly octets: Uint8Array<ArrayBuffer>;
  /**
   * Where the lines of metric number i of `DEVICE_METRICS` begin in `octets`; one more at the end
   * says where the last one ends. A metric without lines begins where the next one does.
   */
  readonly starts: Uint32Array<ArrayBuffer>;
  readonly seriesCount: number;
}
