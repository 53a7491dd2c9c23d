import { type FaultKind, USUAL_BATTERY_MINUTES } from '../config/model.ts';
import { type EpochMs, MINUTE } from '../lib/time.ts';
import { below, type Graph } from './graph.ts';
import { isObserved, isSilent } from './paths.ts';
import type { EngineState, Fault } from './state.ts';

/** Faults of a power system whose load hangs on its battery. */
export const BATTERY_KINDS: ReadonlySet<FaultKind> = new Set(['on-battery', 'battery-low']);

/**
 * Whether the mains of a power system with a low battery are back: its incident was about its running
 * on battery, and that is over. One that was never told to run on battery may do so all the same.
 */
export function isOnMainsAgain(
  { incidents }: Pick<EngineState, 'incidents'>,
  { kind, deviceId, incidentId }: Pick<Fault, 'kind' | 'deviceId' | 'incidentId'>,
): boolean {
  if (kind !== 'battery-low' || incidentId === null) return false;
  const causes = incidents.get(incidentId)?.causes ?? [];
  return causes.some(
    (cause) => cause.kind === 'on-battery' && cause.deviceId === deviceId && cause.until !== null,
  );
}

/** A battery that is told to be low, and not for how long it still lasts, is not said to last longer than this. */
const LOW_BATTERY_MINUTES = 5;
/** With this left it may be empty at any moment: what is told, or assumed, is no more than a forecast. */
const NEARLY_EMPTY_MINUTES = 5;
/** From this charge on it lasts no longer than its share of what the site is said to last. */
const NEARLY_EMPTY_CHARGE = 0.1;

/**
 * Whole minutes of battery that these faults leave: the least of what their conditions tell, which is the
 * forecast of the collector (power-forecast.ts), less the time that a system has been silent since; of
 * one that tells no longer, what it told last, less the time since. Where nothing was ever told, what
 * the site is said to last, less the time since the fault began, and less than that when the battery is
 * low. null: no battery is involved.
 */
export function batteryMinutesLeft(
  state: EngineState,
  graph: Graph,
  members: readonly Fault[],
  now: EpochMs,
): number | null {
  const onBattery = members.filter((fault) => BATTERY_KINDS.has(fault.kind));
  if (onBattery.length === 0) return null;
  const told = onBattery.flatMap((fault) => toldLeft(state, fault, now) ?? []);
  const left =
    told.length > 0 ? told : onBattery.map((fault) => assumedLeft(state, graph, fault, now));
  return Math.max(0, Math.floor(Math.min(...left)));
}

/** Whether a power system runs on its battery and had next to nothing left in it at `at`. */
export function isNearlyEmpty(
  state: EngineState,
  graph: Graph,
  fault: Fault,
  at: EpochMs,
): boolean {
  const left = batteryMinutesLeft(state, graph, [fault], at);
  return fault.kind === 'on-battery' && left !== null && left <= NEARLY_EMPTY_MINUTES;
}

/**
 * Since when what hangs on an empty battery is silent: from the first of it that fell silent after the
 * battery took the load. null while any time is left, or all of it answers.
 */
export function darkSince(
  state: EngineState,
  graph: Graph,
  members: readonly Fault[],
  now: EpochMs,
): EpochMs | null {
  if (batteryMinutesLeft(state, graph, members, now) !== 0) return null;
  const onBattery = members.filter((fault) => BATTERY_KINDS.has(fault.kind));
  const silentSince = onBattery.flatMap((fault) =>
    isOnMainsAgain(state, fault)
      ? []
      : [...below(graph.fed, fault.deviceId)]
          .filter((id) => isSilent(state, id))
          .map((id) => state.devices.get(id)!.healthSince)
          .filter((at) => at >= fault.since),
  );
  return silentSince.length === 0 ? null : Math.min(...silentSince);
}

/** A system that is polled tells anew when it changes; the battery of a silent one runs down all the same. */
function toldLeft(state: EngineState, fault: Fault, now: EpochMs): number | null {
  const { facts, factsAt, toldBattery } = fault;
  if (facts.batteryMinutes !== null) {
    if (isObserved(state, fault.deviceId)) return facts.batteryMinutes;
    return facts.batteryMinutes - minutesSince(factsAt, now);
  }
  if (toldBattery === undefined) return null;
  const spent = isOnMainsAgain(state, fault) ? 0 : minutesSince(toldBattery.at, now);
  return toldBattery.minutes - spent;
}

function assumedLeft(state: EngineState, graph: Graph, fault: Fault, now: EpochMs): number {
  const { chargeRatio } = fault.facts;
  const siteId = graph.devices.get(fault.deviceId)?.siteId ?? '';
  const assumed = graph.sites.get(siteId)?.batteryMinutes ?? USUAL_BATTERY_MINUTES;
  const most = isTellingLow(state, fault.deviceId)
    ? Math.min(assumed, LOW_BATTERY_MINUTES)
    : assumed;
  const left = most - minutesSince(fault.since, now);
  const isNearlyEmpty = chargeRatio !== null && chargeRatio <= NEARLY_EMPTY_CHARGE;
  return isNearlyEmpty ? Math.min(left, chargeRatio * assumed) : left;
}

function isTellingLow(state: EngineState, deviceId: string): boolean {
  for (const key of state.devices.get(deviceId)?.faultKeys ?? []) {
    const { kind, level } = state.faults.get(key)!;
    if (kind === 'battery-low' && level === 'critical') return true;
  }
  return false;
}

function minutesSince(at: EpochMs, now: EpochMs): number {
  return Math.max(0, now - at) / MINUTE;
}
