import type { EngineState } from '../../alerting/state.ts';
import type { EpochMs } from '../../lib/time.ts';
import type { Checker } from './checker.ts';
import type { Trouble } from './network-truth.ts';
import type { Providers } from './providers.ts';

/** Pages queued before `before` that nobody has even tried to send. */
export function pagesNotSent(state: EngineState, before: EpochMs): readonly string[] {
  return [...state.pages.values()]
    .filter(({ status, queuedAt }) => status === 'queued' && queuedAt < before)
    .filter(({ lastFailure }) => lastFailure === null)
    .map(({ id }) => `a page is not sent: ${id}`);
}

/**
 * Devices that have been dead for long and do not count so, or whose outage, known since before
 * `before`, is no incident: what was hidden by a dead parent is known later.
 */
export function outagesNotKnown(
  { devices, faults }: EngineState,
  longDead: readonly Trouble[],
  before: EpochMs,
): readonly string[] {
  return longDead.flatMap(({ deviceId }) => {
    const health = devices.get(deviceId)!.health;
    if (health === 'unreachable') return [];
    if (health !== 'down') return [`${deviceId} is dead and counts as ${health}`];
    const fault = faults.get(`${deviceId}/*/device-down`);
    const isFresh = fault !== undefined && fault.raisedAt > before;
    const isTold = isFresh || (fault?.incidentId ?? null) !== null;
    return isTold ? [] : [`${deviceId} is down and belongs to no incident`];
  });
}

/** Whoever has a message about an incident that is over has one that says so. */
export function neverToldOfTheEnd(providers: Providers, checker: Checker): readonly string[] {
  const last = new Map<string, string>();
  for (const { key } of providers.accepted.values()) {
    const page = checker.pages.get(key)!;
    last.set(`${page.incidentId} to ${page.personId} on ${page.channelId}`, page.kind);
  }
  return [...last].flatMap(([who, kind]) =>
    kind === 'resolved' ? [] : [`never told of the end: ${who}`],
  );
}
