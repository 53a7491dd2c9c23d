import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { CommandOutcome, IncidentCommand } from '../../alerting/inputs.ts';
import { cleanText } from '../../lib/device-text.ts';
import type { ApiApp, RouteContext } from '../api-app.ts';
import { IncidentDetailSchema, viewIncidentDetail } from '../incident-view.ts';
import { LONGEST_NOTE } from '../limits.ts';
import { namesOf } from '../names.ts';
import { problem, sendProblem } from '../problem.ts';
import { requireJson } from '../request-guard.ts';
import { Id, IdParams, PROBLEMS, words } from '../schemas.ts';
import { noSuchIncident } from './incidents.ts';

const ByWithText = Type.Object(
  { by: Id, text: words(LONGEST_NOTE) },
  { additionalProperties: false },
);

const Acknowledgement = Type.Object(
  {
    by: Id,
    takeOver: Type.Optional(
      Type.Boolean({
        description: 'Somebody who is not of its escalation joins it and acknowledges.',
      }),
    ),
    episode: Type.Optional(
      Type.Integer({
        minimum: 1,
        description:
          'The outbreak that is meant, as the incident showed it; a later one is refused.',
      }),
    ),
  },
  { additionalProperties: false },
);

const response = { 200: IncidentDetailSchema, ...PROBLEMS };

const acknowledgeSchema = {
  operationId: 'acknowledgeIncident',
  tags: ['incidents'],
  summary: 'A person takes the incident over; escalation stops',
  description:
    'Somebody of its escalation, who was paged about it, or who may answer for every incident. Anybody else is refused (403), which goes on record, unless they take it over.',
  params: IdParams,
  body: Acknowledgement,
  response,
};

const resolveSchema = {
  operationId: 'resolveIncident',
  tags: ['incidents'],
  summary: 'A person declares the incident over',
  params: IdParams,
  body: ByWithText,
  response,
};

const noteSchema = {
  operationId: 'addIncidentNote',
  tags: ['incidents'],
  summary: 'Writes a remark into the timeline',
  params: IdParams,
  body: ByWithText,
  response,
};

/** Commands are nouns under the incident. Each answers with the incident as it is afterwards. */
export function incidentCommandRoutes(app: ApiApp, context: RouteContext): void {
  const json = { onRequest: requireJson };
  app.post(
    '/api/v1/incidents/:id/acknowledgement',
    { schema: acknowledgeSchema, ...json },
    async (request, reply) => {
      const { by, takeOver, episode } = request.body;
      const incidentId = request.params.id;
      return carryOut(context, reply, {
        ...{ type: 'acknowledge', incidentId, by, via: viaOf(request) },
        ...(takeOver === true ? { takesOver: true } : {}),
        ...(episode === undefined ? {} : { episode }),
      });
    },
  );
  app.post(
    '/api/v1/incidents/:id/resolution',
    { schema: resolveSchema, ...json },
    async ({ params, body }, reply) => {
      const text = cleanText(body.text, LONGEST_NOTE);
      const { by } = body;
      return carryOut(context, reply, { type: 'resolve', incidentId: params.id, by, text });
    },
  );
  app.post(
    '/api/v1/incidents/:id/notes',
    { schema: noteSchema, ...json },
    async ({ params, body }, reply) => {
      const text = cleanText(body.text, LONGEST_NOTE);
      const { by } = body;
      return carryOut(context, reply, { type: 'note', incidentId: params.id, by, text });
    },
  );
}

/** A browser on the console says where the request comes from; a program does not. */
function viaOf(request: FastifyRequest): string {
  return request.headers['sec-fetch-site'] === 'same-origin' ? 'console' : 'api';
}

async function carryOut(context: RouteContext, reply: FastifyReply, command: IncidentCommand) {
  const { people } = namesOf(context.getConfig());
  if (!people.has(command.by)) return sendProblem(reply, noSuchPerson([...people.keys()]));
  const outcome = await context.host.command(command);
  if (!outcome.accepted) return sendProblem(reply, refusal(outcome, context));
  const record = context.archive.find(command.incidentId);
  if (record === null) return sendProblem(reply, noSuchIncident());
  const { host, clock } = context;
  return viewIncidentDetail(record, context.getConfig(), host.state, clock.now());
}

function noSuchPerson(known: readonly string[]) {
  return problem(422, 'There is no person of that id.', {
    type: 'urn:threenines:no-such-person',
    known,
  });
}

type Refused = Extract<CommandOutcome, { accepted: false }>;

function refusal({ reason, by }: Refused, context: RouteContext) {
  const name = by === null ? null : namesOf(context.getConfig()).person(by);
  const facts = { type: `urn:threenines:${reason}`, by, name };
  switch (reason) {
    case 'no-such-incident':
      return noSuchIncident();
    case 'already-acknowledged':
      return problem(409, `${name ?? 'Someone'} has already acknowledged it.`, facts);
    case 'already-resolved':
      return problem(409, 'The incident is already resolved.', facts);
    case 'still-failing':
      return problem(409, 'The cause is still failing, so the incident cannot be resolved.', facts);
    case 'not-on-chain':
      return problem(
        403,
        'The escalation of this incident does not lead to that person. Whoever is to answer all the same takes it over.',
        facts,
      );
    case 'other-episode':
      return problem(409, 'It has happened again, or changed, since then: look at it anew.', facts);
    default:
      return problem(422, 'It cannot be done as asked.', facts);
  }
}
