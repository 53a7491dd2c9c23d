import { type FaultKind, USUAL_BATTERY_MINUTES } from '../config/model.ts';
import { type EpochMs, MINUTE } from '../lib/time.ts';
import type { Graph } from './graph.ts';
import { isObserved } from './paths.ts';
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

/**
 * Whole minutes of battery that these faults leave: the least of what their conditions tell, which is the
 * forecast of the collector (power-forecast.ts), less the time that a system has been silent since.
 * Where nothing is told, what the site is said to last, less the time since the fault began. null: no
 * battery is involved.
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
  const left = told.length > 0 ? told : onBattery.map((fault) => assumedLeft(graph, fault, now));
  return Math.max(0, Math.floor(Math.min(...left)));
}

/** A system that is polled tells anew when it changes; the battery of a silent one runs down all the same. */
function toldLeft(state: EngineState, fault: Fault, now: EpochMs): number | null {
  const { batteryMinutes } = fault.facts;
  if (batteryMinutes === null || isObserved(state, fault.deviceId)) return batteryMinutes;
  return batteryMinutes - Math.max(0, now - fault.factsAt) / MINUTE;
}

function assumedLeft(graph: Graph, fault: Fault, now: EpochMs): number {
  const siteId = graph.devices.get(fault.deviceId)?.siteId ?? '';
  const assumed = graph.sites.get(siteId)?.batteryMinutes ?? USUAL_BATTERY_MINUTES;
  return assumed - Math.max(0, now - fault.since) / MINUTE;
}
