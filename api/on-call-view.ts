import { type Static, Type } from 'typebox';
import { upcomingGaps } from '../alerting/cover.ts';
import { coverOf, overridesOf } from '../alerting/on-call.ts';
import { TIER_NAMES } from '../alerting/page-messages.ts';
import type { PagePlan } from '../alerting/page-plan.ts';
import type { EngineState } from '../alerting/state.ts';
import type { Config } from '../config/model.ts';
import { GAP_HORIZON_MS } from '../config/schedule/gaps-ahead.ts';
import { type Cover, coverBetween } from '../config/schedule/on-call.ts';
import type { Override, Schedule } from '../config/schedule/schedule.ts';
import { type EpochMs, formatInstant } from '../lib/time.ts';
import { namesOf } from './names.ts';
import {
  Instant,
  LocalTextSchema,
  NullableInstant,
  NullableInteger,
  NullableString,
  TierNumber,
} from './schemas.ts';
import { PAGE_KINDS } from './words.ts';

const PersonRef = Type.Object({ id: Type.String(), name: Type.String() });

const TurnSchema = Type.Object({
  from: Instant,
  to: Instant,
  /** Empty: nobody. */
  people: Type.Array(PersonRef),
  layer: NullableString,
  overrideIds: Type.Array(Type.String()),
});

const OverrideSchema = Type.Object({
  id: Type.String(),
  scheduleId: Type.String(),
  person: PersonRef,
  /** null: instead of whoever is on call. */
  replaces: Type.Union([PersonRef, Type.Null()]),
  from: Instant,
  to: Instant,
  reason: Type.String(),
  /** Who made it; null: the file, which alone can take it back. */
  by: Type.Union([PersonRef, Type.Null()]),
  swapId: NullableString,
});

export const OnCallSchema = Type.Object({
  at: Instant,
  schedules: Type.Array(
    Type.Object({
      id: Type.String(),
      name: Type.String(),
      timeZone: Type.String(),
      team: NullableString,
      now: TurnSchema,
      /** The turns that follow, of a week at most. */
      next: Type.Array(TurnSchema),
      /** Times of the next thirty days at which nobody is on call. */
      gaps: Type.Array(Type.Object({ from: Instant, to: Instant })),
      /** Whether gaps are meant to be. */
      partial: Type.Boolean(),
      overrides: Type.Array(OverrideSchema),
    }),
  ),
  catchAll: Type.Array(PersonRef),
  gapsUntil: Instant,
});
export type OnCallView = Static<typeof OnCallSchema>;

export const PlanSchema = Type.Object({
  /** The incident that is open, or null when this is what would be. */
  incidentId: NullableString,
  deviceId: Type.String(),
  deviceName: Type.String(),
  tier: TierNumber,
  tierName: LocalTextSchema,
  because: LocalTextSchema,
  policyId: Type.String(),
  acknowledgeBy: Instant,
  acknowledgedBy: Type.Union([PersonRef, Type.Null()]),
  from: Instant,
  /** Everyone told so far is told again this often until someone acknowledges; null: never. */
  repeatEveryMs: NullableInteger,
  pages: Type.Array(
    Type.Object({
      at: Instant,
      /** Minutes from the beginning of the plan, rounded down. */
      afterMinutes: Type.Integer(),
      tier: TierNumber,
      kind: Type.String(),
      kindName: LocalTextSchema,
      step: Type.String(),
      person: PersonRef,
      channelIds: Type.Array(Type.String()),
      heldUntil: NullableInstant,
    }),
  ),
});
export type PlanView = Static<typeof PlanSchema>;

const MOST_TURNS = 14;
const MINUTE_MS = 60_000;

/** Who is on call at `at`, who follows, and when nobody is. */
export function viewOnCall(
  config: Config,
  state: Pick<EngineState, 'overrides'>,
  at: EpochMs,
): OnCallView {
  return {
    at: formatInstant(at),
    schedules: config.schedules.map((schedule) => viewSchedule(config, state, schedule, at)),
    catchAll: config.catchAll.map((id) => personRef(config, id)),
    gapsUntil: formatInstant(at + GAP_HORIZON_MS),
  };
}

function viewSchedule(
  config: Config,
  state: Pick<EngineState, 'overrides'>,
  schedule: Schedule,
  at: EpochMs,
): OnCallView['schedules'][number] {
  const { id, name, timeZone, teamId, isPartial } = schedule;
  const overrides = overridesOf(state, id);
  const turns = coverBetween(schedule, overrides, at, at + GAP_HORIZON_MS);
  const [now = coverOf(state, schedule, at), ...next] = turns;
  const startedAt = Math.min(now.from, coverOf(state, schedule, at).from);
  const upcoming = [...schedule.overrides, ...overrides].filter(({ to }) => to > at);
  return {
    ...{ id, name, timeZone, team: teamId, partial: isPartial },
    now: viewTurn(config, { ...now, from: startedAt }),
    next: next.slice(0, MOST_TURNS).map((turn) => viewTurn(config, turn)),
    gaps: upcomingGaps(state, schedule, at).map(({ from, to }) => ({
      from: formatInstant(from),
      to: formatInstant(to),
    })),
    overrides: upcoming.map((each) => viewOverride(config, each)),
  };
}

function viewTurn(config: Config, { from, to, personIds, layerId, overrideIds }: Cover) {
  return {
    from: formatInstant(from),
    to: formatInstant(to),
    people: personIds.map((id) => personRef(config, id)),
    layer: layerId,
    overrideIds: [...overrideIds],
  };
}

function viewOverride(config: Config, override: Override) {
  const { id, scheduleId, personId, replacesId, from, to, reason, by, swapId } = override;
  return {
    ...{ id, scheduleId, reason, swapId },
    person: personRef(config, personId),
    replaces: replacesId === null ? null : personRef(config, replacesId),
    from: formatInstant(from),
    to: formatInstant(to),
    by: by === null ? null : personRef(config, by),
  };
}

/** A plan from `from` on, in names. */
export function viewPagePlan(plan: PagePlan, config: Config, from: EpochMs): PlanView {
  const names = namesOf(config);
  return {
    incidentId: plan.isOpen ? plan.incidentId : null,
    deviceId: plan.rootDeviceId,
    deviceName: names.device(plan.rootDeviceId),
    tier: plan.tier,
    tierName: TIER_NAMES[plan.tier],
    because: plan.because,
    policyId: plan.policyId,
    acknowledgeBy: formatInstant(plan.acknowledgeBy),
    acknowledgedBy: plan.acknowledgedBy === null ? null : personRef(config, plan.acknowledgedBy),
    from: formatInstant(from),
    repeatEveryMs: plan.repeatEveryMs,
    pages: plan.pages.map(({ at, tier, kind, step, personId, channelIds, heldUntil }) => ({
      at: formatInstant(at),
      afterMinutes: Math.floor((at - from) / MINUTE_MS),
      ...{ tier, kind, kindName: PAGE_KINDS[kind], step },
      person: personRef(config, personId),
      channelIds: [...channelIds],
      heldUntil: heldUntil === null ? null : formatInstant(heldUntil),
    })),
  };
}

function personRef(config: Config, id: string) {
  return { id, name: namesOf(config).person(id) };
}
