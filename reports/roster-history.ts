import type { DomainEvent } from '../alerting/events.ts';
import type { RedundancyGroup } from '../config/model.ts';
import { canonicalJson } from '../lib/canonical-json.ts';
import { type EpochMs, formatInstant } from '../lib/time.ts';
import { ConfigChanges, describeWindow, type WindowChange } from './config-changes.ts';
import { byCodeUnits } from './figures.ts';
import type { LostMove, SiteMove } from './lost-moves.ts';
import type { LostState } from './lost-runs.ts';
import { describeDevices, type RosterDevice } from './roster.ts';
import { ServiceDays } from './service-days.ts';
import type { ServiceEnd } from './service-ends.ts';

/** Something that held from an instant until the next of its kind. */
export interface Since<Value> {
  readonly from: EpochMs;
  readonly value: Value;
}

/**
 * What was changed in the rules of a report while its period ran, with what it was and is: empty for
 * nothing, and where a device came or left. Days of service are instants.
 */
export interface RuleChange {
  readonly at: EpochMs;
  readonly what:
    | 'objective'
    | 'site'
    | 'role'
    | 'customers'
    | 'tags'
    | 'powerFeeds'
    | 'group'
    | 'added'
    | 'removed'
    | 'commissioned'
    | 'retired'
    | 'in-service'
    | 'out-of-service'
    | 'maintenance';
  /** The device, group or maintenance window; null for the objective. */
  readonly id: string | null;
  readonly before: string;
  readonly after: string;
  /** Of a device that left or moved to another site while it was lost: the state it was in. */
  readonly whileIn?: LostState;
}

/** What was lost at changes of the configuration. */
export interface LostAtChanges {
  readonly ends: readonly ServiceEnd[];
  readonly moves: readonly LostMove[];
}

const NOTHING_LOST: LostAtChanges = { ends: [], moves: [] };

const RULES = ['role', 'customers', 'tags', 'powerFeeds'] as const;

/**
 * By which rules time is judged: every stretch by what was in force in it. A device's site, role,
 * customers, tags and feeds, and what makes a redundancy group, count from the instant they were
 * loaded. The objective is a promise for a whole period: it is the one in force when that begins, and
 * a change counts from the next period on. The first that is known also holds for the time before it.
 */
export class RosterHistory {
  readonly #devices = new Map<string, Since<RosterDevice>[]>();
  readonly #groups = new Map<string, Since<RedundancyGroup | null>[]>();
  readonly #objectives: Since<number>[] = [];
  readonly #config = new ConfigChanges();
  readonly #days = new ServiceDays();

  /** Takes in a topology loaded before `before`; a later one leaves the report as it was. */
  apply(event: DomainEvent, before: EpochMs): void {
    if (event.type !== 'topology-loaded' || event.at >= before) return;
    const { at, topology } = event;
    keep(this.#objectives, at, topology.targetPpm);
    this.#config.apply(topology, at);
    this.#days.apply(topology, at);
    for (const device of describeDevices(topology)) {
      const own = this.#devices.get(device.id);
      if (own === undefined) this.#devices.set(device.id, [{ from: at, value: device }]);
      else keep(own, at, device);
    }
    const groups = new Map(topology.redundancyGroups.map((group) => [group.id, group]));
    for (const id of new Set([...groups.keys(), ...this.#groups.keys()])) {
      const own = this.#groups.get(id) ?? [];
      this.#groups.set(id, own);
      keep(own, at, groups.get(id) ?? null);
    }
  }

  /** The objective of a period that begins at `at`; `fallback` where no topology tells. */
  objectiveAt(at: EpochMs, fallback: number): number {
    const told = this.#objectives.findLast(({ from }) => from <= at) ?? this.#objectives[0];
    return told?.value ?? fallback;
  }

  /** What a device was in the parts of `[from, to)`, in order, without holes; empty for an unknown one. */
  stretchesOf(deviceId: string, from: EpochMs, to: EpochMs): Stretch<RosterDevice>[] {
    return clip(this.#devices.get(deviceId) ?? [], from, to, true);
  }

  /** Every redundancy group that there was in `[from, to)`, by id, with what it was in its parts. */
  groupsIn(from: EpochMs, to: EpochMs): Stretch<RedundancyGroup>[][] {
    return Array.from(this.#groups.keys())
      .sort(byCodeUnits)
      .map((id) =>
        clip(this.#groups.get(id)!, from, to, false).flatMap((part) => {
          return part.value === null ? [] : [{ ...part, value: part.value }];
        }),
      )
      .filter((parts) => parts.length > 0);
  }

  /** The moves of devices to other sites in `[from, to)`. */
  movesIn(from: EpochMs, to: EpochMs): SiteMove[] {
    return Array.from(this.#devices.values()).flatMap((own) =>
      pairs(own, from, to)
        .filter(([before, { value }]) => before.siteId !== value.siteId)
        .map(([before, { from: at, value: after }]) => ({ at, before, after })),
    );
  }

  /** The changes in `[from, to)`, oldest first: each is in that of the periods in which it takes effect. */
  changesIn(
    from: EpochMs,
    to: EpochMs,
    deviceIds: ReadonlySet<string>,
    lost: LostAtChanges = NOTHING_LOST,
  ): RuleChange[] {
    const states = statesAt(lost);
    const changes: RuleChange[] = pairs(this.#objectives, from, to).map(
      ([before, { from: at, value }]) => {
        return { at, what: 'objective', id: null, before: String(before), after: String(value) };
      },
    );
    for (const [id, own] of this.#devices) {
      if (!deviceIds.has(id)) continue;
      for (const [before, { from: at, value }] of pairs(own, from, to)) {
        if (before.siteId !== value.siteId) {
          const sites = { before: before.siteId, after: value.siteId };
          changes.push({ at, what: 'site', id, ...sites, ...states.get(`${id} ${at}`) });
        }
        for (const what of RULES) {
          const [old, now] = [String(before[what]), String(value[what])];
          if (old !== now) changes.push({ at, what, id, before: old, after: now });
        }
      }
    }
    for (const [id, own] of this.#groups) {
      for (const [before, { from: at, value }] of pairs(own, from, to)) {
        changes.push({ at, what: 'group', id, before: say(before), after: say(value) });
      }
    }
    changes.push(...this.#configChanges(from, to, deviceIds, states));
    return changes.sort((a, b) => a.at - b.at || byCodeUnits(a.id ?? '', b.id ?? ''));
  }

  #configChanges(
    from: EpochMs,
    to: EpochMs,
    deviceIds: ReadonlySet<string>,
    states: ReturnType<typeof statesAt>,
  ): RuleChange[] {
    const isIn = ({ at }: { readonly at: EpochMs }) => at >= from && at < to;
    const devices = this.#config.devices
      .filter((each) => isIn(each) && deviceIds.has(each.id))
      .map(({ at, what, id }): RuleChange => {
        const lost = what === 'removed' ? states.get(`${id} ${at}`) : undefined;
        return { at, what, id, before: '', after: '', ...lost };
      });
    const windows = this.#config.windows
      .filter((each) => isIn(each) && this.#concerns(each, deviceIds))
      .map(({ at, before, after }): RuleChange => {
        const { id } = (before ?? after)!;
        const [old, now] = [before, after].map(describeWindow);
        return { at, what: 'maintenance', id, before: old!, after: now! };
      });
    const dates = this.#config.dates
      .filter((each) => isIn(each) && deviceIds.has(each.id))
      .map(({ at, what, id, before, after }): RuleChange => {
        const lost = what === 'retired' ? states.get(`${id} ${at}`) : undefined;
        return { at, what, id, before: instantText(before), after: instantText(after), ...lost };
      });
    const days = this.#days
      .daysIn(from, to)
      .filter(({ id }) => deviceIds.has(id))
      .map(({ at, what, id }): RuleChange => {
        const lost = what === 'out-of-service' ? states.get(`${id} ${at}`) : undefined;
        return { at, what, id, before: '', after: '', ...lost };
      });
    return [...devices, ...dates, ...days, ...windows];
  }

  /** Whether a window covers one of the devices, as they are known last. */
  #concerns({ before, after }: WindowChange, deviceIds: ReadonlySet<string>): boolean {
    const windows = [before, after].filter((window) => window !== null);
    for (const id of deviceIds) {
      const device = this.#devices.get(id)?.at(-1)?.value;
      const isCovered = windows.some(
        ({ deviceIds: named, siteIds, tags }) =>
          named.includes(id) ||
          (device !== undefined &&
            (siteIds.includes(device.siteId) || device.tags.some((tag) => tags.includes(tag)))),
      );
      if (isCovered) return true;
    }
    return false;
  }
}

/** A part `[from, to)` of a stretch of time with what was in force in it. */
export interface Stretch<Value> {
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly value: Value;
}

/** Loading the same again changes nothing. */
function keep<Value>(history: Since<Value>[], at: EpochMs, value: Value): void {
  const last = history.at(-1);
  if (last === undefined && value === null) return;
  if (last !== undefined && isSame(last.value, value)) return;
  // The wall clock may have been set back; what came later holds from where the last began.
  history.push({ from: Math.max(at, last?.from ?? at), value });
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b || canonicalJson(a) === canonicalJson(b);
}

function clip<Value>(
  history: readonly Since<Value>[],
  from: EpochMs,
  to: EpochMs,
  isFirstFromEver: boolean,
): Stretch<Value>[] {
  return history.flatMap(({ from: since, value }, index) => {
    const start = index === 0 && isFirstFromEver ? from : Math.max(from, since);
    const end = Math.min(to, history[index + 1]?.from ?? to);
    return end > start ? [{ from: start, to: end, value }] : [];
  });
}

function pairs<Value>(
  history: readonly Since<Value>[],
  from: EpochMs,
  to: EpochMs,
): (readonly [Value, Since<Value>])[] {
  return history.flatMap((each, index) => {
    const before = history[index - 1];
    return before === undefined || each.from < from || each.from >= to
      ? []
      : [[before.value, each] as const];
  });
}

function statesAt({ ends, moves }: LostAtChanges) {
  return new Map(
    [...ends, ...moves].map(({ deviceId, at, state: whileIn }) => {
      return [`${deviceId} ${at}`, { whileIn }] as const;
    }),
  );
}

function instantText(at: EpochMs | null): string {
  return at === null ? '' : formatInstant(at);
}

function say(group: RedundancyGroup | null): string {
  return group === null ? '' : `${group.need}/${group.deviceIds.join(' ')}`;
}
