import { type MetricDef, renderMetricHead, renderSample } from '../lib/metric-def.ts';
import { type EpochMs, SECOND } from '../lib/time.ts';
import { type Availability, deriveAvailability, PPM } from './availability.ts';
import { type DeviceTime, deriveGroup, deriveSites } from './figures.ts';
import { isLittleMeasured } from './known-part.ts';
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
  readonly isOfPart: boolean;
}

type Sample = readonly [labelValues: readonly string[], value: number | null];

const ITEMS_A_PIECE = 500;
/** So that the figures of a large network are not derived all in one go. */
const DEVICES_AT_ONCE = 500;

/**
 * The promise in the Prometheus text format: the fleet, its sites and every device. Between two
 * pieces other work may run; pieces are empty while figures are derived.
 */
export function* renderAvailability(ledger: LiveLedger, now: EpochMs): Iterable<string> {
  const scoped: Scoped[] = [];
  for (const window of LIVE_WINDOWS) {
    const devices: Scoped[] = [];
    const times: DeviceTime[] = [];
    let targetPpm = 0;
    for (const part of ledger.readInParts(window, now, DEVICES_AT_ONCE)) {
      targetPpm = part.targetPpm;
      for (const time of part.times) times.push(time);
      for (const each of readDevices(part, window)) devices.push(each);
      yield '';
    }
    scoped.push(...groupsOf(times, targetPpm, window));
    for (const each of devices) scoped.push(each);
    yield '';
  }
  yield* renderScoped(scoped);
  yield* renderStateSeconds(ledger, ledger.deviceIds());
  // After those of the devices, which bring the counters up to date.
  yield* renderFamily(REPORT_METRICS.siteStateSeconds, ledger.countSites(), ([siteId, durations]) =>
    COUNTED_STATES.map((state): Sample => [[siteId, state], durations[state] / SECOND]),
  );
}

/** Time out of service is nobody's. */
const COUNTED_STATES = LEDGER_STATES.filter((state) => state !== 'out-of-service');

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

function groupsOf(times: readonly DeviceTime[], targetPpm: number, window: LiveWindow): Scoped[] {
  if (times.length === 0) return [];
  const { service, durations } = deriveGroup('all', 'all', times, targetPpm);
  const isOfPart = isLittleMeasured(durations);
  return [
    { scope: 'fleet', id: 'all', window, targetPpm, service, isOfPart },
    ...deriveSites(times, targetPpm).map((site): Scoped => {
      const known = { isOfPart: isLittleMeasured(site.durations) };
      return { scope: 'site', id: site.id, window, targetPpm, service: site.service, ...known };
    }),
  ];
}

function readDevices(
  { times, targetPpm }: ReturnType<LiveLedger['read']>,
  window: LiveWindow,
): Scoped[] {
  return times.map(({ device, durations, futureMs }) => {
    const service = deriveAvailability(durations, 'service', targetPpm, futureMs);
    const isOfPart = isLittleMeasured(durations);
    return { scope: 'device', id: device.id, window, targetPpm, service, isOfPart };
  });
}

function* renderScoped(scoped: readonly Scoped[]): Iterable<string> {
  const { availability, coverage, objective, budget, budgetRemaining, verdict } = REPORT_METRICS;
  const perWindow = (metric: MetricDef, read: (service: Availability) => number | null) =>
    renderFamily(metric, scoped, ({ scope, id, window, service }) => [
      [[scope, id, window], read(service)],
    ]);
  yield* renderFamily(availability, scoped, ({ scope, id, window, service }) => [
    [[scope, id, window, 'low'], toRatio(service.lowPpm)],
    [[scope, id, window, 'best'], toRatio(service.ratioPpm)],
    [[scope, id, window, 'high'], toRatio(service.highPpm)],
  ]);
  yield* perWindow(coverage, ({ coveragePpm }) => toRatio(coveragePpm));
  // The year holds every device that the shorter windows hold; what is promised now is promised for the month.
  const promised = scoped.find(({ window }) => window === 'month')?.targetPpm;
  yield* renderFamily(objective, scoped, ({ scope, id, window, targetPpm }) =>
    window === 'year' ? [[[scope, id], toRatio(promised ?? targetPpm)]] : [],
  );
  yield* perWindow(budget, ({ budgetMs }) => budgetMs / SECOND);
  yield* perWindow(budgetRemaining, ({ leftMs }) => leftMs / SECOND);
  yield* perWindow(verdict, (service) => VERDICT_VALUES[service.verdict]);
  yield* renderFamily(REPORT_METRICS.verdictOfPart, scoped, ({ scope, id, window, isOfPart }) => [
    [[scope, id, window], Number(isOfPart)],
  ]);
}

function renderStateSeconds(ledger: LiveLedger, deviceIds: Iterable<string>): Iterable<string> {
  return renderFamily(REPORT_METRICS.stateSeconds, deviceIds, (deviceId): Sample[] => {
    const counted = ledger.countStates(deviceId);
    if (counted === null) return [];
    const { siteId, role } = counted.device;
    return COUNTED_STATES.map(
      (state): Sample => [[deviceId, siteId, role, state], counted.durations[state] / SECOND],
    );
  });
}

/**
 * One metric with all its samples, in pieces small enough that a reader can breathe between them.
 * A ratio without any time behind it is left out, not shown as 0.
 */
function* renderFamily<Item>(
  metric: MetricDef,
  items: Iterable<Item>,
  samplesOf: (item: Item) => readonly Sample[],
): Iterable<string> {
  const head = renderMetricHead(metric);
  let piece = '';
  let count = 0;
  let isBegun = false;
  for (const item of items) {
    for (const [labelValues, value] of samplesOf(item)) {
      if (value === null) continue;
      if (!isBegun) piece += head;
      isBegun = true;
      piece += renderSample(metric, labelValues, value);
    }
    count += 1;
    if (count % ITEMS_A_PIECE !== 0) continue;
    yield piece;
    piece = '';
  }
  yield piece;
}

function toRatio(ratioPpm: number | null): number | null {
  return ratioPpm === null ? null : ratioPpm / PPM;
}
