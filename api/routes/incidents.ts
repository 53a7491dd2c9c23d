import { Type } from 'typebox';
import { formatInstant } from '../../lib/time.ts';
import type { ApiApp, RouteContext } from '../api-app.ts';
import { sentenceOf } from '../event-sentence.ts';
import { INCIDENT_ID } from '../incident-archive.ts';
import type { IncidentRecord } from '../incident-record.ts';
import {
  IncidentDetailSchema,
  IncidentSummarySchema,
  statusOf,
  viewIncident,
  viewIncidentDetail,
} from '../incident-view.ts';
import { MOST_TIMELINE_ENTRIES } from '../limits.ts';
import { problem, sendProblem } from '../problem.ts';
import {
  IdParams,
  Instant,
  LocalTextSchema,
  listOf,
  NullableInteger,
  oneOf,
  PageQuery,
  PROBLEMS,
} from '../schemas.ts';

const IncidentQuery = Type.Object({
  ...PageQuery,
  cursor: Type.Optional(
    Type.String({
      pattern: INCIDENT_ID.source,
      description: 'the nextCursor of the page before, such as inc-000017',
    }),
  ),
  status: Type.Unsafe<'open' | 'acknowledged' | 'resolved' | 'all'>({
    ...oneOf(['open', 'acknowledged', 'resolved', 'all']),
    default: 'all',
  }),
  tier: Type.Optional(Type.Integer({ minimum: 1, maximum: 4 })),
});

const TimelineQuery = Type.Object({
  /** Only entries after this sequence number. */
  after: Type.Integer({ minimum: 0, default: 0 }),
});

const TimelineSchema = Type.Object({
  items: Type.Array(
    Type.Object({
      sequence: Type.Integer(),
      at: Instant,
      type: Type.String(),
      text: LocalTextSchema,
    }),
  ),
  /** Ask again `after` this sequence number; null when this is all. */
  nextAfter: NullableInteger,
});

const listSchema = {
  operationId: 'listIncidents',
  tags: ['incidents'],
  summary: 'Incidents, newest first',
  querystring: IncidentQuery,
  response: { 200: listOf(IncidentSummarySchema), ...PROBLEMS },
};

const detailSchema = {
  operationId: 'getIncident',
  tags: ['incidents'],
  summary: 'One incident: why its tier, what belongs to it, its response clock, its pages',
  params: IdParams,
  response: { 200: IncidentDetailSchema, ...PROBLEMS },
};

const timelineSchema = {
  operationId: 'getIncidentTimeline',
  tags: ['incidents'],
  summary: 'Everything that happened in an incident, oldest first',
  params: IdParams,
  querystring: TimelineQuery,
  response: { 200: TimelineSchema, ...PROBLEMS },
};

/** `GET /api/v1/incidents` by cursor, one incident, and its timeline; 404 when there never was such an incident. */
export function incidentRoutes(app: ApiApp, context: RouteContext): void {
  app.get('/api/v1/incidents', { schema: listSchema }, async ({ query }) => {
    const config = context.getConfig();
    const now = context.clock.now();
    const { records, nextCursor } = collect(context, query);
    const { state } = context.host;
    return { items: records.map((record) => viewIncident(record, config, state, now)), nextCursor };
  });

  app.get('/api/v1/incidents/:id', { schema: detailSchema }, async ({ params }, reply) => {
    const record = context.archive.find(params.id);
    if (record === null) return sendProblem(reply, noSuchIncident());
    const { host, clock } = context;
    return viewIncidentDetail(record, context.getConfig(), host.state, clock.now());
  });

  app.get(
    '/api/v1/incidents/:id/timeline',
    { schema: timelineSchema },
    async ({ params, query }, reply) => {
      if (context.archive.find(params.id) === null) return sendProblem(reply, noSuchIncident());
      return viewTimeline(context, params.id, query.after);
    },
  );
}

/** The problem for an incident id that was never given out. */
export function noSuchIncident() {
  return problem(404, 'There is no incident of that id.');
}

interface Wanted {
  readonly status: 'open' | 'acknowledged' | 'resolved' | 'all';
  readonly tier?: number;
  readonly limit: number;
  readonly cursor?: string;
}

/** Up to `limit` incidents that match, and where to go on. */
function collect(context: RouteContext, wanted: Wanted) {
  const matches = (record: IncidentRecord) =>
    (wanted.status === 'all' || statusOf(record) === wanted.status) &&
    (wanted.tier === undefined || record.tier === wanted.tier);
  const records: IncidentRecord[] = [];
  if (wanted.status === 'open' || wanted.status === 'acknowledged') {
    const live = context.archive
      .live()
      .filter(({ id }) => wanted.cursor === undefined || isBefore(id, wanted.cursor))
      .filter(matches);
    records.push(...live.slice(0, wanted.limit));
    return { records, nextCursor: live.length > records.length ? records.at(-1)!.id : null };
  }
  const source = context.archive.newestFirst(wanted.cursor ?? null);
  for (let step = source.next(); ; step = source.next()) {
    if (step.done) return { records, nextCursor: step.value };
    if (!matches(step.value)) continue;
    records.push(step.value);
    if (records.length === wanted.limit) return { records, nextCursor: step.value.id };
  }
}

/** Incident ids have a number with leading zeros that may outgrow them. */
function isBefore(id: string, cursor: string): boolean {
  return id.length === cursor.length ? id < cursor : id.length < cursor.length;
}

function viewTimeline(context: RouteContext, id: string, after: number) {
  const config = context.getConfig();
  const items = [];
  let nextAfter: number | null = null;
  for (const entry of context.journal.read({ subject: id, fromSequence: after + 1 })) {
    if (!('incidentId' in entry.event)) continue;
    if (items.length === MOST_TIMELINE_ENTRIES) {
      nextAfter = items.at(-1)!.sequence;
      break;
    }
    const { sequence, at, event } = entry;
    const text = sentenceOf(event, config);
    items.push({ sequence, at: formatInstant(at), type: event.type, text });
  }
  return { items, nextAfter };
}
