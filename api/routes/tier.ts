import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import type { TierCommand } from '../../alerting/inputs.ts';
import { cleanText } from '../../lib/device-text.ts';
import type { ApiApp, RouteContext } from '../api-app.ts';
import { refuseOrCarryOut } from '../carry-out.ts';
import { IncidentDetailSchema, viewIncidentDetail } from '../incident-view.ts';
import { LONGEST_NOTE } from '../limits.ts';
import { sendProblem } from '../problem.ts';
import { requireJson } from '../request-guard.ts';
import { Id, IdParams, PROBLEMS, TierNumber } from '../schemas.ts';
import { noSuchIncident } from './incidents.ts';

const Reason = Type.String({ maxLength: LONGEST_NOTE });

const answering = (operationId: string, summary: string) => ({
  ...{ operationId, summary, tags: ['incidents'], params: IdParams },
  response: { 200: IncidentDetailSchema, ...PROBLEMS },
});

const setSchema = {
  ...answering('setTier', 'A person sets the tier; a milder one needs a reason'),
  description:
    'Holds against the rules until it is taken back or the incident is over. Facts that call for a tier worse than this one and than the rules called for now still apply at once. Milder than tier 1 waits for a second person; milder than what customers were told is refused.',
  body: Type.Object(
    { by: Id, tier: TierNumber, reason: Type.Optional(Reason) },
    { additionalProperties: false },
  ),
};

const confirmSchema = {
  ...answering('confirmTier', 'A second person agrees to lower an incident of tier 1'),
  body: Type.Object({ by: Id }, { additionalProperties: false }),
};

const releaseSchema = {
  ...answering('releaseTier', 'Leaves the tier to the rules again'),
  body: Type.Object({ by: Id, reason: Type.Optional(Reason) }, { additionalProperties: false }),
};

/** The tier as a person sees it. Each answers with the incident as it is afterwards. */
export function tierRoutes(app: ApiApp, context: RouteContext): void {
  const json = { onRequest: requireJson };
  const path = '/api/v1/incidents/:id';
  app.post(`${path}/tier`, { schema: setSchema, ...json }, ({ params, body }, reply) =>
    carryOut(context, reply, {
      ...{ type: 'set-tier', incidentId: params.id, by: body.by, tier: body.tier },
      reason: cleanText(body.reason ?? '', LONGEST_NOTE).trim(),
    }),
  );
  app.post(
    `${path}/tier-confirmation`,
    { schema: confirmSchema, ...json },
    ({ params, body }, reply) =>
      carryOut(context, reply, { type: 'confirm-tier', incidentId: params.id, by: body.by }),
  );
  app.post(`${path}/tier-release`, { schema: releaseSchema, ...json }, ({ params, body }, reply) =>
    carryOut(context, reply, {
      ...{ type: 'release-tier', incidentId: params.id, by: body.by },
      reason: cleanText(body.reason ?? '', LONGEST_NOTE).trim(),
    }),
  );
}

async function carryOut(context: RouteContext, reply: FastifyReply, command: TierCommand) {
  const refused = await refuseOrCarryOut(context, reply, command);
  if (refused !== null) return refused;
  const record = context.archive.find(command.incidentId);
  if (record === null) return sendProblem(reply, noSuchIncident());
  const { host, clock } = context;
  return viewIncidentDetail(record, context.getConfig(), host.state, clock.now());
}
