import type { Tier } from '../config/model.ts';
import { type LocalText, say } from '../lib/local-text.ts';
import { type DurationMs, type EpochMs, HOUR, MINUTE, SECOND } from '../lib/time.ts';
import { Engine } from './engine.ts';
import type { PageKind } from './events.ts';
import { faultKeyOf } from './fault-key.ts';
import { raiseDeviceFault } from './faults.ts';
import { decideIncidents } from './incidents.ts';
import { decidePages } from './pages.ts';
import { isSilent } from './paths.ts';
import { decideResponseClocks, nextStepAt } from './response-clock.ts';
import type { EngineState, Incident } from './state.ts';

/** Who would be paged, in what order, when, if nobody acknowledged. */
export interface PagePlan {
  /** The incident that exists, or the id that it would have. */
  readonly incidentId: string;
  readonly isOpen: boolean;
  readonly rootDeviceId: string;
  /** At the beginning of the plan; a page says with which tier it goes out. */
  readonly tier: Tier;
  readonly because: LocalText;
  readonly policyId: string;
  readonly acknowledgeBy: EpochMs;
  readonly acknowledgedBy: string | null;
  /** Everyone told so far is told again this often; null: never. */
  readonly repeatEveryMs: DurationMs | null;
  readonly pages: readonly PlannedPage[];
}

export interface PlannedPage {
  readonly at: EpochMs;
  readonly tier: Tier;
  readonly kind: PageKind;
  readonly step: string;
  readonly personId: string;
  readonly channelIds: readonly string[];
  /** Held for the recipient's quiet hours until then. */
  readonly heldUntil: EpochMs | null;
}

/** How far ahead is looked at most: rules may take their time before there is an incident. */
const HORIZON_MS = 3 * HOUR;
/** A plan ends this long after the deadline has passed: everyone has been told then. */
const AFTER_BREACH_MS = MINUTE;
/** Rules that ask how long something has lasted are looked at this often. */
const LOOK_EVERY_MS = 15 * SECOND;

const WHAT_IF = say('what if it failed now', '假设其立即故障');

/**
 * What happens if the device stops answering at `now` and nobody acknowledges: decided by the engine
 * itself, on a copy of `state`. null when it would be no incident: no such device, planned work, or
 * no rule that says so within three hours.
 */
export function planForDevice(state: EngineState, deviceId: string, now: EpochMs): PagePlan | null {
  const engine = copyOf(state, now);
  if (engine.graph === null || !engine.graph.devices.has(deviceId)) return null;
  fail(engine, deviceId);
  return runOn(
    engine,
    () => {
      const fault = engine.state.faults.get(faultKeyOf(deviceId, null, 'device-down'));
      const id = fault?.incidentId ?? null;
      return id === null ? null : (engine.state.incidents.get(id) ?? null);
    },
    state,
  );
}

/** What is still to come of an incident if nobody acknowledges; null when there is no such open incident. */
export function planForIncident(
  state: EngineState,
  incidentId: string,
  now: EpochMs,
): PagePlan | null {
  if (!state.openIncidentIds.has(incidentId)) return null;
  const engine = copyOf(state, now);
  return runOn(engine, () => engine.state.incidents.get(incidentId) ?? null, state);
}

/** An engine of its own: the topology is shared, everything that changes is not. */
function copyOf(state: EngineState, now: EpochMs): Engine {
  const { topology, ...rest } = state;
  const engine = new Engine({ ...structuredClone(rest), topology });
  engine.now = now;
  engine.isFullLook = true;
  return engine;
}

/** The device is silent, and so is whatever has no other way. What was never observed counts as up. */
function fail(engine: Engine, deviceId: string): void {
  const { state, now } = engine;
  const change = (id: string, to: 'up' | 'down' | 'unreachable') => {
    const from = state.devices.get(id)!.health;
    if (from === to) return;
    const reason = to === 'unreachable' ? 'parents-down' : 'confirmed-failure';
    engine.emit({ type: 'health-changed', at: now, deviceId: id, from, to, since: now, reason });
  };
  for (const device of state.devices.values()) {
    if (device.health === 'unknown') change(device.deviceId, 'up');
  }
  change(deviceId, 'down');
  raiseDeviceFault(engine, deviceId, 'device-down', 'critical', now, WHAT_IF);
  const graph = engine.requireGraph();
  const reached = new Set([deviceId]);
  for (const id of reached) {
    for (const child of graph.children.get(id) ?? []) {
      const { parents } = graph.devices.get(child)!;
      if (!parents.every((parent) => isSilent(state, parent.deviceId))) continue;
      change(child, 'unreachable');
      reached.add(child);
    }
  }
}

function runOn(
  engine: Engine,
  subject: () => Incident | null,
  before: EngineState,
): PagePlan | null {
  const until = engine.now + HORIZON_MS;
  const pages = new Map<string, PlannedPage>();
  let first: Pick<PagePlan, 'tier' | 'because'> | null = null;
  while (engine.now <= until) {
    decideIncidents(engine);
    decideResponseClocks(engine);
    decidePages(engine);
    const incident = subject();
    collect(engine, incident, before, pages);
    if (incident !== null) {
      first ??= { tier: incident.tier, because: incident.evidence.sentence };
      if (engine.now > incident.acknowledgeBy + AFTER_BREACH_MS) break;
    }
    const nextAt = incident === null ? null : nextStepAt(engine, incident);
    const lookAt = engine.now + LOOK_EVERY_MS;
    engine.now = nextAt === null ? lookAt : Math.min(lookAt, Math.max(nextAt, engine.now + 1));
  }
  const incident = subject();
  if (incident === null || first === null) return null;
  return {
    ...first,
    incidentId: incident.id,
    isOpen: before.openIncidentIds.has(incident.id),
    rootDeviceId: incident.rootDeviceId,
    policyId: incident.policyId,
    acknowledgeBy: incident.acknowledgeBy,
    acknowledgedBy: incident.acknowledgedBy,
    repeatEveryMs: incident.targets[incident.tier].repeatEveryMs,
    pages: [...pages.values()],
  };
}

/** Takes up the pages queued since, one entry for a person whatever the channels. */
function collect(
  engine: Engine,
  incident: Incident | null,
  before: EngineState,
  pages: Map<string, PlannedPage>,
): void {
  for (const pageId of incident?.pageIds ?? []) {
    const page = engine.state.pages.get(pageId)!;
    if (before.pages.has(pageId) || page.kind === 'resolved') continue;
    const key = `${page.episode} ${page.step} ${page.personId}`;
    const known = pages.get(key);
    if (known?.channelIds.includes(page.channelId)) continue;
    pages.set(key, {
      at: page.queuedAt,
      tier: page.facts.tier,
      kind: page.kind,
      step: page.step,
      personId: page.personId,
      channelIds: [...(known?.channelIds ?? []), page.channelId],
      heldUntil: page.notBefore,
    });
  }
}
