import { type Static, type TSchema, Type } from 'typebox';
import { OUTCOMES } from '../collector/observation.ts';
import {
  type DevicePlanExplanation,
  type PlanExplanation,
  type PollTraffic,
  READING_WAYS,
} from '../collector/plan-explanation.ts';
import { REJECTED_VALUE_REASONS } from '../collector/self-metrics.ts';
import { type EpochMs, formatInstant } from '../lib/time.ts';
import {
  Instant,
  LocalTextSchema,
  NullableInstant,
  NullableInteger,
  NullableNumber,
  NullableString,
  oneOf,
} from './schemas.ts';

/** A list that nobody changes. */
function listed<Item extends TSchema>(item: Item) {
  return Type.Unsafe<readonly Static<Item>[]>(Type.Array(item));
}

/** As described, or null. */
function orNull<Part extends TSchema>(part: Part) {
  return Type.Unsafe<Static<Part> | null>(Type.Union([part, Type.Null()]));
}

const LaneSchema = Type.Object({
  lane: oneOf(['heartbeat', 'full']),
  everyMs: Type.Number(),
  lastAt: NullableInstant,
  lastTookMs: NullableNumber,
  lastOutcome: Type.Unsafe<(typeof OUTCOMES)[number] | null>({
    type: ['string', 'null'],
    enum: [...OUTCOMES, null],
  }),
  /** Why not ok, or what could not be read; blank when all is well. */
  lastDetail: LocalTextSchema,
  /** null: at present none is planned. */
  nextAt: NullableInstant,
  /** Why then. */
  pace: LocalTextSchema,
});

const WireSchema = Type.Object({
  timeoutMs: Type.Number(),
  retries: Type.Integer(),
  deadlineMs: Type.Number(),
  /** null before the device was first asked. */
  roundTrips: orNull(
    Type.Object({
      smoothedMs: NullableNumber,
      variationMs: Type.Number(),
      /** How long each try of the next request is waited for. */
      waitsMs: listed(Type.Number()),
      socketCount: Type.Integer(),
    }),
  ),
});

const TrafficSchema = Type.Object({
  at: Instant,
  packetsSent: Type.Integer(),
  packetsRetried: Type.Integer(),
});

const RequestSchema = Type.Object({
  varbinds: Type.Integer(),
  requestOctets: Type.Number(),
  replyOctets: Type.Number(),
  objects: listed(
    Type.Object({
      /** null: scalars. */
      table: NullableString,
      columns: listed(Type.String()),
      varbinds: Type.Integer(),
    }),
  ),
});

const CostSchema = Type.Object({
  /** The first requests of the next full poll; `requestCount` tells how many there are. */
  requests: listed(RequestSchema),
  requestCount: Type.Integer(),
  varbinds: Type.Integer(),
  /** UDP payloads, reckoned. */
  requestOctets: Type.Number(),
  replyOctets: Type.Number(),
  /** Requests that walking the same columns would take. */
  requestsToWalk: Type.Integer(),
});

const ColumnsSchema = Type.Object({
  care: oneOf(READING_WAYS),
  why: LocalTextSchema,
  names: listed(Type.String()),
  /** Cells that hold a value. */
  cells: Type.Integer(),
});

const TableSchema = Type.Object({
  profile: Type.String(),
  name: Type.String(),
  rows: Type.Integer(),
  learnedAt: Instant,
  /** How it is noticed that rows come and go. */
  rowChanges: LocalTextSchema,
  columns: listed(ColumnsSchema),
});

const LearnedPlanSchema = Type.Object({
  cost: CostSchema,
  /** What one request asks for, and one reply holds, at most. */
  batch: Type.Object({ varbinds: Type.Integer(), octets: Type.Number(), why: LocalTextSchema }),
  /** What was learned about the agent. */
  learned: listed(LocalTextSchema),
  /** Objects that are read only in some polls. */
  turns: listed(
    Type.Object({
      varbinds: Type.Integer(),
      everyPolls: Type.Integer(),
      octetsEachPoll: Type.Number(),
    }),
  ),
  scalars: listed(ColumnsSchema),
  tables: listed(TableSchema),
  /** The first objects that the device refused or did not answer; `refusedCount` counts all. */
  refused: listed(
    Type.Object({
      oid: Type.String(),
      name: NullableString,
      /** null: not before the table is walked again. */
      pollsLeft: NullableInteger,
    }),
  ),
  refusedCount: Type.Integer(),
  pollsSinceWalk: Type.Integer(),
  pollsUntilWalk: Type.Integer(),
  walkedAgainWhen: listed(LocalTextSchema),
});

const RawSchema = Type.Union([Type.Number(), Type.String(), Type.Null()]);

const DoubtedSchema = Type.Object({
  /** The first values that are not shown; `refusedCount` counts all. */
  refused: listed(
    Type.Object({
      oid: Type.String(),
      object: Type.String(),
      profile: Type.String(),
      class: NullableString,
      /** What the device sent. */
      raw: RawSchema,
      reason: oneOf(REJECTED_VALUE_REASONS),
      /** What was made of it by the factor `scale`, in `unit`; null: nothing. */
      value: NullableNumber,
      scale: NullableNumber,
      unit: NullableString,
      /** What would be believed; a null end is none. */
      possible: orNull(listed(Type.Object({ atLeast: NullableNumber, atMost: NullableNumber }))),
      why: LocalTextSchema,
    }),
  ),
  refusedCount: Type.Integer(),
  /** Readings that make sense with another factor than their MIB declares, and are shown so. */
  rescaled: listed(
    Type.Object({
      oid: Type.String(),
      object: Type.String(),
      title: Type.String(),
      raw: RawSchema,
      scale: Type.Number(),
      value: Type.Number(),
      unit: NullableString,
      why: LocalTextSchema,
    }),
  ),
});

export const DevicePlanSchema = Type.Object({
  deviceId: Type.String(),
  explainedAt: Instant,
  snmpVersion: oneOf(['v1', 'v2c', 'v3']),
  sysName: NullableString,
  sysDescr: NullableString,
  sysObjectId: NullableString,
  profiles: listed(
    Type.Object({ id: Type.String(), title: Type.String(), reason: LocalTextSchema }),
  ),
  /** null: not enough polls have said the same yet. */
  confirmed: Type.Unsafe<'answering' | 'silent' | null>({
    type: ['string', 'null'],
    enum: ['answering', 'silent', null],
  }),
  lanes: listed(LaneSchema),
  /** Polls in a row by which a change is confirmed, and the wait between them. */
  confirming: Type.Object({
    everyMs: Type.Number(),
    failures: Type.Integer(),
    successes: Type.Integer(),
  }),
  wire: WireSchema,
  /** Datagrams of the last full poll, and of the last one that walked everything. */
  lastFullPoll: orNull(TrafficSchema),
  lastWalk: orNull(TrafficSchema),
  /** null until the device has been walked. */
  plan: orNull(LearnedPlanSchema),
  /** What of the last full poll was not believed as it was sent. */
  doubted: DoubtedSchema,
  /** What the device has that no profile reads. */
  notUnderstood: listed(LocalTextSchema),
});

/** An explanation with instants as RFC 3339. */
export type DevicePlanView = Static<typeof DevicePlanSchema>;

/** Puts an explanation into the form in which the API tells it. */
export function viewPlan(explanation: DevicePlanExplanation): DevicePlanView {
  const { explainedAt, lanes, lastFullPoll, lastWalk, plan, ...rest } = explanation;
  return {
    ...rest,
    explainedAt: formatInstant(explainedAt),
    lanes: lanes.map(({ lastAt, nextAt, ...lane }) => ({
      ...lane,
      lastAt: instantOrNull(lastAt),
      nextAt: instantOrNull(nextAt),
    })),
    lastFullPoll: viewTraffic(lastFullPoll),
    lastWalk: viewTraffic(lastWalk),
    plan: plan && viewLearned(plan),
  };
}

function viewLearned(plan: PlanExplanation): Static<typeof LearnedPlanSchema> {
  return {
    ...plan,
    tables: plan.tables.map((table) => ({ ...table, learnedAt: formatInstant(table.learnedAt) })),
  };
}

function viewTraffic(traffic: PollTraffic | null): Static<typeof TrafficSchema> | null {
  return traffic && { ...traffic, at: formatInstant(traffic.at) };
}

function instantOrNull(at: EpochMs | null): string | null {
  return at === null ? null : formatInstant(at);
}
