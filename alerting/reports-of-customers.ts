import { say } from '../lib/local-text.ts';
import { type DurationMs, type EpochMs, HOUR } from '../lib/time.ts';
import type { Deciding } from './deciding.ts';
import { faultKeyOf } from './fault-key.ts';
import { clearFault } from './faults.ts';
import { hangingDevices } from './impact.ts';
import type { CommandOutcome, Refusal, ReportCommand } from './inputs.ts';
import { activeMembers } from './members.ts';
import { formatZoned } from './page-text.ts';
import { type HeldReport, REPORT_CLOCKS, type ReportClock } from './procedure.ts';
import { ownFaultKeyOf, reportComponent, reportSubject } from './report-faults.ts';
import { sitesOf, takesService } from './reported-outages.ts';
import { raiseServiceFault } from './service-faults.ts';
import type { Incident } from './state.ts';

/**
 * What customers report: joined to the incident that explains it, else an incident of its own. Each
 * report has clocks of its own, which an incident's acknowledgement does not stop: a response within
 * an hour, an answer within a day. Four fifths into a clock the report itself is an incident.
 */
const WITHIN_MS: Readonly<Record<ReportClock, DurationMs>> = { respond: HOUR, answer: 24 * HOUR };
const WARN_AT_RATIO = 0.8;
/** Not answered yet, at once. */
const MOST_REPORTS = 10_000;

/** Decides over what concerns a customer's report; a refusal changes nothing and says why. */
export function decideReport(deciding: Deciding, command: ReportCommand): CommandOutcome {
  if (command.type === 'report-fault') return receive(deciding, command);
  const report = deciding.state.reports.get(command.reportId);
  if (report === undefined) return refuse('no-such-report');
  if (report.answeredAt !== null) return refuse('already-over');
  const { reportId, by, text } = command;
  const at = deciding.now;
  recordBreaches(deciding, report);
  if (command.type === 'respond-to-report') {
    if (report.respondedAt !== null) return refuse('already-over');
    deciding.emit({ type: 'customer-report-responded', at, reportId, by, text });
  } else {
    deciding.emit({ type: 'customer-report-answered', at, reportId, by, text });
    clearFault(deciding, ownFaultKeyOf(deciding, report), at);
  }
  tellOfDue(deciding, report);
  return { accepted: true, ids: [reportId] };
}

/** Joins reports to the incidents that they opened, and lets no clock run out unseen. */
export function decideReports(deciding: Deciding): void {
  joinOwnIncidents(deciding);
  for (const report of deciding.state.reports.values()) {
    if (!deciding.isFullLook || report.answeredAt !== null) continue;
    recordBreaches(deciding, report);
    tellOfDue(deciding, report);
  }
}

/** Joins reports to the incidents that they opened. */
export function joinOwnIncidents(deciding: Deciding): void {
  for (const report of deciding.state.reports.values())
    if (report.incidentId === null) join(deciding, report, ownIncidentId(deciding, report));
}

/** Joins a report that has just come to the open incident that explains it; false when there is none. */
export function joinsIncident(deciding: Deciding, reportId: string): boolean {
  const report = deciding.state.reports.get(reportId)!;
  const incident = matchingIncident(deciding, report);
  if (incident !== null) join(deciding, report, incident.id);
  return incident !== null;
}

function receive(
  deciding: Deciding,
  command: Extract<ReportCommand, { type: 'report-fault' }>,
): CommandOutcome {
  const { state, now: at } = deciding;
  const graph = deciding.requireGraph();
  const { by, customer, contact, text, deviceId, siteId } = command;
  if (deviceId !== null && !graph.devices.has(deviceId)) return refuse('no-such-device');
  if (siteId !== null && !graph.siteNames.has(siteId)) return refuse('no-such-site');
  const waiting = [...state.reports.values()].filter(({ answeredAt }) => answeredAt === null);
  if (waiting.length >= MOST_REPORTS) {
    const limit = {
      of: 'customer-reports',
      most: MOST_REPORTS,
      asked: waiting.length + 1,
    } as const;
    return { accepted: false, reason: 'too-many', by: null, limit };
  }
  const id = `rep-${String(state.lastReportNumber + 1).padStart(6, '0')}`;
  const clocks = { respondBy: at + WITHIN_MS.respond, answerBy: at + WITHIN_MS.answer };
  const report = { id, customer, contact, text, deviceId, siteId, by, receivedAt: at, ...clocks };
  deciding.emit({ type: 'customer-report-received', at, report });
  const held = state.reports.get(id)!;
  if (!joinsIncident(deciding, id)) {
    raiseServiceFault(deciding, {
      ...{ subjectId: reportSubject(deciding, held), component: reportComponent(held) },
      ...{ kind: 'customer-report', level: 'warning', since: at },
      text: say(`${customer}: ${text}`, `${customer}：${text}`),
    });
  }
  return { accepted: true, ids: [id] };
}

/**
 * The open incident that explains the report: one by which service is lost that the device belongs to
 * or hangs on; for a report that names a site alone, the worst one there, or on which something there
 * hangs, or what another customer says of it.
 */
function matchingIncident(deciding: Deciding, report: HeldReport): Incident | null {
  const { state } = deciding;
  const graph = deciding.requireGraph();
  const open = [...state.openIncidentIds].map((id) => state.incidents.get(id)!);
  const worstFirst = open.toSorted((a, b) => a.tier - b.tier || a.openedAt - b.openedAt);
  const { deviceId, siteId } = report;
  const explains = (incident: Incident): boolean => {
    const members = activeMembers(state, incident).filter(
      (fault) => takesService(fault) || fault.kind === 'customer-report',
    );
    if (deviceId !== null) {
      if (members.some((fault) => fault.deviceId === deviceId)) return true;
      return members.length > 0 && hangingDevices(state, graph, members).includes(deviceId);
    }
    return siteId !== null && sitesOf(deciding, members).has(siteId);
  };
  if (deviceId === null && siteId === null) return null;
  return worstFirst.find(explains) ?? null;
}

function join(deciding: Deciding, report: HeldReport, incidentId: string | null): void {
  if (incidentId === null) return;
  const { id: reportId } = report;
  deciding.emit({ type: 'customer-report-joined', at: deciding.now, reportId, incidentId });
}

function ownIncidentId(deciding: Deciding, report: HeldReport): string | null {
  return deciding.state.faults.get(ownFaultKeyOf(deciding, report))?.incidentId ?? null;
}

function recordBreaches(deciding: Deciding, report: HeldReport): void {
  for (const clock of REPORT_CLOCKS) {
    const deadline = deadlineOf(report, clock);
    if (isMet(report, clock) || report.breached.has(clock) || deciding.now <= deadline) continue;
    const { id: reportId } = report;
    const at = deciding.now;
    deciding.emit({ type: 'customer-report-breached', at, reportId, clock, deadline });
  }
}

/** Raises the report as a fault of its own while a clock of it is about to run out or has; clears it when none is. */
function tellOfDue(deciding: Deciding, report: HeldReport): void {
  const { now } = deciding;
  const due = REPORT_CLOCKS.find((clock) => {
    const warnAt = deadlineOf(report, clock) - WITHIN_MS[clock] * (1 - WARN_AT_RATIO);
    return !isMet(report, clock) && now >= warnAt;
  });
  const subjectId = reportSubject(deciding, report);
  const component = `${reportComponent(report)}/due`;
  if (due === undefined) {
    clearFault(deciding, faultKeyOf(subjectId, component, 'customer-report'), now);
    return;
  }
  const by = formatZoned(deadlineOf(report, due), deciding.requireGraph().topology.timeZone);
  const { customer } = report;
  raiseServiceFault(deciding, {
    ...{ subjectId, component, kind: 'customer-report', level: 'critical', since: now },
    text:
      due === 'respond'
        ? say(`${customer} waits for a response, due by ${by}`, `${customer} 等待响应，时限 ${by}`)
        : say(`${customer} waits for an answer, due by ${by}`, `${customer} 等待答复，时限 ${by}`),
  });
}

function isMet(report: HeldReport, clock: ReportClock): boolean {
  return (clock === 'respond' ? report.respondedAt : report.answeredAt) !== null;
}

function deadlineOf(report: HeldReport, clock: ReportClock): EpochMs {
  return clock === 'respond' ? report.respondBy : report.answerBy;
}

function refuse(reason: Refusal): CommandOutcome {
  return { accepted: false, reason, by: null };
}
