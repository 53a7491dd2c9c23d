import type { DomainEvent, GradingEvidence } from '../../alerting/events.ts';
import { conditionHolds } from '../../alerting/grading.ts';
import type { EngineState } from '../../alerting/state.ts';
import type { GradingRule, Tier } from '../../config/model.ts';
import { type DurationMs, type EpochMs, HOUR, MINUTE, SECOND } from '../../lib/time.ts';
import { AnswerModel } from './answer-model.ts';
import { ClockModel } from './clock-model.ts';
import { DutyModel } from './duty-model.ts';
import { PeopleModel } from './people-model.ts';
import { toldOfThePast } from './promises.ts';
import { ReportModel } from './report-model.ts';
import { isRotated, lastRepeatOn, peopleOf } from './rotation.ts';
import { SilenceModel } from './silence-model.ts';
import { CHANNELS_OF, CHANNELS_OF_STEP, DELIVERY, READ_BY_PEOPLE } from './sim-config.ts';

const REOPEN_WITHIN_MS = 30 * MINUTE;
/** A step of the clock is seen within a second, and a try that began before it is over then. */
const UNSEEN_MS = 10 * SECOND;
/** Between the look that lets a message go and its receipt. */
const TRY_MS = 10 * SECOND;
const PERMANENT = new Set(['resolved', 'duty-due', 'duty-overdue']);

type PageQueued = Extract<DomainEvent, { type: 'page-queued' }>;
type StepTaken = Extract<DomainEvent, { type: 'clock-step-taken' }>;

/** Kinds that bring an incident, or how bad it has become, to someone for the first time. */
const FIRST_NEWS = new Set(['opened', 'escalated', 'upgraded', 'reopened']);

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
  readonly people = new PeopleModel();
  readonly reports = new ReportModel();
  readonly #answers = new AnswerModel();
  readonly #duties = new DutyModel();
  readonly #silences = new SilenceModel();
  /** When people got pages that their limit is for. */
  readonly #limited = new Map<string, EpochMs[]>();
  /** By how much the wall clock was set since the last step on record, or since the last start. */
  #setByMs: DurationMs = 0;
  #lastAt: EpochMs = 0;
  /** By how much the clock was set back after a page was queued. */
  readonly #setBackMs = new Map<string, DurationMs>();
  /** Person and channel: when the last message went out. */
  readonly #lastSent = new Map<string, EpochMs>();
  #steppedAt = Number.NEGATIVE_INFINITY;
  /** Whether planned work covers a device. */
  isInMaintenance: (deviceId: string, at: EpochMs) => boolean = () => false;
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

  /** Until when a page is held for the night; a clock set back by more than an hour makes none longer. */
  heldUntil(pageId: string): EpochMs | null {
    if ((this.#setBackMs.get(pageId) ?? 0) > HOUR) return null;
    return this.pages.get(pageId)?.notBefore ?? null;
  }

  /** Pages that are not known to have arrived, or to be given up. */
  waitingPageIds(): readonly string[] {
    return [...this.#durable.pages.values()]
      .filter(({ status }) => status === 'queued' || status === 'cancelled')
      .map(({ id }) => id);
  }

  /** Somebody sets the wall clock of the machine. */
  clockIsSet(byMs: DurationMs): void {
    this.#setByMs += byMs;
  }

  /** A process starts: of the clock before it, it knows only what is on record. */
  starts(): void {
    this.#setByMs = 0;
  }

  /** What must hold at rest, after every step. `now` is the service's clock, which had time to act. */
  atRest(state: EngineState, now: EpochMs): void {
    if (Math.abs(this.#setByMs) >= SECOND)
      this.violations.push(`the clock was set by ${this.#setByMs} ms, and that is not on record`);
    this.violations.push(...this.reports.overdue(now), ...toldOfThePast(state));
    this.violations.push(...this.#duties.overdue(now));
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
    let next = Math.min(this.#silences.nextAt(now), this.reports.nextAt(now));
    next = Math.min(next, this.#duties.nextAt(now));
    for (const model of this.incidents.values()) next = Math.min(next, model.nextAt(now) ?? next);
    return next;
  }

  #takeOne(event: DomainEvent): void {
    if (event.type === 'clock-stepped') this.#stepped(event);
    this.#lastAt = event.at;
    this.people.take(event);
    this.#silences.take(event);
    this.violations.push(...this.reports.take(event), ...this.#duties.take(event));
    if (event.type === 'incident-opened') this.#opened(event);
    else if ('incidentId' in event && !('reportId' in event)) {
      const model = this.incidents.get(event.incidentId);
      if (model === undefined) this.violations.push(`${event.type} of no incident`);
      else {
        const isAsked = (person: string) => this.#isAsked(model.id, person, event.at);
        this.violations.push(...this.#answers.take(event, model, isAsked), ...model.take(event));
      }
    }
    if (event.type === 'incident-graded') this.#checkEvidence(event.evidence, event.to);
    if (event.type === 'incident-reopened') this.#checkEvidence(event.evidence!, event.tier!);
    if (event.type === 'clock-step-taken') {
      this.#waiting.push(event);
      this.#checkLost(event);
    }
    if (event.type === 'page-queued') this.#queued(event);
    if (event.type === 'page-sent') this.#sent(event);
    if (event.type === 'page-abandoned') this.#abandoned(event);
    if (event.type === 'page-cancelled') this.#cancelled(event);
  }

  /** A step is brought forward only over one that nobody has got, and nobody may get in a moment. */
  #checkLost({ incidentId, episode, step, afterLost }: StepTaken): void {
    if (afterLost === undefined) return;
    const pages = [...this.#durable.pages.values()].filter(
      (page) =>
        page.incidentId === incidentId && page.episode === episode && page.step === afterLost,
    );
    const hopeful = pages.filter(
      ({ status, refusedAt, confirmation }) =>
        (status === 'sent' && confirmation?.status !== 'failed') ||
        (status === 'queued' && refusedAt === undefined),
    );
    if (pages.length === 0 || hopeful.length > 0)
      this.violations.push(`${incidentId} took ${step} before its time over ${afterLost}`);
  }

  /** A step is that of the wall clock against elapsed time; at a start, back behind the last record. */
  #stepped({ at, byMs, cause }: Extract<DomainEvent, { type: 'clock-stepped' }>): void {
    const expected = cause === 'set' ? this.#setByMs : at - this.#lastAt;
    if (byMs !== expected || (cause === 'restart' && byMs >= 0))
      this.violations.push(`a step of ${byMs} ms (${cause}), expected ${expected}`);
    this.#setByMs = 0;
    this.#steppedAt = at;
    for (const model of this.incidents.values()) model.shift(byMs);
    this.reports.shift(byMs);
    this.#duties.shift(byMs);
    for (const [id, page] of this.pages) {
      this.pages.set(id, { ...page, at: page.at + byMs });
      this.#setBackMs.set(id, (this.#setBackMs.get(id) ?? 0) - byMs);
    }
    for (const [who, sentAt] of this.#lastSent) this.#lastSent.set(who, sentAt + byMs);
    for (const [person, instants] of this.#limited)
      this.#limited.set(
        person,
        instants.map((each) => each + byMs),
      );
  }

  #opened(event: Extract<DomainEvent, { type: 'incident-opened' }>): void {
    this.incidentCount += 1;
    const openedOver = event.rootFaultKey.split('/')[0]!;
    const model = new ClockModel(event, {
      isHidden: ({ id, tier }, at) => {
        const root = this.#durable.incidents.get(id)?.rootDeviceId ?? openedOver;
        return this.#silences.hides(root, tier, at);
      },
      isHeard: (tier, step, at) =>
        this.people
          .peopleOfStep(step, at)
          .some((person) => tier <= 2 || !this.people.isAsleep(person, at)),
    });
    if (this.isInMaintenance(openedOver, event.at) && !this.#cutsOffMore(openedOver, event.at))
      this.violations.push(`${event.incidentId} opened in maintenance`);
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

  #isAsked(incidentId: string, personId: string, at: EpochMs): boolean {
    if (CHANNELS_OF_STEP.some((_, step) => this.people.peopleOfStep(step, at).includes(personId)))
      return true;
    return [...this.pages.values()].some(
      (page) => page.incidentId === incidentId && page.personId === personId,
    );
  }

  /** Whether a device that no planned work declares is unreachable behind this one. */
  #cutsOffMore(deviceId: string, at: EpochMs): boolean {
    const { devices, topology } = this.#durable;
    const behind = (id: string): boolean => {
      const parents = topology!.devices.find((device) => device.id === id)?.parents ?? [];
      return parents.some((parent) => parent.deviceId === deviceId || behind(parent.deviceId));
    };
    return [...devices].some(
      ([id, { health }]) => health === 'unreachable' && !this.isInMaintenance(id, at) && behind(id),
    );
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
    // Of the start and the end a duty says nothing.
    if (event.kind === 'duty-due' || event.kind === 'duty-overdue') return;
    if (event.kind === 'resolved') this.#told.get(event.incidentId)?.delete(recipient);
    else {
      this.#pagedNow.add(`${event.incidentId} ${recipient}`);
      if (this.#slots.has(slot)) this.violations.push(`paged twice for one step: ${slot}`);
      this.#slots.add(slot);
      if (!model.isRunning) this.violations.push(`paged though no clock runs: ${slot}`);
      this.#checkInsteadOf(event);
      this.#checkSleep(event);
      const told = this.#told.get(event.incidentId) ?? new Set();
      this.#told.set(event.incidentId, told.add(recipient));
    }
    if (event.facts.tier !== model.tier) this.violations.push(`page of another tier: ${slot}`);
  }

  /** A page on another channel stands for one that was late, refused or given up, of the same step and person. */
  #checkInsteadOf(event: PageQueued): void {
    if (event.insteadOf === undefined) return;
    const first = this.pages.get(event.insteadOf);
    const isSame = first?.step === event.step && first.personId === event.personId;
    const { status, refusedAt } = this.#durable.pages.get(event.insteadOf) ?? {};
    const isLate = event.at < first!.at || event.at - first!.at >= DELIVERY.fallbackAfterMs;
    if (!isSame || (!isLate && status === 'queued' && refusedAt === undefined))
      this.violations.push(`another channel for no reason: ${event.pageId}`);
  }

  /** Who sleeps is paged in the morning, of tiers 1 and 2 at once. */
  #checkSleep({ pageId, personId, facts, at, notBefore }: PageQueued): void {
    const mustWait = facts.tier > 2 && this.people.isAsleep(personId, at);
    if (mustWait !== (notBefore !== undefined))
      this.violations.push(`${mustWait ? 'wakes' : 'waits for'} ${personId}: ${pageId}`);
    if (notBefore !== undefined && !this.people.wakesAt(personId, notBefore))
      this.violations.push(`does not come in the morning: ${pageId}`);
  }

  /** What goes out as one message disturbs once. */
  #sent({ pageId, at, inSummary }: Extract<DomainEvent, { type: 'page-sent' }>): void {
    if (inSummary !== undefined && inSummary !== pageId) return;
    const { personId, channelId, kind, facts, urgent } = this.pages.get(pageId)!;
    if (!READ_BY_PEOPLE.has(channelId)) return;
    const who = `${personId} ${channelId}`;
    const lastAt = this.#lastSent.get(who) ?? Number.NEGATIVE_INFINITY;
    this.#lastSent.set(who, at);
    if (facts.tier <= 2 && FIRST_NEWS.has(kind)) return;
    const before = this.#limited.get(personId) ?? [];
    const lately = before.filter((each) => at - each < DELIVERY.mostPagesWithinMs);
    // What is sent in the second before the engine sees a step is counted by the clock before it.
    const isJustSet = at >= this.#steppedAt && at - this.#steppedAt <= UNSEEN_MS;
    // What cannot wait goes out once a minute, however many came before it.
    const isPressing = urgent && (facts.tier <= 2 || kind === 'breached');
    const maySqueezeIn = isPressing && at - lastAt >= MINUTE - TRY_MS;
    if (lately.length >= DELIVERY.mostPages && !isJustSet && !maySqueezeIn)
      this.violations.push(`too many pages to ${personId}`);
    this.#limited.set(personId, [...lately, at]);
  }

  #abandoned(event: Extract<DomainEvent, { type: 'page-abandoned' }>): void {
    const page = this.pages.get(event.pageId)!;
    // Mail alone is refused for good.
    if (page.channelId === 'mail' && page.kind !== 'resolved') return;
    // From when it was queued, or from the start of the service that it outlived.
    const since = Math.max(page.at, this.#durable.startedAt ?? page.at);
    if (event.at >= page.at && event.at < since + 59 * MINUTE)
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
  #checkRecipients({ incidentId, step, toldBy = [], silencedBy, at }: StepTaken): void {
    if (silencedBy !== undefined) return;
    const [kind, , index] = step.split(':');
    const model = this.incidents.get(incidentId)!;
    const told = kind === 'again' ? this.#toldMilder(model) : this.#told.get(incidentId);
    if (kind === 'repeat' && model.tier === 1) {
      // Whom another page of this moment tells is told.
      const covered = new Set(toldBy.map(({ personId }) => personId));
      this.#checkRotation(incidentId, step, peopleOf(told).difference(covered));
      return;
    }
    const wanted = new Set(kind === 'step' ? [] : told);
    const steps = kind === 'step' ? [Number(index)] : [];
    if (kind === 'breach') steps.push(...CHANNELS_OF_STEP.keys());
    if (kind === 'after-silence') steps.push(...model.takenSteps());
    for (const each of steps)
      for (const recipient of this.#recipientsOf(each, at)) wanted.add(recipient);
    for (const { personId, channelId } of toldBy) wanted.delete(`${personId} ${channelId}`);
    for (const recipient of wanted) {
      if (this.#pagedNow.has(`${incidentId} ${recipient}`)) continue;
      const [personId] = recipient.split(' ');
      // What waits for the morning says as much.
      if (model.tier > 2 && this.people.isAsleep(personId!, at)) continue;
      this.violations.push(`${incidentId} ${step} pages ${recipient} nothing`);
    }
  }

  /** Of tier 1, everyone told so far is told again, each on another channel than the time before. */
  #checkRotation(incidentId: string, step: string, people: ReadonlySet<string>): void {
    const { episode } = this.incidents.get(incidentId)!;
    for (const personId of people) {
      const channels = CHANNELS_OF[personId] ?? [];
      const now = channels.filter((id) => this.#pagedNow.has(`${incidentId} ${personId} ${id}`));
      const last = lastRepeatOn(this.pages.values(), { incidentId, episode, personId, step });
      if (!isRotated(channels, now, last))
        this.violations.push(`${incidentId} ${step} tells ${personId} by ${now}, as before`);
    }
  }

  /** Whose last page before now names a milder tier than the incident has. */
  #toldMilder({ id, tier }: ClockModel): readonly string[] {
    const last = new Map<string, Tier>();
    for (const { pageId, incidentId, personId, channelId, facts } of this.pages.values()) {
      if (incidentId !== id || this.#durable.pages.get(pageId)?.status === 'cancelled') continue;
      last.set(`${personId} ${channelId}`, facts.tier);
    }
    const told = this.#told.get(id) ?? new Set();
    return [...last].flatMap(([who, named]) => (named > tier && told.has(who) ? [who] : []));
  }

  #recipientsOf(step: number, at: EpochMs): readonly string[] {
    const allowed = CHANNELS_OF_STEP[step]!;
    return this.people
      .peopleOfStep(step, at)
      .flatMap((person) =>
        CHANNELS_OF[person]!.filter(
          (channel) => allowed.length === 0 || allowed.includes(channel),
        ).map((channel) => `${person} ${channel}`),
      );
  }
}
