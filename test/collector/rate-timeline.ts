import { type DeviceClock, newDeviceClock, stepDeviceClock } from '../../collector/device-clock.ts';
import {
  createRateMemory,
  type NoRateReason,
  totalOf,
  whyNoRate,
} from '../../collector/rate-memory.ts';
import {
  breakAllPorts,
  emptyPortReading,
  type PortReading,
  stepPort,
} from '../../collector/rates.ts';
import { SECOND } from '../../lib/time.ts';

export const TICKS_PER_SECOND = 100;
export const WRAP_32 = 2 ** 32;
/** Octets per second of a 100 Mb/s, a 1 Gb/s and a 10 Gb/s line. */
export const FAST_ETHERNET = 12_500_000;
export const GIGABIT = 125_000_000;
export const TEN_GIGABIT = 1_250_000_000;

export interface Told {
  /** Octets per second, or why there is no rate. */
  readonly receive: number | NoRateReason;
  readonly transmit: number | NoRateReason;
  /** Seconds that the rate of what was received is the average of. */
  readonly span: number;
  /** What is exported of what was received. */
  readonly total: number | bigint | null;
}

export interface PolledPort {
  readonly clock: DeviceClock;
  /**
   * A poll `seconds` after the beginning of the timeline, of an agent that has been up since 1000 s
   * before it, with this much received; `changes` for the rest.
   */
  poll(seconds: number, received: number | bigint | null, changes?: Partial<PortReading>): Told;
}

/** One port of a device, polled as full polls do. */
export function polledPort(speed: number | null = TEN_GIGABIT, bits: 32 | 64 = 64): PolledPort {
  const memory = createRateMemory();
  const clock = newDeviceClock();
  const outcome = (counter: number) => whyNoRate(memory, counter) ?? memory.rate[counter]!;
  return {
    clock,
    poll(seconds, received, changes = {}) {
      const now: PortReading = {
        ...emptyPortReading(),
        readAtMs: seconds * SECOND,
        uptimeTicks: (1000 + seconds) * TICKS_PER_SECOND,
        discontinuityTicks: 0,
        octetsPerSecond: speed ?? Number.NaN,
        receiveBits: received === null ? 0 : bits,
        receiveHigh: Number(BigInt(received ?? 0) >> 32n),
        receiveLow: Number(BigInt(received ?? 0) & 0xffff_ffffn),
        ...changes,
      };
      const ticks = Number.isNaN(now.uptimeTicks) ? null : now.uptimeTicks;
      const step = stepDeviceClock(clock, ticks, now.readAtMs, null);
      if (step === 'restarted') breakAllPorts(memory, 'agent-restarted');
      if (step === 'jumped') breakAllPorts(memory, 'uptime-jumped');
      stepPort(memory, 0, now, clock);
      return {
        receive: outcome(0),
        transmit: outcome(1),
        span: memory.spanMs[0]! / SECOND,
        total: totalOf(memory, 0),
      };
    },
  };
}

/** sysUpTime of an agent that has been up for so many seconds. */
export function upFor(seconds: number): { readonly uptimeTicks: number } {
  return { uptimeTicks: seconds * TICKS_PER_SECOND };
}
