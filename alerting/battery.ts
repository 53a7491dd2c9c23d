import { type FaultKind, USUAL_BATTERY_MINUTES } from '../config/model.ts';
import { type EpochMs, MINUTE } from '../lib/time.ts';
import type { Graph } from './graph.ts';
import type { EngineState, Fault } from './state.ts';

/** Faults of a power system whose load hangs on its battery. */
export const BATTERY_KINDS: ReadonlySet<FaultKind> = new Set(['on-battery', 'battery-low']);

/** A discharge is measured over no less than this, and no smaller fall of charge. */
const SHORTEST_DISCHARGE_MS = 2 * MINUTE;
const SMALLEST_FALL_RATIO = 0.02;

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
 * Whole minutes of battery that these faults leave: the least of what the systems tell and of what
 * their discharge so far gives. Where neither is known, what the site is said to last, less the time
 * since the fault began: a system that restarts its own count cannot stretch it. null: no battery
 * is involved.
 */
export function batteryMinutesLeft(
  graph: Graph,
  members: readonly Fault[],
  now: EpochMs,
): number | null {
  const onBattery = members.filter((fault) => BATTERY_KINDS.has(fault.kind));
  if (onBattery.length === 0) return null;
  const known = onBattery.flatMap((fault) => [
    ...(fault.facts.batteryMinutes === null ? [] : [fault.facts.batteryMinutes]),
    ...estimateByDischarge(fault, now),
  ]);
  const left = known.length > 0 ? known : onBattery.map((fault) => assumedLeft(graph, fault, now));
  return Math.max(0, Math.floor(Math.min(...left)));
}

/** What is left if the charge goes on to fall as it has since the fault was raised. */
function estimateByDischarge(fault: Fault, now: EpochMs): readonly number[] {
  const first = fault.raisedFacts.chargeRatio;
  const last = fault.facts.chargeRatio;
  const tookMs = fault.factsAt - fault.raisedAt;
  if (first === null || last === null || tookMs < SHORTEST_DISCHARGE_MS) return [];
  const fell = first - last;
  if (fell < SMALLEST_FALL_RATIO) return [];
  const leftMs = (last / fell) * tookMs - Math.max(0, now - fault.factsAt);
  return [leftMs / MINUTE];
}

function assumedLeft(graph: Graph, fault: Fault, now: EpochMs): number {
  const siteId = graph.devices.get(fault.deviceId)?.siteId ?? '';
  const assumed = graph.sites.get(siteId)?.batteryMinutes ?? USUAL_BATTERY_MINUTES;
  return assumed - Math.max(0, now - fault.since) / MINUTE;
}
