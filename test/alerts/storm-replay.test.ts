import { describe, expect, test } from 'vitest';
import { MOST_OWN_INCIDENTS } from '../../alerting/alerts/alert-storms.ts';
import { PROMETHEUS_TIMEOUT_MS, type ReceivedAlert } from '../../alerting/alerts/received-alert.ts';
import { replayJournal } from '../../alerting/replay/replay.ts';
import { withServiceRules } from '../../alerting/service-faults.ts';
import { say } from '../../lib/local-text.ts';
import { type EpochMs, MINUTE } from '../../lib/time.ts';
import { Network, RULES, rule, topology } from '../alerting/network.ts';

const TOPOLOGY = topology({ gradingRules: withServiceRules(RULES) });
const STORM = 60;

function tell(network: Network, first: number, change: Partial<ReceivedAlert> = {}): void {
  const alerts = Array.from({ length: STORM }, (_, index): ReceivedAlert => {
    const fingerprint = (first + index).toString(16).padStart(16, '0');
    return {
      ...{ fingerprint, name: 'HighLatency', severity: 'warning', labels: { n: fingerprint } },
      ...{ url: null, timeoutMs: PROMETHEUS_TIMEOUT_MS, subjectId: '_alerts' },
      ...{ text: say(`slow ${fingerprint}`, `slow ${fingerprint}`), startsAt: network.now },
      ...{ endsAt: null, expiresAt: network.now + 60 * MINUTE },
      ...change,
    };
  });
  network.tick([{ kind: 'alerts', alerts }]);
}

/** A storm of tier 4, that grows, is acknowledged by nobody, and ends. */
function stormy(): { readonly network: Network; readonly secondAt: EpochMs } {
  const network = new Network(TOPOLOGY);
  tell(network, 0);
  network.run(2 * MINUTE);
  const secondAt = network.now;
  tell(network, STORM);
  network.run(20 * MINUTE);
  tell(network, 0, { endsAt: network.now });
  tell(network, STORM, { endsAt: network.now });
  network.run(2 * MINUTE);
  return { network, secondAt };
}

function replayed(network: Network, change: { from?: EpochMs; topology?: typeof TOPOLOGY } = {}) {
  const request = { from: null, to: null, topology: null, ...change };
  return replayJournal((visit) => network.events.forEach(visit), request)!;
}

const shape = (incidents: ReturnType<typeof replayed>['replayed']) =>
  incidents.map(({ rootFaultKey, grades, pages, resolvedAt }) => ({
    root: rootFaultKey,
    tiers: grades.map(({ tier }) => tier),
    pages: pages.map(({ personId, kind, tier }) => [personId, kind, tier].join(' ')),
    isOver: resolvedAt !== null,
  }));

describe('a storm of alerts that is decided over anew', () => {
  test('by the rules of the time is the storm that it was', () => {
    const { network } = stormy();
    const { recorded, replayed: would } = replayed(network);
    expect(recorded).toHaveLength(MOST_OWN_INCIDENTS + 1);
    expect(shape(would)).toEqual(shape(recorded));
  });

  test('by rules that give its alerts another tier is a storm of that tier', () => {
    const { network } = stormy();
    const gradingRules = withServiceRules([
      rule('latency', 2, { faultKinds: ['alert'] }),
      rule('storm-2', 2, { faultKinds: ['alert-storm'], alertSeverities: ['major'] }),
      ...RULES,
    ]);
    const { replayed: would } = replayed(network, { topology: { ...TOPOLOGY, gradingRules } });
    expect(would).toHaveLength(MOST_OWN_INCIDENTS + 1);
    const storms = would.filter(({ rootFaultKey }) => rootFaultKey.endsWith('/alert-storm'));
    expect(shape(storms)).toMatchObject([{ root: '_alerts/alerts:major/alert-storm', tiers: [2] }]);
    expect(storms[0]!.pages.map(({ tier }) => tier)).toContain(2);
    expect(shape(would).every(({ isOver }) => isOver)).toBe(true);
  });

  test('from its midst on goes on as one', () => {
    const { network, secondAt } = stormy();
    const { replayed: would } = replayed(network, { from: secondAt });
    expect(would).toHaveLength(MOST_OWN_INCIDENTS + 1);
    expect(shape(would).every(({ isOver }) => isOver)).toBe(true);
  });

  test('by rules that make nothing of its alerts is none, and pages nobody', () => {
    const { network } = stormy();
    const { replayed: would } = replayed(network, {
      topology: { ...TOPOLOGY, gradingRules: RULES },
    });
    expect(would).toEqual([]);
  });
});
