import { apply } from '../../alerting/apply.ts';
import type { InboxMessage } from '../../alerting/channels/inbox.ts';
import type { EngineHost } from '../../alerting/engine-host.ts';
import { type DomainEvent, type Health, subjectOf } from '../../alerting/events.ts';
import type { Command, CommandOutcome } from '../../alerting/inputs.ts';
import { type EngineState, emptyState } from '../../alerting/state.ts';
import type { ApiDeps, LabControl, LabFailure, ReloadOutcome } from '../../api/deps.ts';
import type { Config } from '../../config/model.ts';
import type { Clock } from '../../lib/clock.ts';
import { systemHttpClient } from '../../lib/http-client.ts';
import type { JournalEntry } from '../../lib/journal.ts';
import { silentLogger } from '../../lib/logger.ts';
import { createMemoryJournal } from '../../storage/memory-journal.ts';
import { fakeCollector } from './fake-collector.ts';
import { fakeConfig } from './fake-config.ts';

/** Of nobody's chain in this fake. */
export const OUTSIDER = 'outsider';

/** Everything the API needs, held in memory and open to the test's hands. */
export interface FakeService {
  readonly deps: ApiDeps;
  readonly state: EngineState;
  config: Config;
  readiness: { ready: boolean; reasons: string[] };
  reloadOutcome: ReloadOutcome;
  readonly inbox: InboxMessage[];
  readonly commands: Command[];
  readonly labLog: string[];
  /** Puts events into the journal and tells the subscribers; the state is the test's own business. */
  record(...events: DomainEvent[]): Promise<readonly JournalEntry<DomainEvent>[]>;
  /** Tells the subscribers of entries once more, as an engine does that publishes late. */
  republish(entries: readonly JournalEntry<DomainEvent>[]): void;
  setHealth(deviceId: string, health: Health, since: number): void;
}

const LAB_FAILURES: readonly Omit<LabFailure, 'active'>[] = [
  { deviceId: 'agg-harbour', part: null },
  { deviceId: 'core-1', part: 'Te1/1' },
  { deviceId: 'ups-hill', part: 'mains' },
];

/** A demo network that only writes down what is asked of it. */
function createFakeLab(getConfig: () => Config, labLog: string[]): LabControl {
  const broken = new Set<string>();
  return {
    failures: () =>
      LAB_FAILURES.map((failure) => ({ ...failure, active: broken.has(keyOf(failure)) })),
    act(action) {
      if (!getConfig().devices.some(({ id }) => id === action.deviceId))
        return `no device "${action.deviceId}"`;
      labLog.push(`${action.verb} ${keyOf(action)}`);
      if (action.verb === 'fail') broken.add(keyOf(action));
      else broken.delete(keyOf(action));
      return null;
    },
    restoreAll() {
      labLog.push('restore all');
      broken.clear();
    },
    playStory: () => void labLog.push('story'),
  };
}

/** Everything the API needs; `overrides` replaces parts of the configuration or of the dependencies. */
export async function createFakeService(
  clock: Clock,
  overrides: { config?: Partial<Config>; deps?: Partial<ApiDeps> } = {},
): Promise<FakeService> {
  const journal = createMemoryJournal<DomainEvent>();
  const state = emptyState();
  const listeners = new Set<(entries: readonly JournalEntry<DomainEvent>[]) => void>();
  const commands: Command[] = [];
  const inbox: InboxMessage[] = [];
  const labLog: string[] = [];

  const record = async (...events: DomainEvent[]) => {
    const fresh = events.map((event) => ({ at: event.at, subject: subjectOf(event), event }));
    const entries = await journal.append(fresh);
    for (const listener of listeners) listener(entries);
    return entries;
  };
  const host: EngineHost = {
    state,
    submit: () => {},
    record: async () => {},
    command: async (command) => {
      commands.push(command);
      return carryOut(command, state, clock, record);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const service: FakeService = {
    state,
    config: fakeConfig(overrides.config),
    readiness: { ready: true, reasons: [] },
    reloadOutcome: { ok: true, problems: [], deviceCount: 23, notAppliedUntilRestart: [] },
    inbox,
    commands,
    labLog,
    record,
    republish(entries) {
      for (const listener of listeners) listener(entries);
    },
    setHealth(deviceId, health, since) {
      state.devices.set(deviceId, {
        deviceId,
        health,
        healthSince: since,
        lastKnownHealth: health,
        uptime: null,
        faultKeys: new Set(),
      });
    },
    deps: {
      host,
      journal,
      inbox: { messages: () => inbox },
      collector: fakeCollector(() => service.config, clock.now()),
      getConfig: () => service.config,
      clock,
      log: silentLogger,
      ...{ acknowledgeKey: 'key of the test', http: systemHttpClient },
      readiness: () => service.readiness,
      reload: async () => service.reloadOutcome,
      renderMetrics: fakeMetrics,
      lab: createFakeLab(() => service.config, labLog),
      ...overrides.deps,
    },
  };
  return service;
}

function keyOf({ deviceId, part }: { deviceId: string; part: string | null }): string {
  return `${deviceId} ${part ?? '*'}`;
}

async function carryOut(
  command: Command,
  state: EngineState,
  clock: Clock,
  record: FakeService['record'],
): Promise<CommandOutcome> {
  if (command.type === 'take-callback') {
    const { channelId, callbackId } = command;
    if (state.takenCallbacks?.has(callbackId)) {
      return { accepted: false, reason: 'already-taken', by: null };
    }
    apply(state, { type: 'callback-taken', at: clock.now(), channelId, callbackId });
    return { accepted: true };
  }
  if (command.type !== 'acknowledge' && command.type !== 'resolve' && command.type !== 'note') {
    throw new Error(`no part of this fake: ${command.type}`);
  }
  const incident = state.incidents.get(command.incidentId);
  const refuse = (reason: Extract<CommandOutcome, { accepted: false }>['reason']) => ({
    accepted: false as const,
    reason,
    by: incident?.acknowledgedBy ?? null,
  });
  if (incident === undefined) return refuse('no-such-incident');
  const at = clock.now();
  const { incidentId, by } = command;
  if (command.type === 'note') {
    await record({ at, type: 'incident-noted', incidentId, by, text: command.text });
    return { accepted: true };
  }
  if (incident.resolvedAt !== null) return refuse('already-resolved');
  if (command.type === 'acknowledge') {
    if (incident.acknowledgedAt !== null) return refuse('already-acknowledged');
    if ((command.episode ?? incident.episode) !== incident.episode) return refuse('other-episode');
    if (by === OUTSIDER && !command.takesOver) return refuse('not-on-chain');
    incident.acknowledgedAt = at;
    incident.acknowledgedBy = by;
    await record({ at, type: 'incident-acknowledged', incidentId, by, via: command.via });
    return { accepted: true };
  }
  incident.resolvedAt = at;
  const text = command.text;
  await record({ at, type: 'incident-resolved', incidentId, by, reason: 'person', text });
  return { accepted: true };
}

function fakeMetrics({ withReadings }: { readonly withReadings: boolean }): string[] {
  return ['# HELP threenines_fake A fake.\n', `threenines_fake ${withReadings ? 1 : 0}\n`];
}
