import { type Static, Type } from 'typebox';
import { TIER_NAMES } from '../../alerting/page-messages.ts';
import { TIERS } from '../../config/model.ts';
import { formatInstant } from '../../lib/time.ts';
import type { ApiApp, RouteContext } from '../api-app.ts';
import { countHealth, HealthCounts } from '../health-counts.ts';
import { deriveResponseClock } from '../response-clock.ts';
import {
  Instant,
  LocalTextSchema,
  NullableInstant,
  NullableInteger,
  oneOf,
  PROBLEMS,
  TierNumber,
} from '../schemas.ts';

const TierCounts = Type.Object({
  tier: TierNumber,
  name: LocalTextSchema,
  /** Not yet acknowledged, and of them those whose response time is over. */
  open: Type.Integer(),
  breached: Type.Integer(),
  acknowledged: Type.Integer(),
});

const SummarySchema = Type.Object({
  product: Type.String(),
  now: Instant,
  timeZone: Type.String(),
  language: oneOf(['en', 'zh-CN']),
  /** True for the built-in demo network. */
  demo: Type.Boolean(),
  /** Whether the demo network can be broken through `/api/v1/lab`. */
  lab: Type.Boolean(),
  /** Until when the collector is known to have observed; null before the first time. */
  dataAt: NullableInstant,
  dataAgeMs: NullableInteger,
  /** Sequence number of the last journal entry: where to start reading the event stream. */
  sequence: Type.Integer(),
  devices: HealthCounts,
  tiers: Type.Array(TierCounts),
});

const schema = {
  operationId: 'getSummary',
  tags: ['summary'],
  summary: 'Counts by health and tier, and how fresh they are',
  response: { 200: SummarySchema, ...PROBLEMS },
};

/** `GET /api/v1/summary`: counts, the age of the data, and where the event stream stands. */
export function summaryRoutes(app: ApiApp, context: RouteContext): void {
  app.get('/api/v1/summary', { schema }, async () => viewSummary(context));
}

function viewSummary(context: RouteContext): Static<typeof SummarySchema> {
  const { host, clock, journal } = context;
  const config = context.getConfig();
  const now = clock.now();
  const { leaseAt } = host.state;
  return {
    product: 'Threenines',
    now: formatInstant(now),
    timeZone: config.service.timeZone,
    language: config.service.language,
    demo: config.service.demo,
    lab: context.lab !== null,
    dataAt: leaseAt === null ? null : formatInstant(leaseAt),
    dataAgeMs: leaseAt === null ? null : Math.max(0, now - leaseAt),
    sequence: journal.lastSequence(),
    devices: countHealth(config.devices, host.state),
    tiers: countTiers(context, now),
  };
}

function countTiers(context: RouteContext, now: number) {
  const live = context.archive.live();
  return TIERS.map((tier) => {
    const ofTier = live.filter((record) => record.tier === tier);
    const open = ofTier.filter((record) => record.acknowledgedAt === null);
    const breached = open.filter(
      (record) => deriveResponseClock(record, now).status === 'breached',
    ).length;
    const acknowledged = ofTier.length - open.length;
    return { tier, name: TIER_NAMES[tier], open: open.length, breached, acknowledged };
  });
}
