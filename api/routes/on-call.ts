import { Type } from 'typebox';
import { planForDevice, planForIncident } from '../../alerting/page-plan.ts';
import { cleanText } from '../../lib/device-text.ts';
import type { ApiApp, RouteContext } from '../api-app.ts';
import { carryOutRefusable, Made } from '../carry-out.ts';
import { LONGEST_REASON } from '../limits.ts';
import { namesOf } from '../names.ts';
import { OnCallSchema, PlanSchema, viewOnCall, viewPagePlan } from '../on-call-view.ts';
import { problem, sendProblem } from '../problem.ts';
import { requireJson } from '../request-guard.ts';
import { GivenInstant, Id, IdParams, PROBLEMS } from '../schemas.ts';

const Reason = Type.Optional(Type.String({ maxLength: LONGEST_REASON }));

const onCallSchema = {
  operationId: 'getOnCall',
  tags: ['on call'],
  summary: 'Who is on call, who follows, and when nobody is',
  querystring: Type.Object({ at: Type.Optional(GivenInstant) }),
  response: { 200: OnCallSchema, ...PROBLEMS },
};

const planSchema = {
  operationId: 'getPagePlan',
  tags: ['on call'],
  summary:
    'Who would be paged, in what order, when, if a device failed now or nobody acknowledged an incident',
  querystring: Type.Object({ device: Type.Optional(Id), incident: Type.Optional(Id) }),
  response: { 200: PlanSchema, ...PROBLEMS },
};

const overrideSchema = {
  operationId: 'addOverride',
  tags: ['on call'],
  summary: 'A person is on call instead of another for a while',
  body: Type.Object(
    {
      by: Id,
      schedule: Id,
      person: Id,
      replaces: Type.Optional(Id),
      from: GivenInstant,
      to: GivenInstant,
      reason: Reason,
    },
    { additionalProperties: false },
  ),
  response: { 200: Made, ...PROBLEMS },
};

const Given = Type.Object(
  { person: Id, from: GivenInstant, to: GivenInstant },
  { additionalProperties: false },
);

const swapSchema = {
  operationId: 'swapTurns',
  tags: ['on call'],
  summary: 'Two people trade turns',
  body: Type.Object(
    { by: Id, schedule: Id, first: Given, second: Given, reason: Reason },
    { additionalProperties: false },
  ),
  response: { 200: Made, ...PROBLEMS },
};

const removalSchema = {
  operationId: 'removeOverride',
  tags: ['on call'],
  summary: 'Takes back an override, or a swap as a whole',
  params: IdParams,
  body: Type.Object({ by: Id }, { additionalProperties: false }),
  response: { 200: Made, ...PROBLEMS },
};

/** Who is on call, who would be paged, and the exceptions that people make. */
export function onCallRoutes(app: ApiApp, context: RouteContext): void {
  const { host, clock, getConfig } = context;
  const json = { onRequest: requireJson };
  app.get('/api/v1/oncall', { schema: onCallSchema }, async ({ query }) =>
    viewOnCall(
      getConfig(),
      host.state,
      query.at === undefined ? clock.now() : Date.parse(query.at),
    ),
  );

  app.get('/api/v1/oncall/plan', { schema: planSchema }, async ({ query }, reply) => {
    const { device, incident } = query;
    if ((device === undefined) === (incident === undefined)) {
      return sendProblem(reply, problem(400, 'Name either a device or an incident.'));
    }
    const now = clock.now();
    const plan =
      device === undefined
        ? planForIncident(host.state, incident!, now)
        : planForDevice(host.state, device, now);
    if (plan !== null) return viewPagePlan(plan, getConfig(), now);
    if (device !== undefined && namesOf(getConfig()).devices.has(device)) {
      return sendProblem(reply, problem(422, NO_INCIDENT, { type: 'urn:threenines:no-incident' }));
    }
    const what = device === undefined ? 'open incident' : 'device';
    return sendProblem(reply, problem(404, `There is no ${what} of that id.`));
  });

  app.post('/api/v1/oncall/overrides', { schema: overrideSchema, ...json }, ({ body }, reply) => {
    const { by, schedule, person, replaces, from, to } = body;
    return carryOutRefusable(context, reply, {
      type: 'add-override',
      ...{ by, scheduleId: schedule, personId: person, replacesId: replaces ?? null },
      ...{ from: Date.parse(from), to: Date.parse(to) },
      reason: cleanText(body.reason ?? '', LONGEST_REASON),
    });
  });

  app.post('/api/v1/oncall/swaps', { schema: swapSchema, ...json }, ({ body }, reply) => {
    const { by, schedule, first, second } = body;
    const given = ({ person, from, to }: typeof first) => {
      return { personId: person, from: Date.parse(from), to: Date.parse(to) };
    };
    return carryOutRefusable(context, reply, {
      type: 'swap-turns',
      ...{ by, scheduleId: schedule, first: given(first), second: given(second) },
      reason: cleanText(body.reason ?? '', LONGEST_REASON),
    });
  });

  app.post(
    '/api/v1/oncall/overrides/:id/removal',
    { schema: removalSchema, ...json },
    ({ params, body }, reply) => {
      const command = { type: 'remove-override', by: body.by, overrideId: params.id } as const;
      return carryOutRefusable(context, reply, command);
    },
  );
}

const NO_INCIDENT =
  'That it fails would open no incident within three hours: no rule says so, or work is planned on it.';
