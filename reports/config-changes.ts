import type { Topology } from '../alerting/topology.ts';
import type { MaintenanceWindow } from '../config/model.ts';
import { canonicalJson } from '../lib/canonical-json.ts';
import { type EpochMs, formatInstant } from '../lib/time.ts';

/** A device that came into the configuration or left it. */
export interface DeviceChange {
  readonly at: EpochMs;
  readonly what: 'added' | 'removed';
  readonly id: string;
}

/** A day of service of a device, written down anew; null: it has none. */
export interface DateChange {
  readonly at: EpochMs;
  readonly what: 'commissioned' | 'retired';
  readonly id: string;
  readonly before: EpochMs | null;
  readonly after: EpochMs | null;
}

/** A maintenance window that was edited, called off, or declared after it had begun. Null: there was none. */
export interface WindowChange {
  readonly at: EpochMs;
  readonly before: MaintenanceWindow | null;
  readonly after: MaintenanceWindow | null;
}

const DATES = ['commissioned', 'retired'] as const;
type ServiceDates = Readonly<Record<(typeof DATES)[number], EpochMs | null>>;

/** What came into the configuration and left it, by the topologies loaded one after the other. */
export class ConfigChanges {
  readonly devices: DeviceChange[] = [];
  readonly windows: WindowChange[] = [];
  readonly dates: DateChange[] = [];
  /** Null before the first topology: what an installation begins with was not added to it. */
  #there: ReadonlySet<string> | null = null;
  /** By device, those that have left included. */
  readonly #dates = new Map<string, ServiceDates>();
  #windows: ReadonlyMap<string, MaintenanceWindow> = new Map();

  apply(topology: Topology, at: EpochMs): void {
    this.#noteDevices(topology, at);
    this.#noteDates(topology, at);
    this.#noteWindows(topology, at);
  }

  #noteDevices({ devices }: Topology, at: EpochMs): void {
    const before = this.#there;
    const there = new Set(devices.map(({ id }) => id));
    // Before there was a device there was nothing to be added to.
    this.#there = there.size === 0 && before === null ? null : there;
    if (before === null) return;
    for (const id of before) if (!there.has(id)) this.devices.push({ at, what: 'removed', id });
    for (const id of there) if (!before.has(id)) this.devices.push({ at, what: 'added', id });
  }

  #noteDates({ devices }: Topology, at: EpochMs): void {
    for (const { id, commissionedAt, retiredAt } of devices) {
      const before = this.#dates.get(id);
      const after = { commissioned: commissionedAt ?? null, retired: retiredAt ?? null };
      this.#dates.set(id, after);
      for (const what of before === undefined ? [] : DATES) {
        const [old, now] = [before![what], after[what]];
        if (old !== now) this.dates.push({ at, what, id, before: old, after: now });
      }
    }
  }

  /** Work declared in time is no change of the rules, and what is tidied away after its end neither. */
  #noteWindows({ maintenanceWindows }: Topology, at: EpochMs): void {
    const now = new Map(maintenanceWindows.map((window) => [window.id, window]));
    for (const [id, before] of this.#windows) {
      const after = now.get(id) ?? null;
      if (before.endsAt <= at || (after !== null && isSame(before, after))) continue;
      this.windows.push({ at, before, after });
    }
    for (const [id, after] of now) {
      const isLate = after.startsAt <= at && at < after.endsAt;
      if (isLate && !this.#windows.has(id)) this.windows.push({ at, before: null, after });
    }
    this.#windows = now;
  }
}

/** `2026-04-05T00:00:00.000Z/2026-04-05T06:00:00.000Z core-1`: its time, and what it covers. */
export function describeWindow(window: MaintenanceWindow | null): string {
  if (window === null) return '';
  const { startsAt, endsAt, deviceIds, siteIds, tags } = window;
  const scope = [...deviceIds, ...siteIds, ...tags].join(' ');
  return `${formatInstant(startsAt)}/${formatInstant(endsAt)} ${scope}`;
}

/** Its reason and owner may be worded anew: that changes no figure. */
function isSame(a: MaintenanceWindow, b: MaintenanceWindow): boolean {
  const rules = ({ startsAt, endsAt, deviceIds, siteIds, tags }: MaintenanceWindow) =>
    canonicalJson({ startsAt, endsAt, deviceIds, siteIds, tags });
  return a === b || rules(a) === rules(b);
}
