import { describe, expect, it } from 'vitest';
import { type DomainEvent, LEASE_INTERVAL_MS } from '../../alerting/events.ts';
import type { EpochMs } from '../../lib/time.ts';
import { buildAvailabilityReport } from '../../reports/availability-report.ts';
import { parsePeriod } from '../../reports/period.ts';
import { type CalendarCase, calendarCases } from './calendar-cases.ts';
import { toEntries, topology } from './story.ts';

function instantOf(local: string, timeZone: string): EpochMs {
  if (/[+-]\d\d:\d\d$/.test(local)) return Temporal.Instant.from(local).epochMilliseconds;
  return Temporal.PlainDateTime.from(local).toZonedDateTime(timeZone).epochMilliseconds;
}

/** The journal of the case. Proof of observation is given around every instant that matters, and a lease bridges the rest. */
function tell(each: CalendarCase, from: EpochMs, to: EpochMs): DomainEvent[] {
  const at = (local: string) => instantOf(local, each.timeZone);
  const beginning = from - 7_200_000;
  const told = topology(0) as DomainEvent & { type: 'topology-loaded' };
  const windows = each.window === undefined ? [] : [each.window];
  const maintenanceWindows = windows.map(([start, end]) => ({
    ...{ id: 'w', reason: 'planned', owner: 'duty', siteIds: [], tags: [] },
    ...{ deviceIds: ['a'], startsAt: at(start), endsAt: at(end) },
  }));
  const change = (health: 'up' | 'down', since: EpochMs): DomainEvent => ({
    ...{ type: 'health-changed', deviceId: 'a', from: 'unknown', reason: 'confirmed-failure' },
    ...{ at: since + 5_000, to: health, since },
  });
  const facts: DomainEvent[] = [
    { type: 'service-started', at: beginning, version: '1' },
    { ...told, at: beginning, topology: { ...told.topology, maintenanceWindows } },
    change('up', beginning),
    ...each.outages.flatMap(([start, end]) => [change('down', at(start)), change('up', at(end))]),
  ];
  for (let lease = beginning; lease <= to + 60_000; lease += 3 * LEASE_INTERVAL_MS) {
    facts.push({ type: 'lease-renewed', at: lease });
  }
  return facts.sort((a, b) => a.at - b.at);
}

describe('the calendar, worked out by hand', () => {
  it.each(calendarCases)('$name', (each) => {
    const parsed = parsePeriod(each.period, each.timeZone);
    if (!parsed.ok) throw new Error(parsed.message);
    const { period } = parsed;
    expect(period.to - period.from).toBe(each.lengthMs);
    const entries = toEntries(tell(each, period.from, period.to));
    const report = buildAvailabilityReport(entries, period, period.to + 3_600_000);
    const { durations, service } = report.devices[0]!;
    expect(durations).toMatchObject({
      down: each.downMs,
      maintenance: each.maintenanceMs ?? 0,
      unknown: 0,
      up: each.lengthMs - each.downMs - (each.maintenanceMs ?? 0),
    });
    expect(service).toMatchObject({
      budgetMs: each.budgetMs,
      ratioPpm: each.ratioPpm,
      coveragePpm: 1_000_000,
      verdict: each.verdict,
    });
  });
});
