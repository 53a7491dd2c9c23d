import type { DomainEvent, GradingEvidence } from '../../alerting/events.ts';
import { conditionHolds } from '../../alerting/grading.ts';
import type { EngineState } from '../../alerting/state.ts';
import type { GradingRule, Tier } from '../../config/model.ts';
import { type EpochMs, MINUTE } from '../../lib/time.ts';
import { ClockModel } from './clock-model.ts';
import { CHANNELS_OF, PEOPLE } from './sim-config.ts';

const REOPEN_WITHIN_MS = 30 * MINUTE;
const PERMANENT = new Set(['resolved']);

type PageQueued = Extract<DomainEvent, { type: 'page-queued' }>;
type StepTaken = Extract<DomainEvent, { type: 'clock-step-taken' }>;

/** Whom the steps of the simulated policy page, by index. */
const STEP_PEOPLE = PEOPLE;

/** A program of its own over the journal: says what the service did that it must not have done. */
export class Checker {
  readonly incidents = new Map<string, ClockModel>();
  readonly violations: string[] = [];
  readonly pages = new Map<string, PageQueued>();
  readonly #rules: ReadonlyMap<string, GradingRule>;
  readonly #told = new Map<string, Set<string>>();
  /** Who gets a page about which incident in what is taken in now. */
  readonly #pagedNow = new Set<string>();
  readonly #slots = new Set<string>();
  readonly #waiting: StepTaken[] = [];
  incidentCount = 0;

  readonly #durable: EngineState;

  /** `durable`: the fold over the journal, up to date with what is taken in. */
  constructor(rules: readonly GradingRule[], durable: EngineState) {
    this.#durable = durable;
    this.#rules = new Map(rules.map((rule) => [rule.id, rule]));
  }

  /** Takes in entries in the order of the journal. */
  take(events: readonly DomainEvent[]): void {
    this.#pagedNow.clear();
    for (const event of events) this.#takeOne(event);
    for (const step of this.#waiting.splice(0)) this.#checkRecipients(step);
  }

  /** What must hold at rest, after every step. `now` is the service's clock, which had time to act. */
  atRest(state: EngineState, now: EpochMs): void {
    for (const model of this.incidents.values()) {
      this.violations.push(...model.overdue(now));
      const incident = state.incidents.get(model.id);
      if (model.isRunning && incident?.resolvedAt !== null)
        this.violations.push(`${model.id} is open in the journal and not in the state`);
      if (!model.isAcknowledged || model.resolvedAt !== null) continue;
      const left = incident?.pageIds.some((id) => {
        const page = state.pages.get(id)!;
        return page.status === 'queued' && !PERMANENT.has(page.kind);
      });
      if (left) this.violations.push(`${model.id} is acknowledged and goes on paging`);
    }
  }

  nextDueAt(now: EpochMs): EpochMs {
    let next = Number.POSITIVE_INFINITY;
    for (const model of this.incidents.values()) next = Math.min(next, model.nextAt(now) ?? next);
    return next;
  }

  #takeOne(event: DomainEvent): void {
    if (event.type === 'incident-opened') this.#opened(event);
    else if ('incidentId' in event) {
      const model = this.incidents.get(event.incidentId);
      if (model === undefined) this.violations.push(`${event.type} of no incident`);
      else this.violations.push(...model.take(event));
    }
    if (event.type === 'incident-graded') this.#checkEvidence(event.evidence, event.to);
    if (event.type === 'clock-step-taken') this.#waiting.push(event);
    if (event.type === 'page-queued') this.#queued(event);
    if (event.type === 'page-abandoned') this.#abandoned(event);
    if (event.type === 'page-cancelled') this.#cancelled(event);
  }

  #opened(event: Extract<DomainEvent, { type: 'incident-opened' }>): void {
    this.incidentCount += 1;
    const model = new ClockModel(event);
    for (const before of this.incidents.values()) {
      // The cause of an incident may have turned out to be another than it opened over.
      if (this.#durable.incidents.get(before.id)?.rootFaultKey !== event.rootFaultKey) continue;
      if (before.id === event.incidentId) continue;
      const sinceMs = before.resolvedAt === null ? 0 : event.at - before.resolvedAt;
      if (sinceMs >= 0 && sinceMs <= REOPEN_WITHIN_MS)
        this.violations.push(`${event.incidentId} opened where ${before.id} was to re-open`);
    }
    if (event.acknowledgeBy !== model.acknowledgeBy)
      this.violations.push(`${event.incidentId} has a wrong deadline`);
    this.incidents.set(event.incidentId, model);
    this.#checkEvidence(event.evidence, event.tier);
  }

  /** The tier follows from the stored inputs alone. */
  #checkEvidence(evidence: GradingEvidence, tier: Tier): void {
    const [first] = evidence.matchedRuleIds;
    const rule = this.#rules.get(first ?? '');
    if (rule === undefined || rule.id !== evidence.ruleId || rule.tier !== tier)
      this.violations.push(`tier ${tier} does not follow from ${first} (${evidence.ruleId})`);
    for (const id of evidence.matchedRuleIds) {
      const { when } = this.#rules.get(id)!;
      // The tier itself moves with the decision that the evidence is for.
      const free = { ...when, currentTier: null };
      if (!conditionHolds(free, evidence.inputs)) this.violations.push(`${id} does not hold`);
    }
  }

  #queued(event: PageQueued): void {
    if (this.pages.has(event.pageId)) this.violations.push(`queued twice: ${event.pageId}`);
    this.pages.set(event.pageId, event);
    const model = this.incidents.get(event.incidentId)!;
    const recipient = `${event.personId} ${event.channelId}`;
    const slot = `${event.incidentId} e${event.episode} ${event.step} ${recipient}`;
    if (event.kind === 'resolved') this.#told.get(event.incidentId)?.delete(recipient);
    else {
      this.#pagedNow.add(`${event.incidentId} ${recipient}`);
      if (this.#slots.has(slot)) this.violations.push(`paged twice for one step: ${slot}`);
      this.#slots.add(slot);
      if (!model.isRunning) this.violations.push(`paged though no clock runs: ${slot}`);
      const told = this.#told.get(event.incidentId) ?? new Set();
      this.#told.set(event.incidentId, told.add(recipient));
    }
    if (event.facts.tier !== model.tier) this.violations.push(`page of another tier: ${slot}`);
  }

  #abandoned(event: Extract<DomainEvent, { type: 'page-abandoned' }>): void {
    const page = this.pages.get(event.pageId)!;
    if (event.at >= page.at && event.at < page.at + 59 * MINUTE)
      this.violations.push(`given up too early: ${event.pageId}`);
  }

  #cancelled(event: Extract<DomainEvent, { type: 'page-cancelled' }>): void {
    const model = this.incidents.get(event.incidentId)!;
    const fits =
      event.reason === 'replaced' ||
      (event.reason === 'acknowledged' ? model.isAcknowledged : model.resolvedAt !== null);
    if (!fits) this.violations.push(`cancelled without cause: ${event.pageId}`);
  }

  /** Everyone whom a step is for has a page of it, or another page of this moment tells them. */
  #checkRecipients({ incidentId, step, toldBy = [] }: StepTaken): void {
    const [kind, , index] = step.split(':');
    const wanted = new Set<string>();
    if (kind === 'step') {
      const person = STEP_PEOPLE[Number(index)]!;
      for (const channel of CHANNELS_OF[person]!) wanted.add(`${person} ${channel}`);
    } else for (const recipient of this.#told.get(incidentId) ?? []) wanted.add(recipient);
    for (const told of toldBy) wanted.delete(`${told.personId} ${told.channelId}`);
    for (const recipient of wanted) {
      if (this.#pagedNow.has(`${incidentId} ${recipient}`)) continue;
      this.violations.push(`${incidentId} ${step} pages ${recipient} nothing`);
    }
  }
}
