import { replay } from '../../alerting/apply.ts';
import { Engine } from '../../alerting/engine.ts';
import type { DomainEvent } from '../../alerting/events.ts';
import type { Command, CommandOutcome, Input } from '../../alerting/inputs.ts';
import { type EngineState, emptyState, type Incident, type Page } from '../../alerting/state.ts';
import { stateText } from '../../alerting/state-text.ts';
import type { Topology, TopologyDevice } from '../../alerting/topology.ts';
import type { Condition, Observation, Outcome } from '../../collector/observation.ts';
import { NO_FACTS } from '../../collector/observation.ts';
import type {
  EscalationStep,
  GradingCondition,
  GradingRule,
  Role,
  Tier,
} from '../../config/model.ts';
import { type LocalText, NO_TEXT, say } from '../../lib/local-text.ts';
import { type EpochMs, MINUTE, SECOND } from '../../lib/time.ts';

export const START: EpochMs = Date.UTC(2026, 10, 1, 0, 0, 0);

const ANYTHING: GradingCondition = {
  faultKinds: null,
  levels: null,
  roles: null,
  redundancy: null,
  siteRoles: null,
  devicesDown: null,
  coreDevicesDown: null,
  sitePercent: null,
  sitesDown: null,
  sitesPercent: null,
  customers: null,
  customersPercent: null,
  batteryMinutes: null,
  flapping: null,
  currentTier: null,
  anyOf: null,
};

export function rule(
  id: string,
  tier: Tier,
  when: Partial<GradingCondition>,
  forMs = 0,
): GradingRule {
  return { id, tier, when: { ...ANYTHING, ...when }, forMs };
}

export const RULES: readonly GradingRule[] = [
  rule('core-lost', 1, { faultKinds: ['device-down'], roles: ['core'], redundancy: ['none'] }),
  rule('battery-short', 1, {
    faultKinds: ['on-battery'],
    siteRoles: ['core'],
    batteryMinutes: { atLeast: null, atMost: 15 },
  }),
  rule('two-not-restored', 1, { currentTier: 2 }, 120 * MINUTE),
  rule('core-degraded', 2, { faultKinds: ['device-down'], roles: ['core'] }),
  rule('aggregation-lost', 2, {
    faultKinds: ['device-down', 'port-down'],
    roles: ['aggregation'],
    redundancy: ['none'],
  }),
  rule('battery', 2, { faultKinds: ['on-battery'], siteRoles: ['core'] }),
  rule('link-lost', 3, { faultKinds: ['port-down'], redundancy: ['degraded'] }),
  rule('blind', 4, { faultKinds: ['monitoring-blind'] }),
  rule('access-lost', 4, { faultKinds: ['device-down'] }, 30 * SECOND),
];

function device(
  id: string,
  role: Role,
  siteId: string,
  parents: readonly string[] = [],
): TopologyDevice {
  return {
    id,
    name: id,
    siteId,
    role,
    parents: parents.map((parent) => {
      const [deviceId, port] = parent.split(' ');
      return { deviceId: deviceId!, port: port ?? null };
    }),
    powerFeeds: [],
    tags: [],
    customers: role === 'access' ? 100 : 0,
    failuresToConfirm: 3,
    successesToClear: 2,
    staleAfterMs: 2 * MINUTE,
  };
}

function step(afterMs: number, ...personIds: string[]): EscalationStep {
  return { afterMs, personIds, channelIds: [] };
}

/** Two cores, an aggregation on one link with two access switches, one with two links, a UPS. */
export function topology(change: Partial<Topology> = {}): Topology {
  const steps = [step(0, 'first'), step(5 * MINUTE, 'second'), step(8 * MINUTE, 'lead')];
  const targets = (minutes: number) => ({
    acknowledgeWithinMs: minutes * MINUTE,
    reminderRatios: [0.5, 0.8],
    repeatEveryMs: null,
  });
  return {
    devices: [
      device('core-1', 'core', 'hq'),
      device('core-2', 'core', 'hq'),
      device('agg-1', 'aggregation', 'north', ['core-1 Te1']),
      device('acc-1', 'access', 'north', ['agg-1']),
      device('acc-2', 'access', 'north', ['agg-1']),
      device('agg-2', 'aggregation', 'south', ['core-1 Te2', 'core-2 Te2']),
      { ...device('ups-1', 'power', 'hq', ['core-2']) },
      { ...device('srv-1', 'server', 'hq', ['core-2']), powerFeeds: ['ups-1'] },
    ],
    sites: ['hq', 'north', 'south'].map((id) => ({ id, name: id, timeZone: 'UTC' })),
    redundancyGroups: [{ id: 'cores', name: 'cores', deviceIds: ['core-1', 'core-2'], need: 1 }],
    people: ['first', 'second', 'lead'].map((id) => ({
      id,
      name: id,
      language: 'en' as const,
      timeZone: 'UTC',
      channelIds: ['mail'],
    })),
    channels: [{ id: 'mail', kind: 'email' }],
    escalationPolicies: [
      { id: 'default', siteIds: [], steps: { 1: steps, 2: steps, 3: steps, 4: steps } },
    ],
    tiers: { 1: targets(15), 2: targets(15), 3: targets(30), 4: targets(60) },
    gradingRules: RULES,
    maintenanceWindows: [],
    flapping: { windowMs: 10 * MINUTE, enterAbove: 4, leaveBelow: 2 },
    targetPpm: 999_000,
    timeZone: 'UTC',
    ...change,
  };
}

/** The engine on a timeline: devices answer or not, parts fail, people act, time passes. */
export class Network {
  now: EpochMs = START;
  readonly events: DomainEvent[] = [];
  engine: Engine;
  readonly #silent = new Map<string, Outcome>();
  readonly #details = new Map<string, LocalText>();
  readonly #conditions = new Map<string, Condition[]>();
  readonly #deviceIds: string[];
  delivers = true;
  #runs = 0;
  #setBackMs = 0;

  constructor(topo: Topology = topology()) {
    this.engine = new Engine(emptyState());
    this.#deviceIds = topo.devices.map((each) => each.id);
    this.tick([
      { kind: 'started', version: 'test', runId: this.#nextRun() },
      { kind: 'topology', topology: topo },
    ]);
    this.pollAll();
  }

  get state(): EngineState {
    return this.engine.state;
  }

  tick(inputs: readonly Input[]): readonly CommandOutcome[] {
    const result = this.engine.tick(inputs, this.now, this.now + this.#setBackMs);
    this.events.push(...result.events);
    return result.commandOutcomes;
  }

  /** Someone sets the wall clock back, or ahead where `byMs` is negative; no time passes. */
  setClockBack(byMs: number): void {
    this.now -= byMs;
    this.#setBackMs += byMs;
  }

  silence(deviceId: string, outcome: Outcome = 'timeout', detail: LocalText = NO_TEXT): void {
    this.#silent.set(deviceId, outcome);
    this.#details.set(deviceId, detail);
  }

  restore(deviceId: string): void {
    this.#silent.delete(deviceId);
  }

  setConditions(deviceId: string, conditions: readonly Partial<Condition>[]): void {
    this.#conditions.set(
      deviceId,
      conditions.map((each) => ({
        component: 'part',
        kind: 'temperature',
        level: 'critical',
        text: say('too hot', '温度过高'),
        facts: NO_FACTS,
        ...each,
      })),
    );
  }

  /** Polls every device once; pages that wait are delivered afterwards. */
  pollAll(): void {
    this.tick([{ kind: 'lease' }]);
    for (const deviceId of this.#deviceIds) this.poll(deviceId);
    if (this.delivers) this.deliverAll();
  }

  poll(deviceId: string, kind: Observation['kind'] = 'full'): void {
    const outcome = this.#silent.get(deviceId) ?? 'ok';
    const observation: Observation = {
      deviceId,
      kind,
      outcome,
      detail: outcome === 'ok' ? NO_TEXT : (this.#details.get(deviceId) ?? NO_TEXT),
      startedAt: this.now,
      finishedAt: this.now,
      rttMs: outcome === 'ok' ? 1 : null,
      sysUpTimeTicks: null,
      conditions:
        outcome === 'ok' && kind === 'full' ? (this.#conditions.get(deviceId) ?? []) : null,
      unreadComponents: [],
    };
    this.tick([{ kind: 'observation', observation }]);
  }

  /** Lets time pass, polling everything every ten seconds. */
  run(durationMs: number): void {
    const until = this.now + durationMs;
    while (this.now < until) {
      this.now = Math.min(until, this.now + 10 * SECOND);
      this.pollAll();
    }
  }

  deliverAll(): void {
    for (const page of this.pages()) {
      if (page.status === 'queued') this.deliver(page);
    }
  }

  deliver(page: Page): void {
    this.tick([
      {
        kind: 'delivery',
        delivery: { pageId: page.id, attempt: page.attempts + 1, result: 'sent', receipt: 'ok' },
      },
    ]);
  }

  command(command: Command): CommandOutcome {
    return this.tick([{ kind: 'command', command }])[0]!;
  }

  acknowledge(incidentId: string, by = 'first'): CommandOutcome {
    return this.command({ type: 'acknowledge', incidentId, by, via: 'test' });
  }

  /** Stops the service; of these pages the try has not ended. */
  stop(unreportedPageIds: readonly string[] = []): void {
    this.tick([{ kind: 'stopping', unreportedPageIds }]);
  }

  /** Kills the process and starts it again from its journal. */
  restart(topo: Topology = topology()): void {
    this.engine = new Engine(replay(this.events));
    this.tick([
      { kind: 'started', version: 'test', runId: this.#nextRun() },
      { kind: 'topology', topology: topo },
    ]);
  }

  #nextRun(): string {
    this.#runs += 1;
    return `run-${this.#runs}`;
  }

  incidents(): readonly Incident[] {
    return [...this.state.incidents.values()];
  }

  pages(): readonly Page[] {
    return [...this.state.pages.values()];
  }

  /** `first opened`, `second escalated` … in the order queued. */
  pageList(): readonly string[] {
    return this.pages().map((page) => `${page.personId} ${page.kind}`);
  }

  eventsOf<Type extends DomainEvent['type']>(type: Type): Extract<DomainEvent, { type: Type }>[] {
    return this.events.filter((event) => event.type === type) as never;
  }

  replayedText(): string {
    return stateText(replay(this.events));
  }

  liveText(): string {
    return stateText(this.state);
  }
}
