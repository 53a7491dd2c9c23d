import { Registry } from 'prom-client';
import { describe, expect, test } from 'vitest';
import {
  EngineShell,
  type EngineShellOptions,
  MOST_PER_TICK,
} from '../../alerting/engine-shell.ts';
import type { DomainEvent } from '../../alerting/events.ts';
import { createEngineMetrics } from '../../alerting/self-metrics.ts';
import { stateText } from '../../alerting/state-text.ts';
import type { Observation } from '../../collector/observation.ts';
import { type Journal, JournalError } from '../../lib/journal.ts';
import { silentLogger } from '../../lib/logger.ts';
import { seededRandom } from '../../lib/random.ts';
import { SECOND } from '../../lib/time.ts';
import { VirtualClock } from '../../lib/virtual-clock.ts';
import { createMemoryJournal } from '../../storage/memory-journal.ts';
import { START, topology } from './network.ts';

/** A journal whose appends can be held back, or made to fail. */
class GatedJournal implements Pick<Journal<DomainEvent>, 'append'> {
  readonly inner = createMemoryJournal<DomainEvent>();
  gate: Promise<void> = Promise.resolve();
  failure: JournalError | null = null;

  readonly journal: Journal<DomainEvent> = {
    append: (entries) => this.append(entries),
    read: (range) => this.inner.read(range),
    visitEvents: (visit, after) => this.inner.visitEvents(visit, after),
    lastSequence: () => this.inner.lastSequence(),
  };

  async append(entries: Parameters<Journal<DomainEvent>['append']>[0]) {
    await this.gate;
    if (this.failure !== null) throw this.failure;
    return this.inner.append(entries);
  }
}

function openShell(journal: Journal<DomainEvent>, overrides: Partial<EngineShellOptions> = {}) {
  const clock = new VirtualClock(START);
  const shell = new EngineShell({
    journal,
    clock,
    random: seededRandom(1),
    log: silentLogger,
    metrics: createEngineMetrics(new Registry()),
    version: 'test',
    onReplay: () => {},
    onProbe: () => {},
    onFatal: () => {},
    ...overrides,
  });
  return { clock, shell };
}

function poll(deviceId: string, outcome: Observation['outcome'], at: number): Observation {
  return {
    deviceId,
    kind: 'heartbeat',
    outcome,
    detail: { en: '', 'zh-CN': '' },
    startedAt: at,
    finishedAt: at,
    rttMs: null,
    sysUpTimeTicks: null,
    conditions: null,
    unreadComponents: [],
  };
}

/** Three failed polls of a core switch while the other one answers: an incident and a page. */
function fail(shell: EngineShell, clock: VirtualClock): void {
  shell.submit({ kind: 'observation', observation: poll('core-2', 'ok', clock.now()) });
  for (let round = 0; round < 3; round++) {
    shell.submit({ kind: 'observation', observation: poll('core-1', 'timeout', clock.now()) });
  }
}

/** Resolves once an entry of that type is durable. */
function durable(shell: EngineShell, type: DomainEvent['type']): Promise<void> {
  return new Promise((resolve) => {
    const stop = shell.subscribe((entries) => {
      if (!entries.some((entry) => entry.event.type === type)) return;
      stop();
      resolve();
    });
  });
}

describe('the engine and its journal', () => {
  test('nothing is published before it is durable', async () => {
    const gated = new GatedJournal();
    const { clock, shell } = openShell(gated.journal);
    shell.submit({ kind: 'topology', topology: topology() });
    const loaded = durable(shell, 'topology-loaded');
    shell.start();
    await loaded;
    const held = Promise.withResolvers<void>();
    gated.gate = held.promise;
    const queued = durable(shell, 'page-queued');
    fail(shell, clock);
    clock.advance(SECOND);
    await Promise.resolve();
    expect(shell.state.incidents.size).toBe(0);
    expect(shell.state.pages.size).toBe(0);
    held.resolve();
    await queued;
    expect(shell.state.incidents.size).toBe(1);
    expect([...shell.state.pages.values()].map((page) => page.status)).toEqual(['queued']);
  });

  test('after a failed append it stops: no page appears, commands are refused, someone is told', async () => {
    const gated = new GatedJournal();
    const fatal = Promise.withResolvers<Error>();
    const { clock, shell } = openShell(gated.journal, { onFatal: fatal.resolve });
    shell.submit({ kind: 'topology', topology: topology() });
    const loaded = durable(shell, 'topology-loaded');
    shell.start();
    await loaded;
    gated.failure = new JournalError('disk full');
    fail(shell, clock);
    clock.advance(SECOND);
    expect((await fatal.promise).message).toBe('disk full');
    expect(shell.state.pages.size).toBe(0);
    const command = { type: 'note', incidentId: 'inc-000001', by: 'first', text: 'x' } as const;
    await expect(shell.command(command)).rejects.toThrow(JournalError);
  });

  test('a new engine over the same journal has the same state, and others see each entry once', async () => {
    const journal = createMemoryJournal<DomainEvent>();
    const first = openShell(journal);
    first.shell.submit({ kind: 'topology', topology: topology() });
    const queued = durable(first.shell, 'page-queued');
    first.shell.start();
    fail(first.shell, first.clock);
    first.clock.advance(SECOND);
    await queued;
    await first.shell.stop();
    const replayed: DomainEvent[] = [];
    const second = openShell(journal, { onReplay: (event) => replayed.push(event) });
    expect(stateText(second.shell.state)).toBe(stateText(first.shell.state));
    expect(replayed).toEqual(Array.from(journal.read(), ({ event }) => event));
  });

  test('what comes in at once is decided in slices, one append each, with a turn for all else between', async () => {
    const steps: string[] = [];
    const inner = createMemoryJournal<DomainEvent>();
    const journal: Journal<DomainEvent> = {
      append: (entries) => {
        const polled = entries.filter(({ event }) => event.type === 'health-changed').length;
        steps.push(`append ${polled}`);
        return inner.append(entries);
      },
      read: (range) => inner.read(range),
      visitEvents: (visit, after) => inner.visitEvents(visit, after),
      lastSequence: () => inner.lastSequence(),
    };
    const clock = Object.assign(new VirtualClock(START), {
      nextTurn: async () => void steps.push('turn'),
    });
    const ids = Array.from({ length: 2 * MOST_PER_TICK }, (_, index) => `sw-${index}`);
    const { shell } = openShell(journal, { clock });
    const [core] = topology().devices;
    const devices = ids.map((id) => ({ ...core!, id, name: id }));
    shell.submit({ kind: 'topology', topology: topology({ devices, redundancyGroups: [] }) });
    const loaded = durable(shell, 'topology-loaded');
    shell.start();
    await loaded;
    await Promise.resolve();
    steps.length = 0;
    const recorded = ids.map((id) =>
      shell.record({ kind: 'observation', observation: poll(id, 'ok', START) }),
    );
    await Promise.all(recorded);
    expect(steps).toEqual(['turn', `append ${MOST_PER_TICK}`, 'turn', `append ${MOST_PER_TICK}`]);
    expect(shell.state.devices.get(ids.at(-1)!)?.health).toBe('up');
  });

  test('a listener that throws harms nobody else', async () => {
    const { shell } = openShell(createMemoryJournal<DomainEvent>());
    shell.subscribe(() => {
      throw new Error('listener');
    });
    const loaded = durable(shell, 'topology-loaded');
    shell.submit({ kind: 'topology', topology: topology() });
    shell.start();
    await loaded;
    expect(shell.state.topology).not.toBeNull();
  });
});
