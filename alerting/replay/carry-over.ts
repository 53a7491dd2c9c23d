import { isStormKey } from '../alerts/storm-component.ts';
import { decideCommand } from '../commands.ts';
import type { DomainEvent } from '../events.ts';
import { subjectOf } from '../graph.ts';
import type { Command } from '../inputs.ts';
import { reportOfFault } from '../report-faults.ts';
import type { EngineState } from '../state.ts';
import type { ReplayedEngine } from './replayed-engine.ts';

/** What a recorded event is to a replay. */
export type Bearing = 'fact' | 'decision' | 'person';

/**
 * Facts are taken as they are, decisions are made anew, and what people did is done again where it can
 * be. `recorded`: the state that the journal stands for before the event.
 */
export function bearingOf(event: DomainEvent, recorded: EngineState): Bearing {
  // That a customer's word is explained by an outage is decided; that it is answered is a fact.
  if (event.type === 'fault-cleared' && isUnanswered(recorded, event.faultKey)) return 'decision';
  // A storm is what the rules of then made of alerts, which alone are facts.
  if ('faultKey' in event && isStormKey(event.faultKey)) return 'decision';
  switch (event.type) {
    case 'service-started':
    case 'service-stopped':
    case 'topology-loaded':
    case 'lease-renewed':
    case 'clock-stepped':
    case 'health-changed':
    case 'notification-received':
    case 'snmp-engine-changed':
    case 'series-left-out':
    case 'fault-raised':
    case 'fault-updated':
    case 'fault-cleared':
    case 'flapping-started':
    case 'flapping-ended':
    case 'override-added':
    case 'override-removed':
    case 'silence-added':
    case 'silence-confirmed':
    case 'silence-extended':
    case 'silence-ended':
    case 'customer-report-received':
    case 'customer-report-responded':
    case 'customer-report-answered':
    case 'customer-report-breached':
      return 'fact';
    case 'incident-acknowledged':
    case 'incident-noted':
    case 'stage-reached':
    case 'notice-published':
    case 'review-written':
    case 'incident-closed':
    case 'tier-released':
      return 'person';
    case 'incident-resolved':
      return event.reason === 'person' ? 'person' : 'decision';
    case 'incident-graded':
      return event.setBy === undefined ? 'decision' : 'person';
    default:
      return 'decision';
  }
}

function isUnanswered(recorded: EngineState, faultKey: string): boolean {
  const report = reportOfFault(recorded, faultKey);
  return report !== null && report.answeredAt === null;
}

/** Whether a fact is about something that the replayed configuration has. */
export function isKnown(engine: ReplayedEngine, event: DomainEvent): boolean {
  const { state, graph } = engine;
  switch (event.type) {
    case 'health-changed':
      return state.devices.has(event.deviceId);
    case 'fault-raised':
      return graph !== null && subjectOf(graph, event.deviceId) !== null;
    case 'fault-updated':
    case 'fault-cleared':
      return state.faults.has(event.faultKey);
    case 'flapping-started':
    case 'flapping-ended':
      return graph !== null && subjectOf(graph, event.deviceId) !== null;
    default:
      return true;
  }
}

/**
 * Does again what a person did about a recorded incident, to the one that now has its cause. `recorded`:
 * the state that the journal stands for at that instant. Returns false where there is none, or where
 * the service would refuse it now.
 */
export function doAgain(
  engine: ReplayedEngine,
  recorded: EngineState,
  event: Extract<DomainEvent, { incidentId: string }>,
): boolean {
  const incidentId = counterpartOf(engine.state, recorded, event.incidentId);
  if (incidentId === null) return false;
  return commandsOf(event, incidentId)
    .map((command) => decideCommand(engine, command).accepted)
    .every((accepted) => accepted);
}

/** The replayed incident with the cause of the recorded one, or with one of its faults. */
function counterpartOf(
  replayed: EngineState,
  recorded: EngineState,
  incidentId: string,
): string | null {
  const incident = recorded.incidents.get(incidentId);
  if (incident === undefined) return null;
  const ofRoot = replayed.incidentByRoot.get(incident.rootFaultKey);
  if (ofRoot !== undefined) return ofRoot;
  for (const faultKey of incident.members.keys()) {
    const other = replayed.faults.get(faultKey)?.incidentId ?? null;
    if (other !== null) return other;
  }
  return null;
}

function commandsOf(event: DomainEvent, incidentId: string): readonly Command[] {
  switch (event.type) {
    case 'incident-acknowledged':
      return [{ type: 'acknowledge', incidentId, by: event.by, via: event.via }];
    case 'incident-noted':
      return [{ type: 'note', incidentId, by: event.by, text: event.text }];
    case 'incident-resolved':
      return [{ type: 'resolve', incidentId, by: event.by!, text: event.text }];
    case 'stage-reached': {
      const { by, stage, text, personId } = event;
      return [{ type: 'reach-stage', incidentId, by, stage, text, personId }];
    }
    case 'notice-published': {
      const { by, text, expectedAt } = event;
      return [{ type: 'publish-notice', incidentId, by, text, expectedAt }];
    }
    case 'review-written':
      return [{ type: 'write-review', incidentId, by: event.by, review: event.review }];
    case 'incident-closed':
      return [{ type: 'close', incidentId, by: event.by }];
    case 'tier-released':
      return [{ type: 'release-tier', incidentId, by: event.by, reason: event.reason }];
    case 'incident-graded': {
      const { by, confirmedBy, reason } = event.setBy!;
      const set: Command = { type: 'set-tier', incidentId, by, tier: event.to, reason };
      return confirmedBy === null
        ? [set]
        : [set, { type: 'confirm-tier', incidentId, by: confirmedBy }];
    }
    default:
      return [];
  }
}
