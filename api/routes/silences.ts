import { type Static, Type } from 'typebox';
import { graphOf } from '../../alerting/graph.ts';
import { labelsOf, matches, silenceOver, silenceStatus } from '../../alerting/silence.ts';
import type { EngineState, HeldSilence } from '../../alerting/state.ts';
import type { Config } from '../../config/model.ts';
import { cleanText } from '../../lib/device-text.ts';
import { parseLabelPattern } from '../../lib/label-pattern.ts';
import { type EpochMs, formatInstant } from '../../lib/time.ts';
import type { ApiApp, RouteContext } from '../api-app.ts';
import { carryOutRefusable, Made } from '../carry-out.ts';
import { LONGEST_REASON, MOST_MATCHERS } from '../limits.ts';
import { namesOf } from '../names.ts';
import { problem, sendProblem } from '../problem.ts';
import { requireJson } from '../request-guard.ts';
import { GivenInstant, Id, IdParams, Instant, oneOf, PROBLEMS, words } from '../schemas.ts';

const PersonRef = Type.Object({ id: Type.String(), name: Type.String() });

const MatcherSchema = Type.Object(
  {
    name: Type.String({
      pattern: '^[A-Za-z_][A-Za-z0-9_]{0,62}$',
      description:
        'device, site, role, tag, fault, component, incident, tier, severity, or a label of an alert',
    }),
    values: Type.Array(Type.String({ minLength: 1, maxLength: 256 }), {
      minItems: 1,
      maxItems: 100,
    }),
    isEqual: Type.Optional(
      Type.Boolean({ description: 'false: matches what has none of the values; true if left out' }),
    ),
    isPattern: Type.Optional(
      Type.Boolean({
        description:
          'true: the values are regular expressions as RE2 has them, for the whole text; false if left out',
      }),
    ),
  },
  { additionalProperties: false },
);

const SilenceSchema = Type.Object({
  id: Type.String(),
  status: oneOf(['pending', 'active', 'expired']),
  owner: PersonRef,
  reason: Type.String(),
  createdBy: PersonRef,
  createdAt: Instant,
  startsAt: Instant,
  endsAt: Instant,
  matchers: Type.Array(
    Type.Object({
      name: Type.String(),
      values: Type.Array(Type.String()),
      isEqual: Type.Boolean(),
      isPattern: Type.Boolean(),
    }),
  ),
  /** Who agreed that it hides tier 1 too; null: it hides nothing of tier 1. */
  confirmedBy: Type.Union([PersonRef, Type.Null()]),
  /** Incidents of which it has kept pages back. */
  hiddenIncidentIds: Type.Array(Type.String()),
  /** Open incidents that it matches, and whether it hides them now. */
  matchingIncidents: Type.Array(Type.Object({ id: Type.String(), isHidden: Type.Boolean() })),
});

const listSchema = {
  operationId: 'listSilences',
  tags: ['silences'],
  summary: 'Silences in force, to come, and ended in the last thirty days, newest first',
  response: { 200: Type.Object({ items: Type.Array(SilenceSchema) }), ...PROBLEMS },
};

const addSchema = {
  operationId: 'addSilence',
  tags: ['silences'],
  summary: 'What matches pages nobody for a while; tier 1 only when a second person confirms',
  body: Type.Object(
    {
      by: Id,
      owner: Type.Optional(Id),
      reason: words(LONGEST_REASON),
      matchers: Type.Array(MatcherSchema, { minItems: 1, maxItems: MOST_MATCHERS }),
      startsAt: Type.Optional(GivenInstant),
      endsAt: GivenInstant,
    },
    { additionalProperties: false },
  ),
  response: { 200: Made, ...PROBLEMS },
};

const By = Type.Object({ by: Id }, { additionalProperties: false });

const commandSchema = (operationId: string, summary: string) => ({
  ...{ operationId, summary, tags: ['silences'], params: IdParams, body: By },
  response: { 200: Made, ...PROBLEMS },
});

const extendSchema = {
  ...commandSchema('extendSilence', 'It ends later, at most 7 days from now; to be confirmed anew'),
  body: Type.Object({ by: Id, endsAt: GivenInstant }, { additionalProperties: false }),
};

/** Silences: made, confirmed by a second person, extended and ended. */
export function silenceRoutes(app: ApiApp, context: RouteContext): void {
  const { host, clock, getConfig } = context;
  const json = { onRequest: requireJson };
  app.get('/api/v1/silences', { schema: listSchema }, async () => ({
    items: [...host.state.silences.values()]
      .toReversed()
      .map((silence) => viewSilence(silence, host.state, getConfig(), clock.now())),
  }));

  app.post('/api/v1/silences', { schema: addSchema, ...json }, async ({ body }, reply) => {
    const { by, owner = by, matchers, startsAt, endsAt } = body;
    const errors = matchers.flatMap(patternProblems);
    if (errors.length > 0) return sendProblem(reply, problem(400, NOT_UNDERSTOOD, { errors }));
    return carryOutRefusable(context, reply, {
      type: 'add-silence',
      ...{ by, owner, reason: cleanText(body.reason, LONGEST_REASON) },
      matchers: matchers.map(({ name, values, isEqual = true, isPattern }) => ({
        ...{ name, values, isEqual },
        ...(isPattern === true ? { isPattern } : {}),
      })),
      startsAt: startsAt === undefined ? null : Date.parse(startsAt),
      endsAt: Date.parse(endsAt),
    });
  });

  app.post(
    '/api/v1/silences/:id/confirmation',
    {
      schema: commandSchema('confirmSilence', 'A second person agrees that it hides tier 1 too'),
      ...json,
    },
    ({ params, body }, reply) =>
      carryOutRefusable(context, reply, {
        ...{ type: 'confirm-silence', by: body.by, silenceId: params.id },
      }),
  );

  app.post(
    '/api/v1/silences/:id/extension',
    { schema: extendSchema, ...json },
    ({ params, body }, reply) =>
      carryOutRefusable(context, reply, {
        ...{ type: 'extend-silence', by: body.by, silenceId: params.id },
        endsAt: Date.parse(body.endsAt),
      }),
  );

  app.post(
    '/api/v1/silences/:id/end',
    {
      schema: commandSchema('endSilence', 'It ends now; what is due of open incidents is paged'),
      ...json,
    },
    ({ params, body }, reply) =>
      carryOutRefusable(context, reply, {
        ...{ type: 'end-silence', by: body.by, silenceId: params.id },
      }),
  );
}

const NOT_UNDERSTOOD = 'A pattern is not understood.';

function patternProblems({ values, isPattern }: Static<typeof MatcherSchema>, index: number) {
  if (isPattern !== true) return [];
  return values.flatMap((value, at) => {
    const pattern = parseLabelPattern(value);
    if (!('problem' in pattern)) return [];
    return [{ pointer: `/matchers/${index}/values/${at}`, message: pattern.problem }];
  });
}

function viewSilence(silence: HeldSilence, state: EngineState, config: Config, now: EpochMs) {
  const names = namesOf(config);
  const person = (id: string) => ({ id, name: names.person(id) });
  const { id, reason, confirmedBy } = silence;
  return {
    ...{ id, reason, status: silenceStatus(silence, now) },
    owner: person(silence.owner),
    createdBy: person(silence.createdBy),
    createdAt: formatInstant(silence.createdAt),
    startsAt: formatInstant(silence.startsAt),
    endsAt: formatInstant(silence.endsAt),
    matchers: silence.matchers.map(({ name, values, isEqual, isPattern = false }) => ({
      ...{ name, values: [...values], isEqual, isPattern },
    })),
    confirmedBy: confirmedBy === null ? null : person(confirmedBy),
    hiddenIncidentIds: [...silence.hiddenIncidentIds],
    matchingIncidents: matchingIncidents(silence, state, now),
  };
}

function matchingIncidents(silence: HeldSilence, state: EngineState, now: EpochMs) {
  if (state.topology === null || silenceStatus(silence, now) === 'expired') return [];
  const graph = graphOf(state.topology);
  const alone = { silences: new Map([[silence.id, silence]]), faults: state.faults };
  return [...state.openIncidentIds].flatMap((id) => {
    const incident = state.incidents.get(id)!;
    if (!matches(silence.matchers, labelsOf(graph, incident, state.faults))) return [];
    return [{ id, isHidden: silenceOver(alone, graph, incident, now) !== null }];
  });
}
