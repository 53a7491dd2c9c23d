import type { DurationMs, EpochMs } from '../lib/time.ts';
import { REOPEN_WITHIN_MS } from './apply-incident.ts';
import { shiftCauses } from './causes.ts';
import { isClockOver } from './duties.ts';
import type { DomainEvent, PageFacts } from './events.ts';
import { shiftRate } from './flaps.ts';
import type { SoftState } from './soft-state.ts';
import type { EngineState, Fault, Incident, Page } from './state.ts';

/**
 * What a step of the wall clock does to what is remembered: every instant from which something still
 * runs, or at which it falls due, moves with the clock, so that as much is left of it as before. What
 * people have set for an instant of the day (silences, overrides, the end of quiet hours) stays, and so
 * does what is over.
 */
export function applyClockStep(
  state: EngineState,
  { at, byMs, cause }: Extract<DomainEvent, { type: 'clock-stepped' }>,
): EngineState {
  state.clockStep = { at, byMs, cause };
  shift(state, ['leaseAt', 'startedAt'], byMs);
  for (const device of state.devices.values()) {
    shift(device, ['healthSince'], byMs);
    if (device.uptime === null) continue;
    device.uptime = { ...device.uptime };
    shift(device.uptime, ['readAt', 'ranSince'], byMs);
  }
  for (const fault of state.faults.values()) shiftFault(fault, byMs);
  for (const flap of state.flaps.values()) {
    shift(flap, ['flappingSince'], byMs);
    flap.raisedAt.forEach((each, index) => {
      flap.raisedAt[index] = each + byMs;
    });
  }
  for (const incident of state.incidents.values()) {
    const isRunning = isStillRunning(incident, at - byMs);
    if (isRunning) shiftIncident(incident, byMs);
    shiftAuthorityClocks(incident, byMs);
    for (const pageId of incident.pageIds) {
      const page = state.pages.get(pageId)!;
      if (isRunning || page.status === 'queued') shiftPage(page, byMs, at);
    }
  }
  for (const report of state.reports.values()) {
    if (report.answeredAt === null)
      shift(report, ['receivedAt', 'respondBy', 'answerBy', 'respondedAt'], byMs);
  }
  return state;
}

/** The same for what is not in the journal. */
export function shiftSoftState(soft: SoftState, byMs: DurationMs): void {
  for (const device of soft.devices.values()) {
    shift(device, ['firstFailedAt', 'silentSince', 'firstOkAt', 'lastOkAt'], byMs);
    shift(device, ['lastObservedAt', 'lastFullAt', 'heldSince'], byMs);
    for (const missing of device.missing.values()) shift(missing, ['firstAt'], byMs);
  }
  for (const rules of soft.heldConditions.values()) {
    for (const [ruleId, since] of rules) if (since !== null) rules.set(ruleId, since + byMs);
  }
  for (const [incidentId, since] of soft.milderSince)
    soft.milderSince.set(incidentId, since + byMs);
  shift(soft, ['sightLostAt'], byMs);
  shift(soft.ownSight, ['lastAnswerAt', 'lostSince', 'backAt', 'askedAt'], byMs);
  if (soft.coverLook !== null) soft.coverLook = { ...soft.coverLook, at: soft.coverLook.at + byMs };
}

/** Open, or over for so short a time that it may open again; `was`: the instant before the step. */
function isStillRunning({ resolvedAt }: Incident, was: EpochMs): boolean {
  return resolvedAt === null || Math.abs(was - resolvedAt) <= REOPEN_WITHIN_MS;
}

function shiftFault(fault: Fault, byMs: DurationMs): void {
  shift(fault, ['since', 'raisedAt', 'factsAt'], byMs);
  const { toldBattery: told } = fault;
  if (told !== undefined) fault.toldBattery = { ...told, at: told.at + byMs };
}

function shiftIncident(incident: Incident, byMs: DurationMs): void {
  shift(incident, ['startedAt', 'troubleSince', 'openedAt', 'reopenedAt', 'evidenceAt'], byMs);
  shift(incident, ['clockStartedAt', 'stepsStartedAt', 'acknowledgeBy', 'acknowledgedAt'], byMs);
  shift(incident, ['remindersFrom', 'upgradedAt'], byMs);
  shift(incident, ['lastUpdateAt', 'updateAskedAt', 'breachedAt', 'resolvedAt'], byMs);
  shift(incident, ['restoredAt', 'reviewedAt', 'closedAt'], byMs);
  if (incident.flapped !== undefined) incident.flapped = shiftRate(incident.flapped, byMs);
  incident.causes.splice(0, Infinity, ...shiftCauses(incident.causes, byMs));
  for (const [tier, since] of incident.tierReachedAt)
    incident.tierReachedAt.set(tier, since + byMs);
  const { tierHold: hold, tierProposal: proposal } = incident;
  if (hold !== null) incident.tierHold = { ...hold, at: hold.at + byMs };
  if (proposal !== null) incident.tierProposal = { ...proposal, at: proposal.at + byMs };
}

/** Those that run on after the end, too; working days are days of the calendar and stay. */
function shiftAuthorityClocks({ authorityClocks }: Incident, byMs: DurationMs): void {
  for (const [id, clock] of authorityClocks) {
    if (isClockOver(clock)) continue;
    const { startedAt, dueAt } = clock;
    authorityClocks.set(id, { ...clock, startedAt: startedAt + byMs, dueAt: dueAt + byMs });
  }
}

/** What it will say, too, as long as it has not gone out. `at`: when it was noticed, by the clock as it goes now. */
function shiftPage(page: Page, byMs: DurationMs, at: EpochMs): void {
  page.keyAt ??= page.queuedAt;
  shift(page, ['queuedAt', 'finishedAt', 'refusedAt', 'firstFailedAt', 'failingSince'], byMs);
  const { confirmation } = page;
  if (confirmation) page.confirmation = { ...confirmation, at: confirmation.at + byMs };
  // What is held through the night counts from an instant of the day.
  const isHeld = page.notBefore !== null && page.attempts === 0;
  if (!isHeld) shift(page, ['giveUpAt', 'nextAttemptAt', 'waitingSince'], byMs);
  else wakeInLeap(page, page.notBefore!, at);
  if (page.status !== 'queued') return;
  const { causes, flapping } = page.facts;
  const facts: { -readonly [Key in keyof PageFacts]: PageFacts[Key] } = {
    ...page.facts,
    ...(causes === undefined ? {} : { causes: shiftCauses(causes, byMs) }),
    ...(flapping?.rate ? { flapping: { ...flapping, rate: shiftRate(flapping.rate, byMs) } } : {}),
  };
  shift(facts, ['startedAt', 'openedAt', 'reopenedAt', 'acknowledgeBy'], byMs);
  shift(facts, ['resolvedAt', 'restoredAt', 'darkSince'], byMs);
  // A review is due at the end of a day of the calendar.
  if (facts.duty !== undefined && page.step.startsWith('authority-'))
    facts.duty = { ...facts.duty, by: facts.duty.by + byMs };
  page.facts = facts;
}

/** Its morning fell into what the clock leapt over: the effort for it begins only now. */
function wakeInLeap(page: Page, morning: EpochMs, at: EpochMs): void {
  if (morning < at) shift(page, ['giveUpAt', 'nextAttemptAt', 'waitingSince'], at - morning);
}

/** Moves instants of a record that the state owns alone; those that are not known stay so. */
function shift<Record extends object>(
  record: Record,
  fields: readonly (keyof Record)[],
  byMs: DurationMs,
): void {
  for (const field of fields) {
    const at: unknown = record[field];
    if (typeof at === 'number') Object.assign(record, { [field]: at + byMs });
  }
}
