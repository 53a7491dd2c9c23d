import type { DomainEvent } from '../../alerting/events.ts';
import { DAY, type DurationMs, type EpochMs, HOUR, MINUTE, SECOND } from '../../lib/time.ts';
import { Agenda } from './agenda.ts';
import { Chance } from './chance.ts';
import { Checker } from './checker.ts';
import { Disturbances } from './disturbances.ts';
import { KeylessPages } from './keyless-pages.ts';
import { NetworkTruth, type Trouble } from './network-truth.ts';
import { PeopleActs } from './people-acts.ts';
import { drawDuration, drawPlan, drawTrouble, type Plan, type SeedResult } from './plan.ts';
import { Polls } from './polls.ts';
import { PowerPromises } from './power-promises.ts';
import { fallbacksMissing, outagesNotKnown, pagesNotSent, toldInPart } from './promises.ts';
import { Providers } from './providers.ts';
import { isAtRest, nextTryAt, whatIsOpen } from './rest.ts';
import { SimClock } from './sim-clock.ts';
import { simConfig, simTopology } from './sim-config.ts';
import { withFeeds } from './sim-feeds.ts';
import { plainText, SimJournal } from './sim-journal.ts';
import { SimSnapshots } from './sim-snapshots.ts';
import { type SimulatedService, startSimulated } from './simulated-service.ts';
import { playsTurns, Turns } from './turns.ts';

/** After this with all well, everything must have come to rest. */
const REST_WITHIN_MS = 3 * HOUR;
const LONGEST_NIGHT_MS = 10 * HOUR;
const SETTLED_MS = 6 * MINUTE;
/** A seed that takes more is caught in a loop. */
const MOST_STEPS = 20_000;
const LEASE_GAP_MS = 30 * SECOND;
const TOPOLOGY = simTopology();
const CONFIG = simConfig();

/** One seed: the real engine, sender and channels in a world that misbehaves as the seed says. */
export class Simulation {
  readonly #chance: Chance;
  readonly #plan: Plan;
  readonly #seed: number;
  readonly #clock: SimClock;
  readonly #journal: SimJournal;
  readonly #snapshots: SimSnapshots;
  readonly #providers: Providers;
  readonly #checker: Checker;
  readonly #truth: NetworkTruth;
  readonly #power: PowerPromises;
  /** On the clock that nobody sets, as all instants here. */
  readonly #began = new Map<Trouble, DurationMs>();
  readonly #keyless: KeylessPages;
  readonly #agenda: Agenda;
  readonly #disturbances: Disturbances;
  readonly #polls: Polls;
  readonly #turns: Turns;
  readonly #people: PeopleActs;
  #owner: object = {};
  #service!: SimulatedService;
  #isHealing = false;
  #isLast = false;
  #isRefused = false;
  #isKilled = false;
  #isInStep = false;
  #recent: DomainEvent[] = [];
  readonly #own: string[] = [];
  #steps = 0;
  #kills = 0;

  constructor(seed: number, days: number) {
    this.#seed = seed;
    this.#chance = new Chance(seed);
    this.#plan = drawPlan(this.#chance, days);
    const base = withFeeds(TOPOLOGY, this.#plan.feeding);
    this.#truth = new NetworkTruth(base.devices);
    this.#power = new PowerPromises(this.#truth);
    this.#clock = new SimClock(this.#plan.startsAt, playsTurns(seed));
    this.#journal = new SimJournal(this.#clock, () => this.#chance.between(20, 900));
    this.#snapshots = new SimSnapshots(this.#journal, seed);
    this.#providers = new Providers(this.#clock, this.#chance);
    this.#checker = new Checker(TOPOLOGY.gradingRules, this.#journal.shadow);
    this.#keyless = new KeylessPages(this.#providers, this.#checker);
    this.#agenda = new Agenda(this.#clock);
    this.#disturbances = new Disturbances({
      ...{ chance: this.#chance, plan: this.#plan, clock: this.#clock },
      ...{ checker: this.#checker, power: this.#power },
    });
    this.#turns = new Turns(seed, this.#plan);
    const service = () => this.#service;
    this.#polls = new Polls({
      ...{ chance: this.#chance, plan: this.#plan, truth: this.#truth, agenda: this.#agenda },
      ...{ clock: this.#clock, service },
    });
    this.#people = new PeopleActs({
      ...{ chance: this.#chance, plan: this.#plan, agenda: this.#agenda, checker: this.#checker },
      ...{ service, now: () => this.#clock.now(), base },
    });
    this.#wire();
  }

  async run(): Promise<SeedResult> {
    this.#start();
    await this.#clock.settle();
    await this.#step(0);
    for (let index = 0; index < this.#plan.troubles && this.#violations.length === 0; index++) {
      if (index > 0) await this.#skipQuietTime();
      this.#planTroubles();
      await this.#untilRest();
    }
    // Whoever sleeps is told in the morning.
    this.#isLast = true;
    if (this.#violations.length === 0) await this.#untilRest();
    if (this.#violations.length === 0)
      this.#own.push(...toldInPart(this.#providers, this.#checker));
    return {
      seed: this.#seed,
      plan: this.#plan,
      days: (this.#clock.monotonicMs() / DAY) | 0,
      steps: this.#steps,
      incidents: this.#checker.incidentCount,
      pages: this.#checker.pages.size,
      kills: this.#kills,
      violations: this.#violations,
      journalEnd: this.#violations.length === 0 ? [] : this.#journal.texts.slice(-60),
    };
  }

  get #violations(): readonly string[] {
    return [
      ...this.#checker.violations,
      ...this.#providers.violations,
      ...this.#power.violations,
      ...this.#own,
    ];
  }

  get #elapsedMs(): number {
    return this.#clock.monotonicMs();
  }

  get #now(): EpochMs {
    return this.#clock.now();
  }

  #wire(): void {
    const { providerLies } = this.#plan;
    this.#clock.betweenTurns = () => this.#betweenTurns();
    this.#providers.isDurable = (key) => this.#journal.pageIds.has(key);
    this.#providers.heldUntil = (key) => this.#checker.heldUntil(key);
    this.#providers.act = () => {
      const lies = !this.#isHealing && providerLies.length > 0 && this.#chance.sometimes(0.4);
      return lies ? this.#chance.oneOf(providerLies) : 'deliver';
    };
    this.#journal.fate = () => {
      if (this.#isHealing) return 'quick';
      if (this.#plan.brokenJournal && this.#chance.sometimes(0.01)) {
        this.#isRefused = true;
        return this.#chance.sometimes(0.5) ? 'refused' : 'written-and-refused';
      }
      return this.#plan.slowJournal && this.#chance.sometimes(0.3) ? 'slow' : 'quick';
    };
    this.#journal.onDurable = (events) => {
      this.#checker.take(events);
      this.#power.take(events);
      this.#recent.push(...events);
      for (const event of events) {
        const isSplit = event.type === 'member-removed' && event.reason === 'split-off';
        if (isSplit) this.#disturbances.lastMs = this.#elapsedMs;
        this.#keyless.take(event);
      }
    };
  }

  #start(): void {
    const owner = {};
    this.#owner = owner;
    const before = plainText(this.#journal.shadow);
    const world = {
      clock: this.#clock.ownedBy(owner),
      random: this.#chance.random,
      http: this.#providers.clientFor(owner),
      mail: this.#providers.mailFor(owner),
      journal: this.#journal.openFor(owner),
    };
    this.#recent = [];
    this.#checker.starts();
    const start = this.#snapshots.start();
    const perTick = this.#turns.drawIncidentsPerTick();
    this.#service = startSimulated(world, this.#people.topology, CONFIG, start, perTick);
    if (plainText(this.#service.engine.state) !== before)
      this.#own.push('a replay gives another state than the journal had');
    this.#disturbances.starts();
  }

  #kill(): void {
    this.#kills += 1;
    this.#clock.forget(this.#owner);
    this.#journal.afterKill(this.#owner, this.#chance.sometimes(0.5));
    this.#providers.afterKill(this.#owner, this.#checker.waitingPageIds());
  }

  #planTroubles(): void {
    const count = this.#chance.sometimes(0.35) ? this.#chance.between(2, 3) : 1;
    let at = this.#now + this.#chance.between(0, 3 * MINUTE);
    for (let index = 0; index < count; index++) {
      const until = at + drawDuration(this.#chance);
      const trouble = drawTrouble(this.#chance, this.#truth, at);
      this.#plansTrouble(trouble, at, until);
      this.#people.planAround(trouble.deviceId, at);
      at += this.#chance.between(0, 12 * MINUTE);
      // It comes back soon after it went, and the incident opens again.
      if (!this.#chance.sometimes(0.2)) continue;
      const again = until + this.#chance.between(MINUTE, 15 * MINUTE);
      this.#plansTrouble(trouble, again, again + drawDuration(this.#chance));
    }
  }

  #plansTrouble(trouble: Trouble, at: EpochMs, until: EpochMs): void {
    this.#agenda.plan(at, () => {
      this.#truth.troubles.add(trouble);
      this.#began.set(trouble, this.#elapsedMs);
      this.#power.began(trouble, this.#elapsedMs, this.#now);
    });
    this.#agenda.plan(until, () => {
      this.#truth.troubles.delete(trouble);
      this.#power.ended(this.#elapsedMs);
    });
  }

  /** Until all that was planned has happened and nothing is open or waiting. */
  async #untilRest(): Promise<void> {
    let endMs = this.#elapsedMs + REST_WITHIN_MS + LONGEST_NIGHT_MS;
    while (this.#violations.length === 0) {
      const wasHealing = this.#isHealing;
      this.#isHealing = this.#agenda.isEmpty;
      if (this.#isHealing && !wasHealing) this.#disturbances.lastMs = this.#elapsedMs;
      if (!this.#isHealing) endMs = this.#agenda.endMs + REST_WITHIN_MS;
      const { state } = this.#service.engine;
      // Whoever may still get a message is waited for at the end.
      const isOver = !this.#isLast || !Number.isFinite(this.#clock.untilArrivalMs());
      const isQuiet = this.#isHealing && !this.#journal.isAppending && isOver;
      if (isQuiet && isAtRest(state, this.#now, this.#isLast)) return;
      if (this.#elapsedMs > endMs || this.#steps > MOST_STEPS) {
        this.#own.push(`did not come to rest: ${whatIsOpen(state)}`);
        return;
      }
      await this.#step(this.#timeToNext());
    }
  }

  #timeToNext(): DurationMs {
    const now = this.#now;
    let inMs = this.#polls.nextMs - this.#elapsedMs;
    inMs = Math.min(inMs, this.#checker.nextDueAt(now) - now, this.#clock.untilArrivalMs());
    inMs = Math.min(inMs, nextTryAt(this.#service.engine.state, now) - now);
    return Math.max(1, this.#agenda.timeToNext(inMs));
  }

  /** What comes in, or ends the process, while it has only half of what is due behind it. */
  #betweenTurns(): void {
    if (!this.#isInStep || this.#isKilled || this.#isHealing) return;
    const drawn = this.#turns.draw(this.#truth.deviceIds);
    if (drawn === 'kill') {
      this.#kill();
      this.#isKilled = true;
    } else if (drawn !== null) this.#polls.pollOne(drawn.polled);
  }

  async #step(byMs: DurationMs): Promise<void> {
    this.#isInStep = true;
    await this.#act(byMs);
    this.#isInStep = false;
    if (this.#isKilled) await this.#restart();
  }

  async #act(byMs: DurationMs): Promise<void> {
    this.#steps += 1;
    const stallMs = this.#isHealing ? 0 : this.#disturbances.drawStall();
    const wasKnown = this.#journal.knowsAnyDevice;
    this.#recent = [];
    this.#clock.advance(byMs + stallMs);
    this.#agenda.act(true);
    await this.#clock.fire();
    this.#agenda.act(false);
    if (this.#isKilled) return;
    if (this.#elapsedMs >= this.#polls.nextMs) this.#polls.pollAll(this.#isHealing);
    if (this.#drawsKill() && this.#chance.sometimes(0.5)) return this.#restart();
    await this.#clock.settle();
    await this.#finishAppends();
    if (this.#isKilled) return;
    this.#snapshots.step();
    if (this.#service.hasFailed()) {
      if (!this.#isRefused) this.#own.push('the engine stopped of its own accord');
      this.#isRefused = false;
      return this.#restart();
    }
    if (stallMs > LEASE_GAP_MS) this.#checkBlindTime('a stall', wasKnown);
    if (this.#drawsKill()) return this.#restart();
    this.#check();
    this.#people.planAcknowledgements();
  }

  #drawsKill(): boolean {
    return !this.#isHealing && this.#disturbances.drawsKill();
  }

  async #restart(): Promise<void> {
    this.#isInStep = false;
    if (!this.#isKilled) this.#kill();
    this.#isKilled = false;
    const wasKnown = this.#journal.knowsAnyDevice;
    await this.#clock.settle();
    const downMs = this.#chance.sometimes(0.2)
      ? this.#chance.between(1, 40) * MINUTE
      : this.#chance.between(0, 20) * SECOND;
    this.#clock.advance(downMs);
    this.#agenda.act(false);
    this.#start();
    this.#polls.begin();
    await this.#clock.fire();
    await this.#clock.settle();
    await this.#finishAppends();
    if (!this.#service.hasFailed()) this.#checkBlindTime('a restart', wasKnown);
  }

  async #finishAppends(): Promise<void> {
    for (let turn = 0; this.#journal.isAppending && turn < 100; turn++) {
      this.#clock.advance(1000);
      await this.#clock.fire();
      await this.#clock.settle();
    }
  }

  #check(): void {
    const { engine } = this.#service;
    if (this.#clock.timersOf(this.#owner) < 2) this.#own.push('nothing is planned any more');
    // It looks at the clock once a second, and one look may fall into an append.
    if (this.#elapsedMs - this.#disturbances.steppedMs >= 2 * SECOND)
      this.#checker.atRest(engine.state, this.#now);
    if (this.#steps % 128 === 0 && plainText(engine.state) !== plainText(this.#journal.shadow))
      this.#own.push('the live state is not what the journal gives');
    if (this.#keyless.chatSent > this.#providers.chatMessages)
      this.#own.push('a message counts as sent that the robot refused');
    if (this.#elapsedMs - this.#disturbances.lastMs < SETTLED_MS) return;
    const { state } = engine;
    const isHonest = this.#plan.providerLies.length === 0 || this.#isHealing;
    if (isHonest) this.#own.push(...pagesNotSent(state, this.#now, SETTLED_MS));
    this.#own.push(...fallbacksMissing(state, this.#now));
    if (this.#plan.lateObservations) return;
    const wasPlanned = (id: string) =>
      this.#people.wasInMaintenance(id, this.#now - SETTLED_MS, this.#now);
    this.#power.check(state, this.#elapsedMs, SETTLED_MS, wasPlanned);
    const longDead = [...this.#truth.troubles]
      .filter((each) => this.#elapsedMs - this.#began.get(each)! >= SETTLED_MS)
      .flatMap((each) => this.#truth.deadBy(each))
      .filter((id) => !wasPlanned(id));
    this.#own.push(...outagesNotKnown(state, longDead, this.#now - SETTLED_MS));
  }

  /** Nobody looked: what was known of any device counts no longer. */
  #checkBlindTime(what: string, wasKnown: boolean): void {
    const lost = this.#recent.some((it) => it.type === 'health-changed' && it.to === 'unknown');
    if (!lost && wasKnown) this.#own.push(`devices stay known through ${what}`);
  }

  /**
   * Days in which all is well and every look gives the same: jumped over. In most of them the
   * service is at work and killed at the end, in some it is stopped, in some it stands still.
   */
  async #skipQuietTime(): Promise<void> {
    const { days, troubles } = this.#plan;
    const ms = Math.round((this.#chance.between(50, 150) * days * DAY) / (100 * troubles));
    const draw = this.#chance.random.next();
    if (draw < 0.2) {
      this.#clock.advance(ms);
      this.#polls.begin();
      this.#disturbances.lastMs = this.#elapsedMs;
      return;
    }
    if (draw > 0.4) {
      // It lives on through the quiet days, so that what is under way comes to its end.
      while (Number.isFinite(this.#clock.untilArrivalMs())) await this.#step(this.#timeToNext());
      this.#journal.store([{ type: 'lease-renewed', at: this.#now + ms - SECOND }]);
    }
    this.#kill();
    await this.#clock.settle();
    this.#clock.advance(ms);
    this.#start();
    this.#polls.begin();
    await this.#clock.settle();
  }
}

/** Plays one seed over about so many days. */
export function playSeed(seed: number, days: number): Promise<SeedResult> {
  return new Simulation(seed, days).run();
}
