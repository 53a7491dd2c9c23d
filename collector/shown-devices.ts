import type { Clock } from '../lib/clock.ts';
import { renderFamilies, type ShownDevice } from './exposition.ts';
import type { SelfMetrics } from './self-metrics.ts';

/** What each device shows to a scrape now. */
export class ShownDevices {
  readonly #devices = new Map<string, ShownDevice>();
  readonly #clock: Clock;
  readonly #selfMetrics: Pick<SelfMetrics, 'exposedSeries'>;

  constructor(clock: Clock, selfMetrics: Pick<SelfMetrics, 'exposedSeries'>) {
    this.#clock = clock;
    this.#selfMetrics = selfMetrics;
  }

  get(deviceId: string): ShownDevice | null {
    return this.#devices.get(deviceId) ?? null;
  }

  /** From now on the device shows this; null: nothing, as if there were no such device. */
  set(deviceId: string, shown: ShownDevice | null): void {
    if (shown === null) this.#devices.delete(deviceId);
    else this.#devices.set(deviceId, shown);
  }

  /** See `CollectorView.renderDevice`. */
  renderDevice(deviceId: string): string | null {
    const shown = this.#devices.get(deviceId);
    if (shown === undefined) return null;
    return Buffer.concat([...renderFamilies([shown], this.#clock.monotonicMs())]).toString();
  }

  /** See `CollectorView.renderAll`. */
  renderAll(): Iterable<Uint8Array> {
    let seriesCount = 0;
    for (const { readings } of this.#devices.values()) seriesCount += readings?.seriesCount ?? 0;
    this.#selfMetrics.exposedSeries(seriesCount);
    return renderFamilies(this.#devices.values(), this.#clock.monotonicMs());
  }
}
