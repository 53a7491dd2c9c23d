import type { EscalationStep } from '../config/model.ts';
import type { DurationMs, EpochMs } from '../lib/time.ts';
import { SECOND } from '../lib/time.ts';
import { AFTER_SILENCE } from './apply-incident.ts';
import type { Deciding } from './deciding.ts';
import { dueAfterMs, firstStepOf } from './escalation-level.ts';
import type { PageKind } from './events.ts';
import { lostSince } from './lost-steps.ts';
import { nextChannels } from './next-channels.ts';
import { mergePages, type StepPages, waitsForMoreImportant } from './page-merging.ts';
import {
  queuePages,
  quietFor,
  type Recipient,
  recipientKey,
  recipientsOf,
  toldAndConfigured,
} from './paging.ts';
import { silenceOver } from './silence.ts';
import type { Incident, Page } from './state.ts';

/**
 * The response clock of an incident: it runs from `clockStartedAt` to `acknowledgeBy` until a
 * person acknowledges, day and night, through flapping and silence. Its steps are derived from the
 * state each time, never kept as timers, so a restart finds them again:
 *
 *   step:<tier>:<n>   an escalation step of the frozen policy, counted from the start of the tier; of a
 *                     tier that the clock had before, from where that one began
 *   again:<n>         it is of a tier again that it had before: whoever heard of a milder one since
 *   reminder:<ratio>  a share of the response time is used up; with the tier behind it, of the time
 *                     that an upgrade has left
 *   repeat:<n>        everyone told so far is told again
 *   breach            the time is over: recorded, and the whole chain is told
 *
 * Steps that meet are all taken, but page a person only once (`page-merging.ts`).
 */

/** A step taken later than this after its time is marked late. */
const LATE_AFTER_MS: DurationMs = 5 * SECOND;

interface ClockStep {
  readonly name: string;
  readonly dueAt: EpochMs;
  readonly kind: PageKind;
  /** `taken`: the steps that count as taken, those of this moment included. */
  readonly recipients: (taken: ReadonlySet<string>) => readonly Recipient[];
  readonly reminderRatio: number | null;
  /** The step that reached nobody, for which this one does not wait for its own time. */
  readonly afterLost?: string;
}

export const CLOCK_STATUSES = ['running', 'met', 'breached', 'stopped'] as const;
export type ClockStatus = (typeof CLOCK_STATUSES)[number];

/** Where the clock stands: derived, never stored. `stopped`: resolved without an acknowledgement. */
export function clockStatus(
  incident: Pick<Incident, 'breachedAt' | 'acknowledgedAt' | 'resolvedAt' | 'acknowledgeBy'>,
  now: EpochMs,
): ClockStatus {
  if (incident.breachedAt !== null) return 'breached';
  if (incident.acknowledgedAt !== null) return 'met';
  if (incident.resolvedAt !== null) return 'stopped';
  return now > incident.acknowledgeBy ? 'breached' : 'running';
}

/** Takes every step that is due, in order of its time, each once; together they page each recipient once. */
export function decideResponseClocks(deciding: Deciding): void {
  const { now } = deciding;
  for (const incident of deciding.openIncidents()) {
    if (incident.acknowledgedAt !== null) continue;
    const silence = silenceOver(deciding.state, deciding.requireGraph(), incident, now);
    const waiting = waitingSteps(deciding, incident);
    const due = waiting
      .filter((step) => step.dueAt <= now)
      .filter((step) => !waitsForMoreImportant(step, waiting.filter(isAfter(now))))
      .sort((a, b) => a.dueAt - b.dueAt);
    if (silence !== null) {
      for (const step of due) takeInSilence(deciding, incident, step, silence.id);
      continue;
    }
    if (due.length === 0) continue;
    const taken = new Set([...incident.stepsTaken, ...due.map((step) => step.name)]);
    const pages = mergePages(deciding.state, incident, due, now, (step) => step.recipients(taken));
    for (const step of due) takeStep(deciding, incident, step, pages.get(step.name)!);
  }
}

function isAfter(now: EpochMs): (step: ClockStep) => boolean {
  return (step) => step.dueAt > now;
}

function waitingSteps(deciding: Deciding, incident: Incident): readonly ClockStep[] {
  return clockSteps(deciding, incident).filter((step) => !incident.stepsTaken.has(step.name));
}

/** Records a deadline that has passed unacknowledged; called before anything that would end the clock. */
export function recordBreach(deciding: Deciding, incident: Incident): void {
  if (incident.breachedAt !== null || incident.acknowledgedAt !== null) return;
  if (incident.resolvedAt !== null || deciding.now <= incident.acknowledgeBy) return;
  deciding.emit({
    type: 'response-breached',
    at: deciding.now,
    incidentId: incident.id,
    episode: incident.episode,
    deadline: incident.acknowledgeBy,
  });
}

/** When the next step of the clock is due; null when it stands still. */
export function nextStepAt(deciding: Deciding, incident: Incident): EpochMs | null {
  if (incident.resolvedAt !== null || incident.acknowledgedAt !== null) return null;
  const waiting = waitingSteps(deciding, incident);
  return waiting.length === 0 ? null : Math.min(...waiting.map((step) => step.dueAt));
}

/** The clock runs on in silence: the step is taken, a deadline that passes is recorded, and nobody is paged. */
function takeInSilence(
  deciding: Deciding,
  incident: Incident,
  step: ClockStep,
  silencedBy: string,
): void {
  if (step.kind === 'repeat') return;
  if (step.name === 'breach') recordBreach(deciding, incident);
  const { now: at } = deciding;
  const { name, dueAt } = step;
  const late = at - dueAt > LATE_AFTER_MS;
  const { id: incidentId, episode } = incident;
  const rest = { incidentId, episode, step: name, dueAt, late, silencedBy };
  deciding.emit({ type: 'clock-step-taken', at, ...rest });
}

function takeStep(
  deciding: Deciding,
  incident: Incident,
  step: ClockStep,
  { paged, toldBy }: StepPages,
): void {
  if (step.name === 'breach') recordBreach(deciding, incident);
  deciding.emit({
    type: 'clock-step-taken',
    at: deciding.now,
    incidentId: incident.id,
    episode: incident.episode,
    step: step.name,
    dueAt: step.dueAt,
    late: deciding.now - step.dueAt > LATE_AFTER_MS,
    ...(toldBy.length === 0 ? {} : { toldBy }),
    ...(step.afterLost === undefined ? {} : { afterLost: step.afterLost }),
  });
  queuePages(deciding, incident, {
    step: step.name,
    kind: step.kind,
    recipients: paged,
    reminderRatio: step.reminderRatio,
  });
}

function clockSteps(deciding: Deciding, incident: Incident): readonly ClockStep[] {
  return [
    ...escalationSteps(deciding, incident),
    ...tierAgainSteps(deciding, incident),
    ...reminderSteps(deciding, incident),
    ...repeatSteps(deciding, incident),
    ...afterSilenceSteps(deciding, incident),
    {
      name: 'breach',
      // The deadline itself still counts as in time.
      dueAt: incident.acknowledgeBy + 1,
      kind: 'breached',
      recipients: () => wholeChain(deciding, incident),
      reminderRatio: null,
    },
  ];
}

/**
 * A step that can reach nobody hands its time to the next one: waiting for it would help no one. One
 * that was taken and got through to nobody (`lost-steps.ts`) hands on the time since which that is known.
 * Who is on call is asked for the instant at which the step falls due. Where no step reaches anyone,
 * the catch-all is paged.
 */
function escalationSteps(deciding: Deciding, incident: Incident): readonly ClockStep[] {
  const steps: ClockStep[] = [];
  let inheritedAt: EpochMs | null = null;
  let lost: string | null = null;
  const first = firstStepOf(incident);
  incident.steps[incident.tier].forEach((step, index) => {
    if (index < first) return;
    const ownAt = incident.stepsStartedAt + dueAfterMs(incident, step.afterMs);
    const name = `step:${incident.tier}:${index}`;
    const isTaken = incident.stepsTaken.has(name);
    const reachedAt = inheritedAt === null ? ownAt : Math.min(ownAt, inheritedAt);
    const dueAt = isTaken ? reachedAt : notBeforeUpgrade(incident, reachedAt);
    const at = isTaken ? dueAt : Math.max(dueAt, deciding.now);
    const reached = recipientsOf(deciding, step, at);
    const isHeard =
      (isTaken && (reached.length === 0 || isPassedOver(deciding, incident, name))) ||
      reached.some(({ personId }) => !quietFor(deciding, incident, personId, at));
    const early = lost === null || dueAt >= ownAt ? {} : { afterLost: lost };
    const personIds = reached.map(({ personId }) => personId);
    const lostAt = isTaken && isHeard ? lostSince(deciding, incident, name, personIds) : null;
    if (isHeard) lost = lostAt === null ? null : name;
    inheritedAt = isHeard ? lostAt : dueAt;
    if (reached.length === 0 && !isTaken) return;
    const isFirst = steps.length === 0;
    steps.push({
      ...early,
      name,
      dueAt,
      kind: isFirst ? incident.stepsReason : 'escalated',
      recipients: () =>
        isFirst ? [...reached, ...toldAndConfigured(deciding, incident)] : reached,
      reminderRatio: null,
    });
  });
  if (steps.length === 0) return catchAllSteps(deciding, incident, inheritedAt);
  if (lost === null) return steps;
  const last = catchAllSteps(deciding, incident, inheritedAt);
  return [
    ...steps,
    ...last.map((step) => ({ ...step, kind: 'escalated' as const, afterLost: lost! })),
  ];
}

/** Whether the tier was lowered past the step: it paged nobody, because others had been told before. */
function isPassedOver({ state }: Deciding, incident: Incident, name: string): boolean {
  const { episode, pageIds, silencedSteps } = incident;
  const isOfStep = (page: Page | undefined) => page?.step === name && page.episode === episode;
  return !silencedSteps.has(name) && !pageIds.some((id) => isOfStep(state.pages.get(id)));
}

/** What the tier had owed while the incident was of a milder one is due when it is back. */
function notBeforeUpgrade({ upgradedAt }: Incident, dueAt: EpochMs): EpochMs {
  return upgradedAt === null ? dueAt : Math.max(dueAt, upgradedAt);
}

/** Nothing where the tier is new to the clock: its first step tells everyone. */
function tierAgainSteps(deciding: Deciding, incident: Incident): readonly ClockStep[] {
  const { upgradedAt, stepsStartedAt, clockStartedAt } = incident;
  if (upgradedAt === null || upgradedAt === stepsStartedAt) return [];
  return [
    {
      name: `again:${Math.floor((upgradedAt - clockStartedAt) / SECOND)}`,
      dueAt: upgradedAt,
      kind: 'upgraded',
      recipients: (taken) => {
        const all = [
          ...toldAndConfigured(deciding, incident),
          ...chainSoFar(deciding, incident, taken),
        ];
        return all.filter((each) => !knowsTier(deciding, incident, each));
      },
      reminderRatio: null,
    },
  ];
}

/** Whether the last page that the recipient got, or will get, names this tier or a worse one. */
function knowsTier({ state }: Deciding, incident: Incident, recipient: Recipient): boolean {
  const key = recipientKey(recipient);
  const last = incident.pageIds
    .map((pageId) => state.pages.get(pageId)!)
    .findLast((page) => page.status !== 'cancelled' && recipientKey(page) === key);
  return last !== undefined && last.kind !== 'resolved' && last.facts.tier <= incident.tier;
}

/** None for a tier that is to page nobody. */
function catchAllSteps(
  deciding: Deciding,
  incident: Incident,
  dueAt: EpochMs | null,
): readonly ClockStep[] {
  const personIds = deciding.requireGraph().topology.catchAll ?? [];
  const reached = recipientsOf(deciding, { afterMs: 0, personIds, channelIds: [] });
  if (dueAt === null || reached.length === 0) return [];
  const recipients = () => [...reached, ...toldAndConfigured(deciding, incident)];
  const name = `step:${incident.tier}:catch-all`;
  return [{ name, dueAt, kind: incident.stepsReason, recipients, reminderRatio: null }];
}

/** When a silence is over, everyone is paged whom the steps taken in it would have paged. */
function afterSilenceSteps(deciding: Deciding, incident: Incident): readonly ClockStep[] {
  if (incident.silencedSteps.size === 0) return [];
  const graph = deciding.requireGraph();
  if (silenceOver(deciding.state, graph, incident, deciding.now) !== null) return [];
  return [
    {
      name: `${AFTER_SILENCE}${incident.stepsTaken.size}`,
      dueAt: deciding.now,
      kind: incident.stepsReason,
      recipients: (taken) => [
        ...toldAndConfigured(deciding, incident),
        ...chainSoFar(deciding, incident, taken),
      ],
      reminderRatio: null,
    },
  ];
}

function chainSoFar(
  deciding: Deciding,
  incident: Incident,
  taken: ReadonlySet<string>,
): readonly Recipient[] {
  const { tier, steps } = incident;
  if (taken.has('breach')) return wholeChain(deciding, incident);
  const reached = steps[tier]
    .filter((_, index) => taken.has(`step:${tier}:${index}`))
    .flatMap((step) => recipientsOf(deciding, step));
  if (reached.length > 0) return reached;
  const personIds = deciding.requireGraph().topology.catchAll ?? [];
  return recipientsOf(deciding, { afterMs: 0, personIds, channelIds: [] });
}

/** To everyone told so far and one level up. */
function reminderSteps(deciding: Deciding, incident: Incident): readonly ClockStep[] {
  const { remindersFrom: from, worstOfClock } = incident;
  const lengthMs = incident.acknowledgeBy - from;
  // An upgrade that comes after the deadline leaves nothing to be reminded of.
  if (lengthMs <= 0) return [];
  const of = from === incident.clockStartedAt ? '' : `:${worstOfClock}`;
  return incident.targets[incident.tier].reminderRatios.map((ratio) => ({
    name: `reminder:${ratio}${of}`,
    dueAt: from + Math.floor(lengthMs * ratio),
    kind: 'reminder',
    recipients: (taken) => [
      ...toldAndConfigured(deciding, incident),
      ...nextLevel(deciding, incident, taken),
    ],
    reminderRatio: ratio,
  }));
}

/**
 * Only the latest repetition that is due: after a pause of the service one page, not twenty. Once the
 * deadline has passed they may come at another pace, counted from there.
 */
function repeatSteps(deciding: Deciding, incident: Incident): readonly ClockStep[] {
  const { repeatEveryMs, repeatAfterBreachMs } = incident.targets[incident.tier];
  const isLate = incident.breachedAt !== null && repeatAfterBreachMs !== undefined;
  const everyMs = isLate ? repeatAfterBreachMs : repeatEveryMs;
  if (everyMs === null) return [];
  const prefix = `repeat:${incident.tier}:${isLate ? 'late-' : ''}`;
  const from = isLate
    ? Math.max(incident.acknowledgeBy, incident.stepsStartedAt)
    : incident.stepsStartedAt;
  const passed = Math.floor((deciding.now - from) / everyMs);
  const taken = incident.stepsTaken.has(`${prefix}${passed}`);
  const number = Math.max(1, taken ? passed + 1 : passed);
  return [
    {
      name: `${prefix}${number}`,
      dueAt: from + number * everyMs,
      kind: 'repeat',
      recipients: () =>
        incident.targets[incident.tier].rotatesChannels === true
          ? nextChannels(deciding, incident)
          : toldAndConfigured(deciding, incident),
      reminderRatio: null,
    },
  ];
}

function nextLevel(
  deciding: Deciding,
  incident: Incident,
  taken: ReadonlySet<string>,
): readonly Recipient[] {
  const steps = incident.steps[incident.tier];
  const first = firstStepOf(incident);
  const next = steps.find(
    (_, index) => index >= first && !taken.has(`step:${incident.tier}:${index}`),
  );
  return next === undefined ? [] : recipientsOf(deciding, next);
}

/** Everyone but those whose step the policy plans for after the deadline: it comes in its own time. */
function wholeChain(deciding: Deciding, incident: Incident): readonly Recipient[] {
  const { acknowledgeWithinMs } = incident.targets[incident.tier];
  const steps: readonly EscalationStep[] = incident.steps[incident.tier].filter(
    ({ afterMs }) =>
      afterMs <= acknowledgeWithinMs ||
      incident.stepsStartedAt + dueAfterMs(incident, afterMs) <= deciding.now,
  );
  const joined = { afterMs: 0, personIds: [...incident.joinedIds], channelIds: [] };
  return [
    ...toldAndConfigured(deciding, incident),
    ...recipientsOf(deciding, joined),
    ...steps.flatMap((step) => recipientsOf(deciding, step)),
  ];
}
