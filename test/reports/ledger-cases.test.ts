import { describe, expect, it } from 'vitest';
import { SECOND } from '../../lib/time.ts';
import { buildAvailabilityReport } from '../../reports/availability-report.ts';
import { evidenceCases } from './evidence-cases.ts';
import { journalStartCases } from './journal-start-cases.ts';
import { observationCases } from './observation-cases.ts';
import { rosterCases } from './roster-cases.ts';
import { serviceDateCases } from './service-date-cases.ts';
import { second, stretch, toEntries } from './story.ts';

const cases = [
  ...observationCases,
  ...rosterCases,
  ...evidenceCases,
  ...serviceDateCases,
  ...journalStartCases,
];

describe('the ledger, worked out by hand', () => {
  it.each(cases)(
    '$name',
    ({ events, expected, proven = {}, period = [0, 3600], now = 3660, countedTo = now }) => {
      const report = buildAvailabilityReport(toEntries(events), stretch(...period), second(now));
      const found = Object.fromEntries(
        report.devices.map(({ facts, durations }) => [
          facts.id,
          Object.fromEntries(
            Object.entries(durations)
              .filter(([, ms]) => ms > 0)
              .map(([state, ms]) => [state, ms / 1000]),
          ),
        ]),
      );
      expect(found).toEqual(expected);
      for (const { facts, proven: ran } of report.devices) {
        const { unknown = 0, unreachable = 0 } = proven[facts.id] ?? {};
        expect(ran).toEqual({ unknown: unknown * SECOND, unreachable: unreachable * SECOND });
      }
      const countedMs = Math.max(0, Math.min(period[1], countedTo) - period[0]) * SECOND;
      expect(report.countedTo).toBe(second(period[0]) + countedMs);
      for (const { durations } of report.devices) {
        const sumMs = Object.values(durations).reduce((sum, ms) => sum + ms, 0);
        expect(sumMs).toBe(countedMs);
      }
    },
  );
});
