import { describe, expect, it } from 'vitest';
import type { DomainEvent } from '../../alerting/events.ts';
import { buildAvailabilityReport } from '../../reports/availability-report.ts';
import { running } from './ledger-case.ts';
import { health, inOrder, second, started, stretch, toEntries, topology, window } from './story.ts';

const pair = { id: 'pair', name: 'Pair', deviceIds: ['a', 'b'], need: 1 };

function tell(...more: readonly DomainEvent[][]): DomainEvent[] {
  const told = topology(-600, ['a', 'b'], [window('w', 2000, 2300)]);
  if (told.type !== 'topology-loaded') throw new Error('not a topology');
  const withPair = { ...told, topology: { ...told.topology, redundancyGroups: [pair] } };
  const up = [health(-590, -595, 'up'), health(-590, -595, 'up', 'b')];
  return inOrder([started(-600), withPair], up, running, ...more);
}

function figuresOf(events: readonly DomainEvent[]) {
  const report = buildAvailabilityReport(toEntries(events), stretch(0, 3600), second(3660));
  const { durations, redundancyLostMs, service } = report.redundancyGroups[0]!;
  const seconds = Object.entries(durations)
    .filter(([, ms]) => ms > 0)
    .map(([state, ms]) => [state, ms / 1000]);
  return { ...Object.fromEntries(seconds), lost: redundancyLostMs / 1000, usedMs: service.usedMs };
}

describe('a pair of which one must work', () => {
  it('is out only while both are: a down [500, 900), b down [800, 1000)', () => {
    // One alone in [500, 800) and [900, 1000), both in [800, 900); maintenance of a in [2000, 2300)
    // leaves b to work.
    const found = figuresOf(
      tell(
        [health(530, 500, 'down'), health(905, 900, 'up')],
        [health(830, 800, 'down', 'b'), health(1005, 1000, 'up', 'b')],
      ),
    );
    expect(found).toEqual({ up: 3100, degraded: 400, down: 100, lost: 400, usedMs: 100_000 });
  });

  it('is in maintenance where the work on one leaves none: b down [2100, 2400)', () => {
    // [2100, 2300): a in maintenance, b down. [2300, 2400): a works.
    const found = figuresOf(tell([health(2130, 2100, 'down', 'b'), health(2405, 2400, 'up', 'b')]));
    expect(found).toEqual({ up: 3300, maintenance: 200, degraded: 100, lost: 100, usedMs: 0 });
  });

  it('is unknown where nobody saw what could have made it work: a unknown, b down', () => {
    const found = figuresOf(
      tell(
        [health(600, 500, 'unknown'), health(905, 900, 'up')],
        [health(630, 600, 'down', 'b'), health(805, 800, 'up', 'b')],
      ),
    );
    expect(found).toEqual({ up: 3400, unknown: 200, lost: 0, usedMs: 0 });
  });
});
