import { noteCause, replaceCause } from './causes.ts';
import type { MemberRelation } from './events.ts';
import type { EngineState, Fault, Incident } from './state.ts';

/**
 * The root of an incident, which is what it is about:
 *
 *   a fault explains the root, which was its first sign ──▶ takes its place, as if it had been the root
 *   the root is over, another fault of the same cause lasts ──▶ is passed on; both are on record
 *   a fault that was the root before is back             ──▶ takes it back
 *
 * Episode, clock and acknowledgement go on, whoever is the root.
 */

/** Another fault than the one it opened over is the cause: the incident is about that one now. */
export function takeRoot(state: EngineState, incident: Incident, faultKey: string): void {
  const root = state.faults.get(faultKey);
  if (root === undefined) return;
  const { rootFaultKey: before } = incident;
  if (faultKey === before || incident.rootKeys.has(faultKey) || !state.faults.has(before)) {
    if (faultKey !== before) demote(incident, root);
    passRoot(state, incident, faultKey);
    return;
  }
  demote(incident, root);
  replaceCause(incident.causes, before, root);
  incident.rootKeys.delete(before);
  if (state.incidentByRoot.get(before) === incident.id) state.incidentByRoot.delete(before);
  setRoot(state, incident, root);
}

/** The fault is what the incident is about now, also where it was before. */
export function passRoot(state: EngineState, incident: Incident, faultKey: string): void {
  const root = state.faults.get(faultKey);
  if (root === undefined) return;
  incident.members.set(faultKey, 'root');
  noteCause(incident.causes, root);
  setRoot(state, incident, root);
}

function demote(incident: Incident, root: Fault): void {
  if (!incident.members.has(incident.rootFaultKey)) return;
  incident.members.set(incident.rootFaultKey, relationOfSign(incident, root));
}

function setRoot(state: EngineState, incident: Incident, root: Fault): void {
  incident.rootKeys.add(root.key);
  state.incidentByRoot.set(root.key, incident.id);
  incident.rootFaultKey = root.key;
  incident.rootDeviceId = root.deviceId;
  incident.rootComponent = root.component;
  incident.rootKind = root.kind;
  incident.rootText = root.text;
}

/** How what was believed to be the cause belongs to the true one. */
export function relationOfSign(
  { rootKind, rootDeviceId }: Pick<Incident, 'rootKind' | 'rootDeviceId'>,
  root: Pick<Fault, 'deviceId'>,
): MemberRelation {
  if (rootKind === 'port-down') return 'link';
  if (rootKind === 'customer-report') return 'reported';
  const isOfGroup = rootKind === 'redundancy-lost' || rootKind === 'switched-over';
  if (isOfGroup && rootDeviceId !== root.deviceId) return 'redundancy';
  return rootKind === 'device-down' && rootDeviceId !== root.deviceId ? 'fed-by' : 'same-device';
}
