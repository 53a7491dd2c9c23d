import type { Topology, TopologyDevice } from '../alerting/topology.ts';
import type { MaintenanceWindow } from '../config/model.ts';
import type { EpochMs } from '../lib/time.ts';

/** A half-open stretch of time `[from, to)`. */
export interface Span {
  readonly from: EpochMs;
  readonly to: EpochMs;
}

/** The part of a maintenance window that counts for one device. */
export interface ApprovedWindow extends Span {
  readonly id: string;
}

/**
 * Which windows of a topology loaded at `at` count for a device. A window counts in full when it
 * was loaded before it starts. An edit after the start can only take away: what counts is what
 * both the edited window and the one approved before it (the same id, for the same device) cover.
 * A window that first appears after its start does not count at all.
 */
export function approveWindows(
  windows: readonly MaintenanceWindow[],
  at: EpochMs,
): (device: TopologyDevice, approvedBefore: readonly ApprovedWindow[]) => ApprovedWindow[] {
  const scopes = windows.map((window) => ({ window, covers: coverageOf(window) }));
  return (device, approvedBefore) => {
    const approved: ApprovedWindow[] = [];
    for (const { window, covers } of scopes) {
      if (!covers(device)) continue;
      const { id, startsAt, endsAt } = window;
      if (at < startsAt) {
        approved.push({ id, from: startsAt, to: endsAt });
        continue;
      }
      for (const before of approvedBefore) {
        if (before.id !== id) continue;
        approved.push({
          id,
          from: Math.max(startsAt, before.from),
          to: Math.min(endsAt, before.to),
        });
      }
    }
    return approved.filter(({ from, to }) => from < to);
  };
}

function coverageOf(window: MaintenanceWindow): (device: TopologyDevice) => boolean {
  const [deviceIds, siteIds, tags] = [window.deviceIds, window.siteIds, window.tags].map(
    (ids) => new Set(ids),
  );
  return ({ id, siteId, tags: own }) =>
    deviceIds!.has(id) || siteIds!.has(siteId) || own.some((tag) => tags!.has(tag));
}

/**
 * Windows running at `at` that will not count in full for every device they cover, because they
 * were not loaded before they began as they are now.
 */
export function lateWindows(
  { maintenanceWindows, devices }: Pick<Topology, 'maintenanceWindows' | 'devices'>,
  at: EpochMs,
  approvedBefore: (deviceId: string) => readonly ApprovedWindow[],
): MaintenanceWindow[] {
  return maintenanceWindows
    .filter(({ startsAt, endsAt }) => startsAt <= at && at < endsAt)
    .filter((window) => {
      const { startsAt, endsAt } = window;
      const approve = approveWindows([window], at);
      const isFull = ({ from, to }: Span) => from === startsAt && to === endsAt;
      return devices
        .filter(coverageOf(window))
        .some((device) => !approve(device, approvedBefore(device.id)).some(isFull));
    });
}

/** What is known of a device's maintenance: earlier spans, and the windows in force since an instant. */
export interface Maintenance {
  readonly windows: readonly ApprovedWindow[];
  readonly windowsFrom: EpochMs;
  readonly pastMaintenance: readonly Span[];
}

/** The maintenance inside `[from, to)`: in order, without overlap. */
export function maintenanceSpans(
  { windows, windowsFrom, pastMaintenance }: Maintenance,
  from: EpochMs,
  to: EpochMs,
): Span[] {
  if (windows.length === 0 && pastMaintenance.length === 0) return [];
  const inForceFrom = Math.max(from, windowsFrom);
  const spans = [
    ...pastMaintenance.map((span) => clip(span, from, to)),
    ...windows.map((span) => clip(span, inForceFrom, to)),
  ]
    .filter((span) => span.from < span.to)
    .sort((a, b) => a.from - b.from);
  const merged: Span[] = [];
  for (const span of spans) {
    const last = merged.at(-1);
    if (last === undefined || span.from > last.to) merged.push(span);
    else merged[merged.length - 1] = { from: last.from, to: Math.max(last.to, span.to) };
  }
  return merged;
}

function clip(span: Span, from: EpochMs, to: EpochMs): Span {
  return { from: Math.max(span.from, from), to: Math.min(span.to, to) };
}
