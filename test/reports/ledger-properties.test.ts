import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DomainEvent, HEALTH_STATES } from '../../alerting/events.ts';
import { emptyState } from '../../alerting/state.ts';
import { buildAvailabilityReport, deriveFigures } from '../../reports/availability-report.ts';
import { Ledger, type LedgerState } from '../../reports/ledger.ts';
import { createLiveLedger, LIVE_WINDOWS } from '../../reports/live-ledger.ts';
import { periodAt } from '../../reports/period.ts';
import { decodeFold, encodeFold } from '../../storage/fold-snapshot.ts';
import {
  health,
  lease,
  second,
  started,
  stopped,
  stretch,
  toEntries,
  topology,
  window,
} from './story.ts';

const DEVICES = ['a', 'b', 'c'];
// Stories begin before the turn of the month and mostly end after it.
const FIRST_SECOND = -1200;

const anyWindow = fc
  .tuple(
    fc.constantFrom('v', 'w'),
    fc.integer({ min: FIRST_SECOND, max: 3600 }),
    fc.integer({ min: 1, max: 1500 }),
    fc.subarray(DEVICES),
  )
  .map(([id, from, length, deviceIds]) => window(id, from, from + length, { deviceIds }));

type Tell = (at: number) => DomainEvent;
const anyTelling: fc.Arbitrary<Tell> = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Tell>((at) => lease(at)) },
  {
    weight: 6,
    arbitrary: fc
      .tuple(
        fc.constantFrom(...DEVICES),
        fc.constantFrom(...HEALTH_STATES),
        fc.integer({ min: -300, max: 60 }),
        fc.option(fc.integer({ min: -3000, max: 60 }), { nil: undefined }),
      )
      .map(
        ([device, to, offset, ran]): Tell =>
          (at) =>
            health(at, at + offset, to, device, ran === undefined ? undefined : at + ran),
      ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.subarray(DEVICES), fc.array(anyWindow, { maxLength: 3 })).map(
      ([devices, windows]): Tell =>
        (at) =>
          topology(at, devices, windows),
    ),
  },
  { weight: 1, arbitrary: fc.constant<Tell>((at) => started(at)) },
  { weight: 1, arbitrary: fc.constant<Tell>((at) => stopped(at)) },
);

/** Steps forward as a rule, some long enough to be a gap, and now and then a clock set back. */
const anyStep = fc.oneof(
  { weight: 10, arbitrary: fc.integer({ min: 0, max: 30 }) },
  { weight: 2, arbitrary: fc.integer({ min: 31, max: 900 }) },
  { weight: 1, arbitrary: fc.integer({ min: -400, max: -1 }) },
);

const anyStory = fc
  .array(fc.tuple(anyStep, anyTelling), { minLength: 1, maxLength: 120 })
  .map((steps) => {
    let at = FIRST_SECOND;
    const events: DomainEvent[] = [topology(at, DEVICES)];
    for (const [step, tell] of steps) {
      at += step;
      events.push(tell(at));
    }
    return { events, end: Math.max(...events.map((event) => event.at)) };
  });

const sumOf = (durations: Readonly<Record<LedgerState, number>>) =>
  Object.values(durations).reduce((sum, ms) => sum + ms, 0);

describe('whatever happens', () => {
  it('every device is in exactly one state at every instant', () => {
    fc.assert(
      fc.property(anyStory, fc.integer({ min: 0, max: 100_000 }), ({ events, end }, laterMs) => {
        const bookedTo = new Map<string, number>();
        const sink = (deviceId: string, _: LedgerState, from: number, to: number) => {
          expect(to).toBeGreaterThan(from);
          const before = bookedTo.get(deviceId);
          if (before !== undefined) expect(from).toBe(before);
          bookedTo.set(deviceId, to);
        };
        const ledger = new Ledger(sink);
        for (const event of events) ledger.apply(event);
        const now = ledger.notBefore(end + laterMs);
        ledger.readOpen(now, sink);
        for (const to of bookedTo.values()) expect(to).toBe(now);
      }),
    );
  });

  it('the states of a period add up to its counted length', () => {
    fc.assert(
      fc.property(
        anyStory,
        fc.integer({ min: -1500, max: 3000 }),
        fc.integer({ min: 1, max: 3000 }),
        fc.integer({ min: 0, max: 3_000_000 }),
        ({ events, end }, from, length, laterMs) => {
          const period = stretch(from, from + length);
          const report = buildAvailabilityReport(toEntries(events), period, end + laterMs);
          const countedMs = report.countedTo - period.from;
          expect(countedMs).toBeGreaterThanOrEqual(0);
          for (const { durations, proven } of report.devices) {
            expect(sumOf(durations)).toBe(countedMs);
            expect(proven.unknown).toBeLessThanOrEqual(durations.unknown);
            expect(proven.unreachable).toBeLessThanOrEqual(durations.unreachable);
          }
        },
      ),
    );
  });

  it('two halves of a period add up to the whole', () => {
    fc.assert(
      fc.property(
        anyStory,
        fc.tuple(
          fc.integer({ min: -1500, max: 1000 }),
          fc.integer({ min: 1, max: 2000 }),
          fc.integer({ min: 1, max: 2000 }),
        ),
        fc.integer({ min: 0, max: 3_000_000 }),
        ({ events, end }, [from, first, second], laterMs) => {
          const entries = toEntries(events);
          const report = (start: number, stop: number) =>
            buildAvailabilityReport(entries, stretch(start, stop), end + laterMs);
          const halves = [report(from, from + first), report(from + first, from + first + second)];
          const whole = report(from, from + first + second);
          for (const { facts, durations } of whole.devices) {
            for (const [state, ms] of Object.entries(durations)) {
              if (state === 'out-of-service') continue;
              const parts = halves.map(
                (half) =>
                  half.devices.find((device) => device.facts.id === facts.id)?.durations[
                    state as LedgerState
                  ] ?? 0,
              );
              expect(parts[0]! + parts[1]!).toBe(ms);
            }
          }
        },
      ),
    );
  });

  it('the live ledger says what the report says, also after it was kept and read again', () => {
    fc.assert(
      fc.property(
        anyStory,
        fc.nat(),
        fc.integer({ min: 0, max: 100_000 }),
        fc.constantFrom('UTC', 'Asia/Shanghai', 'America/New_York'),
        ({ events, end }, cut, laterMs, timeZone) => {
          const entries = toEntries(events);
          let live = createLiveLedger(timeZone);
          for (const [index, entry] of entries.entries()) {
            if (index === cut % entries.length) {
              const kept = encodeFold({ engine: emptyState(), ledger: live.state });
              live = createLiveLedger(timeZone, decodeFold(kept).ledger);
            }
            live.apply(entry);
          }
          const now = end + laterMs;
          for (const kind of LIVE_WINDOWS) {
            const period = periodAt(kind, now, timeZone);
            const report = buildAvailabilityReport(entries, period, now);
            const { times, targetPpm, ...rest } = live.read(kind, now);
            const isRunning = rest.countedTo < period.to;
            const figures = { ...rest, isRunning, ...deriveFigures(times, targetPpm) };
            const inReport = Object.keys(figures).map((key) => [
              key,
              report[key as keyof typeof report],
            ]);
            expect(figures).toEqual(Object.fromEntries(inReport));
          }
        },
      ),
    );
  });

  it('counters never go back while the service runs, and count no instant twice', () => {
    fc.assert(
      fc.property(anyStory, ({ events, end }) => {
        const live = createLiveLedger('UTC');
        let before = new Map<string, number>();
        for (const entry of toEntries(events)) {
          live.apply(entry);
          if (entry.event.type === 'service-started') before = new Map();
          for (const deviceId of DEVICES) {
            const counted = live.countStates(deviceId);
            if (counted !== null) {
              expect(sumOf(counted.durations)).toBeLessThanOrEqual(end - events[0]!.at);
            }
            for (const [state, ms] of Object.entries(counted?.durations ?? {})) {
              const key = `${deviceId} ${state}`;
              expect(ms).toBeGreaterThanOrEqual(before.get(key) ?? 0);
              before.set(key, ms);
            }
          }
        }
      }),
    );
  });

  it('a closed period reads the same however much later it is asked for', () => {
    fc.assert(
      fc.property(anyStory, fc.integer({ min: 0, max: 1e9 }), ({ events, end }, laterMs) => {
        const last = { ...lease(0), at: Math.max(end, second(4000)) };
        const entries = toEntries([...events, last]);
        const first = buildAvailabilityReport(entries, stretch(-600, 1800), last.at);
        const again = buildAvailabilityReport(entries, stretch(-600, 1800), last.at + laterMs);
        expect(again).toEqual(first);
      }),
    );
  });
});
