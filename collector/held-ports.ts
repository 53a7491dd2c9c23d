import type { Clock } from '../lib/clock.ts';
import type { EpochMs } from '../lib/time.ts';
import type { PortsMemory } from './ports-memory.ts';
import { clearPort, growRateMemory, type RateMemory, takeNewOffsets } from './rate-memory.ts';

/** One counter whose exported total stands beside it; see `RateMemory` for its fields. */
export interface HeldCounter {
  readonly bits: 0 | 32 | 64;
  readonly high: number;
  readonly low: number;
  readonly sinceMs: number;
  readonly offset: number;
  readonly owed: number;
}

/**
 * What must outlive this process of a port whose exported totals are not what its counters show:
 * without it they would leap back to them. NaN where the device did not tell.
 */
export interface HeldPort {
  /** The name under which its series are exported. */
  readonly label: string;
  /** When it was last read. */
  readonly readAt: EpochMs;
  readonly uptimeTicks: number;
  readonly discontinuityTicks: number;
  readonly octetsPerSecond: number;
  readonly receive: HeldCounter;
  readonly transmit: HeldCounter;
}

/** Where held ports are kept over a restart of the program, or of the thread that polls. */
export interface HeldTotals {
  /** Those of a device as they were told last. */
  of(deviceId: string): readonly HeldPort[];
  /** The device has these now; `areNew`: they must be kept at once, for totals have moved. */
  note(deviceId: string, ports: readonly HeldPort[], areNew: boolean): void;
  /** Keeps what is not kept yet. */
  flush(): void;
}

/** Of one device; beyond it ports begin with what their counters show after a restart. */
export const MOST_HELD_PORTS = 4096;

/** The ports whose totals stand beside their counters, and those that wait to be seen again. */
export function heldPortsOf(memory: PortsMemory, clock: Clock): HeldPort[] {
  const { rates, registry, waiting } = memory;
  const ageMs = clock.now() - clock.monotonicMs();
  const held: HeldPort[] = [];
  for (const { slot, label } of registry.ports) {
    const isRead = slot < rates.echoes.length;
    if (!isRead || (rates.offset[slot * 2] === 0 && rates.offset[slot * 2 + 1] === 0)) continue;
    held.push({
      label,
      readAt: Math.round(rates.readAtMs[slot]! + ageMs),
      uptimeTicks: rates.uptimeTicks[slot]!,
      discontinuityTicks: rates.discontinuityTicks[slot]!,
      octetsPerSecond: rates.octetsPerSecond[slot]!,
      receive: counterOf(rates, slot * 2),
      transmit: counterOf(rates, slot * 2 + 1),
    });
  }
  for (const port of waiting.values()) held.push(port.held);
  return held.slice(0, MOST_HELD_PORTS);
}

/** Tells those who keep them which ports of a device are held, after a poll that read its ports. */
export function noteHeldPorts(
  held: HeldTotals,
  deviceId: string,
  memory: PortsMemory,
  clock: Clock,
): void {
  if (memory.slotCount === 0) return;
  const areNew = takeNewOffsets(memory.rates);
  if (!areNew && !memory.hasHeld) return;
  const ports = heldPortsOf(memory, clock);
  memory.hasHeld = ports.length > 0;
  held.note(deviceId, ports, areNew);
}

/** A held port that this process has not seen yet. */
export interface WaitingPort {
  readonly held: HeldPort;
  /** When it was last read, by the monotonic clock of this process. */
  readonly readAtMs: number;
}

/** Lets ports that another process held wait until they are seen. */
export function awaitHeldPorts(
  memory: PortsMemory,
  ports: readonly HeldPort[],
  clock: Clock,
): void {
  for (const held of ports) {
    // A wall clock that was set back meanwhile must not make the time until now negative.
    const readAtMs = clock.monotonicMs() - Math.max(0, clock.now() - held.readAt);
    memory.waiting.set(held.label, { held, readAtMs });
  }
  memory.hasHeld = ports.length > 0;
}

function counterOf(rates: RateMemory, counter: number): HeldCounter {
  return {
    bits: rates.bits[counter] as HeldCounter['bits'],
    high: rates.high[counter]!,
    low: rates.low[counter]!,
    sinceMs: rates.sinceMs[counter]!,
    offset: rates.offset[counter]!,
    owed: rates.owed[counter]!,
  };
}

/**
 * Lets the port in `slot`, which this process has never read, go on from what another one kept of it:
 * its next reading is compared with that as with any other, so that it goes on, begins anew or is held
 * back for the same reasons as if nothing had been restarted.
 */
export function resumePort(memory: RateMemory, slot: number, waiting: WaitingPort): void {
  const { held, readAtMs } = waiting;
  growRateMemory(memory, slot + 1);
  clearPort(memory, slot);
  memory.readAtMs[slot] = readAtMs;
  memory.uptimeTicks[slot] = held.uptimeTicks;
  memory.discontinuityTicks[slot] = held.discontinuityTicks;
  memory.octetsPerSecond[slot] = held.octetsPerSecond;
  resumeCounter(memory, slot * 2, held.receive);
  resumeCounter(memory, slot * 2 + 1, held.transmit);
}

function resumeCounter(memory: RateMemory, counter: number, held: HeldCounter): void {
  memory.bits[counter] = held.bits;
  memory.high[counter] = held.high;
  memory.low[counter] = held.low;
  memory.seenLow[counter] = held.low;
  memory.sinceMs[counter] = held.sinceMs;
  memory.offset[counter] = held.offset;
  memory.owed[counter] = held.owed;
}
