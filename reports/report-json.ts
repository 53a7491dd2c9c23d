import { formatInstant } from '../lib/time.ts';
import type { Availability } from './availability.ts';
import type { AvailabilityReport } from './availability-report.ts';
import type { AvailabilityPair, DeviceFigures } from './figures.ts';

/**
 * The report as JSON, indented, ending in a line feed; equal reports give equal bytes. Fields only
 * ever get added to this form; anything else would raise the number in `format`.
 *
 * - Instants (`from`, `to`, `countedTo`) are RFC 3339 in UTC; the period is half-open `[from, to)`.
 * - `countedTo` is the end of the period or, while it runs, the last proof of observation;
 *   `unobservedFrom` is set when nobody has observed from then to `countedTo`.
 * - `…Ms` are whole milliseconds, `…Ppm` parts per million rounded down (998996 is 99.8996 %), null
 *   where there is no time to judge; `…Minutes` whole minutes rounded down.
 * - `statesMs`: time per state `up, degraded, down, unreachable, maintenance, unknown,
 *   out-of-service`; it adds up to the counted length of the period times the number of devices.
 * - `service` and `device` are the two figures (as customers saw it; the device's own faults), each
 *   with `availabilityPpm`, its bounds `lowPpm` and `highPpm`, `coveragePpm`, `agreedMs` (time under
 *   the promise so far), `budgetMs` for the whole period, `usedMs`, `leftMs` (negative when
 *   overdrawn) and `verdict`: `met`, `missed` or `not-proven`.
 * - `verdictOn`: what every `verdict` is about, `period` or, while it runs, `period-so-far`: up to
 *   `countedTo`, unlike the budget. `missed` so far can still become `met` unless `leftMs` is negative.
 * - `responses[]`: response clocks per tier, each counted once in `acknowledgedInTime`, `breached`,
 *   `neverAcknowledged` or `running`.
 */
export function renderReportJson(report: AvailabilityReport): string {
  return `${JSON.stringify(toDocument(report), null, 2)}\n`;
}

function toDocument(report: AvailabilityReport) {
  const { period, fleet, customers, responses } = report;
  return {
    format: 'threenines-availability/1',
    period: {
      name: period.name,
      kind: period.kind,
      timeZone: period.timeZone,
      from: formatInstant(period.from),
      to: formatInstant(period.to),
    },
    countedTo: formatInstant(report.countedTo),
    isRunning: report.isRunning,
    verdictOn: report.isRunning ? 'period-so-far' : 'period',
    unobservedFrom: report.unobservedFrom === null ? null : formatInstant(report.unobservedFrom),
    targetPpm: report.targetPpm,
    fleet: { deviceCount: fleet.deviceCount, ...pairDocument(fleet) },
    customers:
      customers === null
        ? null
        : {
            customers: customers.customers,
            lostCustomerMinutes: customers.lostCustomerMinutes,
            ...ratioDocument(customers),
          },
    sites: report.sites.map(({ id, name, deviceCount, ...pair }) => {
      return { id, name, deviceCount, ...pairDocument(pair) };
    }),
    roles: report.roles.map(({ id, deviceCount, ...pair }) => {
      return { role: id, deviceCount, ...pairDocument(pair) };
    }),
    worstDeviceIds: report.worstDevices.map(({ facts }) => facts.id),
    devices: report.devices.map(deviceDocument),
    incidentCount: responses.incidentCount,
    responses: responses.tiers,
  };
}

function deviceDocument({ facts, ...pair }: DeviceFigures) {
  const { id, name, siteId, role, customers } = facts;
  return { id, name, siteId, role, customers, ...pairDocument(pair) };
}

function pairDocument({ durations, service, device }: AvailabilityPair) {
  return {
    statesMs: durations,
    service: figureDocument(service),
    device: figureDocument(device),
  };
}

function figureDocument(figure: Availability) {
  const { agreedMs, budgetMs, usedMs, leftMs } = figure;
  return { ...ratioDocument(figure), agreedMs, budgetMs, usedMs, leftMs };
}

function ratioDocument({
  ratioPpm,
  lowPpm,
  highPpm,
  coveragePpm,
  verdict,
}: Pick<Availability, 'ratioPpm' | 'lowPpm' | 'highPpm' | 'coveragePpm' | 'verdict'>) {
  return { availabilityPpm: ratioPpm, lowPpm, highPpm, coveragePpm, verdict };
}
