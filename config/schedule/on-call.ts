import { DAY, type EpochMs } from '../../lib/time.ts';
import type { Layer, Override, Schedule } from './schedule.ts';
import { stretchesAround, wallInstants, wallTime } from './wall-clock.ts';

/** Who is on call during `[from, to)`, without a change in between. */
export interface Cover {
  readonly from: EpochMs;
  readonly to: EpochMs;
  /** Empty: nobody. Two at a hand-over whose wall-clock time comes twice. */
  readonly personIds: readonly string[];
  /** The layer that decides; null: none has anyone on duty. */
  readonly layerId: string | null;
  /** Overrides that changed what the layers say. */
  readonly overrideIds: readonly string[];
}

/** Further than this nothing is looked for: the cover is asked again then. */
const LONGEST_COVER_MS = 7 * DAY;

/** Covers kept for a schedule with the same overrides; the engine asks about the same minute a lot. */
const MOST_KEPT_COVERS = 16;

interface Kept {
  readonly overrides: readonly Override[];
  readonly covers: Cover[];
}

const kept = new WeakMap<Schedule, Kept>();

/**
 * Who is on call at `at`. `overrides` are those made beside the file, in the order in which they
 * were made; they overrule the file's, and a later one an earlier one.
 */
export function onCallAt(schedule: Schedule, overrides: readonly Override[], at: EpochMs): Cover {
  let known = kept.get(schedule);
  if (known === undefined || !isSame(known.overrides, overrides)) {
    known = { overrides, covers: [] };
    kept.set(schedule, known);
  }
  const found = known.covers.find((cover) => cover.from <= at && at < cover.to);
  if (found !== undefined) return found;
  const cover = findCover(schedule, [...schedule.overrides, ...overrides], at);
  known.covers.push(cover);
  if (known.covers.length > MOST_KEPT_COVERS) known.covers.shift();
  return cover;
}

/** Who is on call from `from` to `to`: covers without a hole between them, equal neighbours joined. */
export function coverBetween(
  schedule: Schedule,
  overrides: readonly Override[],
  from: EpochMs,
  to: EpochMs,
): readonly Cover[] {
  const all = [...schedule.overrides, ...overrides];
  const covers: Cover[] = [];
  for (let at = from; at < to; ) {
    const next = findCover(schedule, all, at);
    const piece = { ...next, from: at, to: Math.min(next.to, to) };
    const last = covers.at(-1);
    if (last !== undefined && isAlike(last, piece)) {
      covers[covers.length - 1] = { ...last, to: piece.to };
    } else covers.push(piece);
    at = next.to;
  }
  return covers;
}

/** The times between `from` and `to` at which nobody is on call. */
export function coverGaps(
  schedule: Schedule,
  overrides: readonly Override[],
  from: EpochMs,
  to: EpochMs,
): readonly Cover[] {
  return coverBetween(schedule, overrides, from, to).filter((each) => each.personIds.length === 0);
}

function findCover(schedule: Schedule, overrides: readonly Override[], at: EpochMs): Cover {
  const edges = [at - LONGEST_COVER_MS, at + LONGEST_COVER_MS];
  let personIds: readonly string[] = [];
  let layerId: string | null = null;
  for (const layer of schedule.layers) {
    const duty = dutyOf(layer, schedule, at);
    edges.push(...duty.edges);
    if (layerId !== null || duty.personIds.length === 0) continue;
    personIds = duty.personIds;
    layerId = layer.id;
  }
  const overrideIds: string[] = [];
  for (const override of overrides) {
    edges.push(override.from, override.to);
    if (at < override.from || override.to <= at) continue;
    const changed = withOverride(personIds, override);
    if (changed === personIds) continue;
    personIds = changed;
    overrideIds.push(override.id);
  }
  return {
    from: Math.max(...edges.filter((edge) => edge <= at)),
    to: Math.min(...edges.filter((edge) => edge > at)),
    personIds,
    layerId,
    overrideIds,
  };
}

function withOverride(personIds: readonly string[], override: Override): readonly string[] {
  const { personId, replacesId } = override;
  if (replacesId === null) return [personId];
  if (!personIds.includes(replacesId)) return personIds;
  return [...new Set(personIds.map((id) => (id === replacesId ? personId : id)))];
}

interface Duty {
  readonly personIds: readonly string[];
  /** Instants at which what the layer says may change, the nearest before and after among them. */
  readonly edges: readonly EpochMs[];
}

function dutyOf(layer: Layer, schedule: Schedule, at: EpochMs): Duty {
  const { timeZone } = schedule;
  const edges: EpochMs[] = [];
  const personIds = turnsAt(layer, timeZone, at, edges);
  const isWithin = isInHours(layer, timeZone, at, edges) && isDayOf(layer, schedule, at, edges);
  return { personIds: isWithin ? personIds : [], edges };
}

/** A turn begins at the first and ends at the last occurrence of its hand-over time. */
function turnsAt(layer: Layer, zone: string, at: EpochMs, edges: EpochMs[]): readonly string[] {
  const first = Temporal.PlainDateTime.from(layer.firstAt);
  const endsAt =
    layer.endsAt === null
      ? Number.POSITIVE_INFINITY
      : wallInstants(Temporal.PlainDateTime.from(layer.endsAt), zone).last;
  const passedMs = first.until(wallTime(at, zone), { largestUnit: 'hour' }).total('millisecond');
  const turn = Math.floor(passedMs / layer.shiftMs);
  const startOf = (index: number) =>
    wallInstants(first.add({ milliseconds: index * layer.shiftMs }), zone);
  const personIds: string[] = [];
  if (endsAt !== Number.POSITIVE_INFINITY) edges.push(endsAt);
  for (const index of [turn - 1, turn, turn + 1]) {
    if (index < 0) {
      edges.push(startOf(0).first);
      continue;
    }
    const from = startOf(index).first;
    const to = Math.min(startOf(index + 1).last, endsAt);
    edges.push(from, to);
    if (from <= at && at < to) personIds.push(layer.personIds[index % layer.personIds.length]!);
  }
  return [...new Set(personIds)];
}

function isInHours(layer: Layer, zone: string, at: EpochMs, edges: EpochMs[]): boolean {
  if (layer.hours.length === 0) return true;
  pushMidnights(zone, at, edges);
  const stretches = stretchesAround(at, layer.hours, zone);
  for (const { from, to } of stretches) edges.push(from, to);
  return stretches.some(({ from, to }) => from <= at && at < to);
}

function isDayOf(layer: Layer, schedule: Schedule, at: EpochMs, edges: EpochMs[]): boolean {
  if (layer.holidays === 'also') return true;
  pushMidnights(schedule.timeZone, at, edges);
  const date = wallTime(at, schedule.timeZone).toPlainDate().toString();
  return schedule.holidays.includes(date) === (layer.holidays === 'only');
}

function pushMidnights(zone: string, at: EpochMs, edges: EpochMs[]): void {
  const today = wallTime(at, zone).toPlainDate();
  for (const days of [0, 1]) {
    const { first, last } = wallInstants(today.add({ days }).toPlainDateTime(), zone);
    edges.push(first, last);
  }
}

function isAlike(left: Cover, right: Cover): boolean {
  return (
    left.layerId === right.layerId &&
    isSame(left.personIds, right.personIds) &&
    isSame(left.overrideIds, right.overrideIds)
  );
}

function isSame(left: readonly unknown[], right: readonly unknown[]): boolean {
  return left.length === right.length && left.every((each, index) => each === right[index]);
}
