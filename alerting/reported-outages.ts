import type { FaultKind } from '../config/model.ts';
import type { Deciding } from './deciding.ts';
import { clearFault } from './faults.ts';
import { subjectOf } from './graph.ts';
import { hangingDevices } from './impact.ts';
import type { HeldReport } from './procedure.ts';
import { ownFaultKeyOf } from './report-faults.ts';
import type { Fault } from './state.ts';

/**
 * What customers noticed before the network did. Where a fault is about to open an incident and a
 * report that is an incident of its own is about the same device, about one that hangs on it, or about
 * its site alone, the fault is the cause of that incident: it goes on as one, with whoever was paged
 * and its clock, and gets worse as the fault demands.
 */

/**
 * Kinds by which a customer is without service. A fan is no answer to one, nor is what still has
 * something to live on, nor an alert, of which only its text tells what is wrong.
 */
const TAKES_SERVICE: ReadonlySet<FaultKind> = new Set([
  ...(['device-down', 'port-down', 'path-quality', 'routing-peer'] as const),
]);

/** Whether the fault can be why a customer is without service. */
export function takesService({ kind }: Fault): boolean {
  return TAKES_SERVICE.has(kind);
}

/** Makes the fault the cause of what customers reported of it. Returns whether there was such an incident. */
export function joinsReports(deciding: Deciding, fault: Fault): boolean {
  if (!takesService(fault)) return false;
  const { state, now: at } = deciding;
  const reports = [...state.reports.values()].filter(
    (report) => standsForItself(deciding, report) && isExplainedBy(deciding, report, fault),
  );
  const incidentId = reports[0]?.incidentId ?? null;
  if (incidentId === null) return false;
  const faultKey = fault.key;
  deciding.emit({ type: 'member-added', at, incidentId, faultKey, relation: 'root' });
  for (const report of reports) {
    if (report.incidentId !== incidentId)
      deciding.emit({ type: 'customer-report-joined', at, reportId: report.id, incidentId });
    // Its clocks go on; the trouble that it tells of is the one that is known now.
    clearFault(deciding, ownFaultKeyOf(deciding, report), at);
  }
  return true;
}

/** Whether the report is what its incident is about: nothing else is known that explains it. */
function standsForItself(deciding: Deciding, report: HeldReport): boolean {
  const { state } = deciding;
  if (report.answeredAt !== null || report.incidentId === null) return false;
  const own = ownFaultKeyOf(deciding, report);
  const incident = state.incidents.get(report.incidentId);
  return incident?.resolvedAt === null && incident.rootFaultKey === own && state.faults.has(own);
}

function isExplainedBy(deciding: Deciding, report: HeldReport, fault: Fault): boolean {
  const { deviceId, siteId } = report;
  if (deviceId !== null)
    return deviceId === fault.deviceId || hanging(deciding, fault).includes(deviceId);
  if (siteId === null) return false;
  return sitesOf(deciding, [fault]).has(siteId);
}

function hanging(deciding: Deciding, fault: Fault): readonly string[] {
  return hangingDevices(deciding.state, deciding.requireGraph(), [fault]);
}

/** The sites of faults, and of what hangs on them. */
export function sitesOf(deciding: Deciding, members: readonly Fault[]): ReadonlySet<string> {
  const graph = deciding.requireGraph();
  const deviceIds = members.map(({ deviceId }) => deviceId);
  if (members.length > 0) deviceIds.push(...hangingDevices(deciding.state, graph, members));
  return new Set(deviceIds.flatMap((id) => subjectOf(graph, id)?.siteId ?? []));
}
