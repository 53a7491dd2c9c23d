import { describe, expect, test } from 'vitest';
import { MOST_OWN_INCIDENTS, STORM_WITHIN_MS } from '../../alerting/alerts/alert-storms.ts';
import { PROMETHEUS_TIMEOUT_MS, type ReceivedAlert } from '../../alerting/alerts/received-alert.ts';
import { withServiceRules } from '../../alerting/service-faults.ts';
import type { Incident } from '../../alerting/state.ts';
import { say } from '../../lib/local-text.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import { Network, RULES, topology } from '../alerting/network.ts';

const TOPOLOGY = topology({ gradingRules: withServiceRules(RULES) });
const STORM = 500;

class Stormy extends Network {
  constructor() {
    super(TOPOLOGY);
  }

  /** Alerts from `first` on, each with labels of its own. */
  tell(first: number, count: number, change: Partial<ReceivedAlert> = {}): void {
    const alerts = Array.from({ length: count }, (_, index): ReceivedAlert => {
      const fingerprint = (first + index).toString(16).padStart(16, '0');
      return {
        ...{ fingerprint, name: 'HighLatency', severity: 'warning', labels: { n: fingerprint } },
        ...{ url: null, timeoutMs: PROMETHEUS_TIMEOUT_MS, subjectId: '_alerts' },
        ...{ text: say(`slow ${fingerprint}`, `slow ${fingerprint}`), startsAt: this.now },
        ...{ endsAt: null, expiresAt: this.now + 60 * MINUTE },
        ...change,
      };
    });
    this.tick([{ kind: 'alerts', alerts }]);
  }

  open(kind: string): readonly Incident[] {
    return this.incidents().filter((each) => each.rootKind === kind && each.resolvedAt === null);
  }

  get storm(): Incident {
    const storms = this.open('alert-storm');
    expect(storms).toHaveLength(1);
    return storms[0]!;
  }

  pageCount(): number {
    return [...this.state.pages.values()].length;
  }
}

describe('a storm of alerts', () => {
  test('is one incident, and as many pages', () => {
    const network = new Stormy();
    network.tell(0, STORM);
    expect(network.open('alert')).toHaveLength(MOST_OWN_INCIDENTS);
    expect(network.storm).toMatchObject({ tier: 4, rootDeviceId: '_alerts' });
    expect(network.storm.members.size).toBe(1 + STORM - MOST_OWN_INCIDENTS);
    expect(network.pageCount()).toBe(MOST_OWN_INCIDENTS + 1);
    network.run(20 * SECOND);
    expect(network.storm.evidence.sentence.en).toBe(
      `${STORM - MOST_OWN_INCIDENTS} alerts: HighLatency (${STORM - MOST_OWN_INCIDENTS})`,
    );
    expect(network.replayedText()).toBe(network.liveText());
  });

  test('that is told again changes nothing', () => {
    const network = new Stormy();
    network.tell(0, STORM);
    const before = network.incidents().length;
    network.run(MINUTE);
    network.tell(0, STORM, { startsAt: network.now - MINUTE });
    expect(network.incidents()).toHaveLength(before);
    expect(network.storm.members.size).toBe(1 + STORM - MOST_OWN_INCIDENTS);
  });

  test('lasts as long as one of its alerts, and is told to be over', () => {
    const network = new Stormy();
    network.tell(0, 30);
    const { id } = network.storm;
    network.run(MINUTE);
    network.tell(0, 29, { endsAt: network.now });
    network.run(5 * SECOND);
    expect(network.storm.id).toBe(id);
    network.tell(29, 1, { endsAt: network.now });
    network.run(5 * SECOND);
    expect(network.open('alert-storm')).toEqual([]);
    expect(network.state.faults.size).toBe(0);
    expect(network.replayedText()).toBe(network.liveText());
  });

  test('hides nothing worse: alerts of each tier count apart', () => {
    const network = new Stormy();
    network.tell(0, STORM);
    network.tell(STORM, 1, { severity: 'critical', name: 'DatabaseDown' });
    const [critical] = network.open('alert').filter(({ tier }) => tier === 2);
    expect(critical?.rootText.en).toContain('slow');
    network.tell(2 * STORM, 100, { severity: 'critical' });
    expect(network.open('alert-storm').map(({ tier }) => tier)).toEqual([4, 2]);
  });

  test('is over for new alerts once few came for a while', () => {
    const network = new Stormy();
    network.tell(0, STORM);
    network.run(STORM_WITHIN_MS + SECOND);
    network.tell(STORM, 1);
    expect(network.open('alert')).toHaveLength(MOST_OWN_INCIDENTS + 1);
  });

  test('goes on while they keep coming', () => {
    const network = new Stormy();
    for (let round = 0; round < 30; round += 1) {
      network.tell(round * 50, 50);
      network.run(MINUTE);
    }
    expect(network.open('alert')).toHaveLength(MOST_OWN_INCIDENTS);
    expect(network.storm.members.size).toBe(1 + 1500 - MOST_OWN_INCIDENTS);
  });

  test('under a silence is silent as a whole, makes nothing else quiet, and pages when the silence ends', () => {
    const network = new Stormy();
    network.command({
      ...{ type: 'add-silence', by: 'first', owner: 'first', reason: 'tests' },
      ...{ startsAt: network.now, endsAt: network.now + 30 * MINUTE },
      matchers: [{ name: 'team', values: ['lab'], isEqual: true }],
    });
    network.tell(0, 100, { labels: { team: 'lab' } });
    expect(network.pageCount()).toBe(0);
    const silent = network.storm;
    network.tell(1000, 100);
    expect(network.pageCount()).toBe(MOST_OWN_INCIDENTS + 1);
    network.run(31 * MINUTE);
    const told = silent.pageIds.map((id) => network.state.pages.get(id)!);
    expect(told.length).toBeGreaterThan(0);
  });
});
