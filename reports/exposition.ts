import { type MetricDef, renderMetricHead, renderSample } from '../lib/metric-def.ts';
import { type EpochMs, SECOND } from '../lib/time.ts';
import { type Availability, deriveAvailability, PPM } from './availability.ts';
import { deriveGroup, deriveSites } from './figures.ts';
import { LEDGER_STATES } from './ledger.ts';
import { LIVE_WINDOWS, type LiveLedger, type LiveWindow } from './live-ledger.ts';
import { REPORT_METRICS, VERDICT_VALUES } from './metrics.ts';

/** The figures of one scope in one window. */
interface Scoped {
  readonly scope: 'fleet' | 'site' | 'device';
  readonly id: string;
  readonly window: LiveWindow;
  readonly targetPpm: number;
  readonly service: Availability;
}

type ShownSample = readonly [labelValues: readonly string[], value: number];
type Sample = ShownSample | readonly [labelValues: readonly string[], value: null];

const SAMPLES_A_PIECE = 1000;

/** The promise in the Prometheus text format: the fleet, its sites and every device. */
export function* renderAvailability(ledger: LiveLedger, now: EpochMs): Iterable<string> {
  const scoped: Scoped[] = [];
  for (const window of LIVE_WINDOWS) {
    scoped.push(...readGroups(ledger, window, now));
    scoped.push(...readDevices(ledger.read(window, now), window));
  }
  yield* renderScoped(scoped);
  yield* renderStateSeconds(ledger, ledger.deviceIds());
}

/** The same series of one device alone; nothing for a device that the ledger does not know. */
export function* renderDeviceAvailability(
  ledger: LiveLedger,
  deviceId: string,
  now: EpochMs,
): Iterable<string> {
  yield* renderScoped(
    LIVE_WINDOWS.flatMap((window) => readDevices(ledger.readDevice(deviceId, window, now), window)),
  );
  yield* renderStateSeconds(ledger, [deviceId]);
}

function readGroups(ledger: LiveLedger, window: LiveWindow, now: EpochMs): Scoped[] {
  const { times, targetPpm } = ledger.read(window, now);
  if (times.length === 0) return [];
  const { service } = deriveGroup('all', 'all', times, targetPpm);
  return [
    { scope: 'fleet', id: 'all', window, targetPpm, service },
    ...deriveSites(times, targetPpm).map((site): Scoped => {
      return { scope: 'site', id: site.id, window, targetPpm, service: site.service };
    }),
  ];
}

function readDevices(
  { times, targetPpm }: ReturnType<LiveLedger['read']>,
  window: LiveWindow,
): Scoped[] {
  return times.map(({ device, durations, futureMs }) => {
    const service = deriveAvailability(durations, 'service', targetPpm, futureMs);
    return { scope: 'device', id: device.id, window, targetPpm, service };
  });
}

function* renderScoped(scoped: readonly Scoped[]): Iterable<string> {
  const { availability, coverage, objective, budget, budgetRemaining, verdict } = REPORT_METRICS;
  const perWindow = (metric: MetricDef, read: (service: Availability) => number | null) =>
    renderFamily(
      metric,
      scoped.map(({ scope, id, window, service }) => [[scope, id, window], read(service)]),
    );
  yield* renderFamily(
    availability,
    scoped.flatMap(({ scope, id, window, service }): Sample[] => [
      [[scope, id, window, 'low'], toRatio(service.lowPpm)],
      [[scope, id, window, 'best'], toRatio(service.ratioPpm)],
      [[scope, id, window, 'high'], toRatio(service.highPpm)],
    ]),
  );
  yield* perWindow(coverage, ({ coveragePpm }) => toRatio(coveragePpm));
  yield* renderFamily(
    objective,
    // The year holds every device that the shorter windows hold.
    scoped
      .filter(({ window }) => window === 'year')
      .map(({ scope, id, targetPpm }): Sample => [[scope, id], toRatio(targetPpm)]),
  );
  yield* perWindow(budget, ({ budgetMs }) => budgetMs / SECOND);
  yield* perWindow(budgetRemaining, ({ leftMs }) => leftMs / SECOND);
  yield* perWindow(verdict, (service) => VERDICT_VALUES[service.verdict]);
}

function renderStateSeconds(ledger: LiveLedger, deviceIds: Iterable<string>): Iterable<string> {
  const samples: Sample[] = [];
  for (const deviceId of deviceIds) {
    const counted = ledger.countStates(deviceId);
    if (counted === null) continue;
    const { siteId, role } = counted.device;
    for (const state of LEDGER_STATES) {
      if (state === 'out-of-service') continue;
      samples.push([[deviceId, siteId, role, state], counted.durations[state] / SECOND]);
    }
  }
  return renderFamily(REPORT_METRICS.stateSeconds, samples);
}

/**
 * One metric with all its samples, in pieces small enough that a reader can breathe between them.
 * A ratio without any time behind it is left out, not shown as 0.
 */
function* renderFamily(metric: MetricDef, samples: readonly Sample[]): Iterable<string> {
  const shown = samples.filter((sample): sample is ShownSample => sample[1] !== null);
  if (shown.length === 0) return;
  yield renderMetricHead(metric);
  for (let start = 0; start < shown.length; start += SAMPLES_A_PIECE) {
    yield shown
      .slice(start, start + SAMPLES_A_PIECE)
      .map(([labelValues, value]) => renderSample(metric, labelValues, value))
      .join('');
  }
}

function toRatio(ratioPpm: number | null): number | null {
  return ratioPpm === null ? null : ratioPpm / PPM;
}
