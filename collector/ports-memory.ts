import { type DeviceClock, newDeviceClock } from './device-clock.ts';
import type { WaitingPort } from './held-ports.ts';
import { KeptRates } from './kept-rates.ts';
import { KeptRegistry } from './kept-registry.ts';
import type { PortMatch, PortRegistry } from './port-identity.ts';
import { clearPort, type RateMemory } from './rate-memory.ts';
import { breakPort } from './rates.ts';

/** What is kept of the ports of one device from one full poll to the next. */
export interface PortsMemory {
  /** Packed between polls. */
  readonly registry: PortRegistry;
  /** That of the registry, which need not be unpacked for it. */
  readonly slotCount: number;
  /** Packed between polls. */
  readonly rates: RateMemory;
  readonly clock: DeviceClock;
  /** Slots of the ports that the last names moved: their counters may have been read before the move. */
  probation: readonly number[];
  /** Slots of the ports that nothing but ifIndex tells from others. */
  byIndex: readonly number[];
  /** By label: ports whose exported totals go on from another process, as soon as they are seen. */
  readonly waiting: Map<string, WaitingPort>;
  /** Some port was held, or waits, when they were last told. */
  hasHeld: boolean;
  /**
   * Nobody looks at it until the next poll, as far as is known: `rates` are another's from now on, and
   * changes of `registry` are not kept.
   */
  rest(): void;
}

/** Of a device that was never polled. */
export function emptyPortsMemory(): PortsMemory {
  return new KeptPorts();
}

class KeptPorts implements PortsMemory {
  readonly clock = newDeviceClock();
  probation: readonly number[] = NO_SLOTS;
  byIndex: readonly number[] = NO_SLOTS;
  readonly waiting = new Map<string, WaitingPort>();
  hasHeld = false;
  readonly #rates = new KeptRates();
  readonly #registry = new KeptRegistry();

  get registry(): PortRegistry {
    return this.#registry.registry;
  }

  get slotCount(): number {
    return this.#registry.slotCount;
  }

  get rates(): RateMemory {
    return this.#rates.rates;
  }

  rest(): void {
    this.#rates.rest();
    this.#registry.rest();
  }
}

const NO_SLOTS: readonly number[] = [];

/**
 * Carries to the counters what identification has found, before they are stepped: they never go on
 * from one port to another; null: the names were not looked at. `wentBack`: a counter of this poll went back unexplained; then ports that
 * only their index tells apart may have changed places, and what the poll before read of the ports
 * that moved in it was read too early: neither is built upon.
 */
export function settlePorts(
  memory: PortsMemory,
  matches: readonly PortMatch[] | null,
  wentBack: boolean,
): void {
  if (matches !== null) {
    const byIndex = matches.filter((match) => match.isByIndex).map(({ port }) => port.slot);
    memory.byIndex = byIndex.length === 0 ? NO_SLOTS : byIndex;
  }
  const doubtful = wentBack ? [...memory.probation, ...memory.byIndex] : [];
  for (const slot of doubtful) breakPort(memory.rates, slot, 'renumbered');
  const moved: number[] = [];
  for (const { port, change } of matches ?? []) {
    if (change === 'same') continue;
    moved.push(port.slot);
    if (change === 'new') clearPort(memory.rates, port.slot);
    else breakPort(memory.rates, port.slot, change);
  }
  memory.probation = moved.length === 0 ? NO_SLOTS : moved;
}

/**
 * The same things under their new names: `relabelled` tells old to new, all at once. For names that
 * are kept by label (ports seen up).
 */
export function moveNames(names: Set<string>, relabelled: ReadonlyMap<string, string>): void {
  const moved = [...relabelled].filter(([before]) => names.delete(before));
  for (const [, now] of moved) names.add(now);
}

/** `PLACE/NUMBER/COMPONENT`, as `condition-check.ts` writes it; a component may have slashes. */
const CONDITION_KEY = /^(.+?\/\d+\/)(.+)$/;

/** `moveNames` for the keys of conditions, which end with a component. */
export function moveComponents(
  conditions: { readonly standing: Set<string>; readonly heldPolls: Map<string, number> },
  relabelled: ReadonlyMap<string, string>,
): void {
  const keys = new Map<string, string>();
  for (const key of new Set([...conditions.standing, ...conditions.heldPolls.keys()])) {
    const [, start, component] = CONDITION_KEY.exec(key) ?? [];
    const now = component === undefined ? undefined : relabelled.get(component);
    if (now !== undefined) keys.set(key, start + now);
  }
  moveNames(conditions.standing, keys);
  const held = [...keys].map(([before, now]) => {
    const polls = conditions.heldPolls.get(before);
    conditions.heldPolls.delete(before);
    return [now, polls] as const;
  });
  for (const [key, polls] of held) if (polls !== undefined) conditions.heldPolls.set(key, polls);
}
