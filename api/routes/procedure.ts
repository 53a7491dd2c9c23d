import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import type { ProcedureCommand } from '../../alerting/inputs.ts';
import { RECORDED_STAGES } from '../../alerting/procedure.ts';
import { cleanText } from '../../lib/device-text.ts';
import { exportTimeline } from '../../storage/timeline-export.ts';
import type { ApiApp, RouteContext } from '../api-app.ts';
import { refuseOrCarryOut } from '../carry-out.ts';
import { LONGEST_NOTE, MOST_ACTIONS } from '../limits.ts';
import { sendProblem } from '../problem.ts';
import { ProcedureSchema, viewProcedure } from '../procedure-view.ts';
import { requireJson } from '../request-guard.ts';
import { GivenInstant, Id, IdParams, oneOf, PROBLEMS, words } from '../schemas.ts';
import { noSuchIncident } from './incidents.ts';

const Text = words(LONGEST_NOTE);
const LONGEST_REFERENCE = 200;

const answering = (operationId: string, summary: string) => ({
  ...{ operationId, summary, tags: ['incidents'], params: IdParams },
  response: { 200: ProcedureSchema, ...PROBLEMS },
});

const stageSchema = {
  ...answering('recordStage', 'A step of the procedure: reported up, assigned, contained'),
  body: Type.Object(
    {
      by: Id,
      stage: oneOf(RECORDED_STAGES),
      person: Type.Optional(Id),
      text: Type.Optional(Type.String({ maxLength: LONGEST_NOTE })),
    },
    { additionalProperties: false },
  ),
};

const noticeSchema = {
  ...answering('publishNotice', 'Tells customers of progress and when it is expected to be over'),
  body: Type.Object(
    { by: Id, text: Text, expectedAt: Type.Optional(GivenInstant) },
    { additionalProperties: false },
  ),
};

const DueOn = Type.String({
  format: 'date',
  description: 'a date of the calendar, such as 2026-12-31',
  examples: ['2026-12-31'],
});

const reviewSchema = {
  ...answering('writeReview', 'Root cause and corrective actions, after the end'),
  body: Type.Object(
    {
      by: Id,
      rootCause: Text,
      actions: Type.Array(
        Type.Object({ text: Text, owner: Id, dueOn: DueOn }, { additionalProperties: false }),
        { maxItems: MOST_ACTIONS },
      ),
    },
    { additionalProperties: false },
  ),
};

const closureSchema = {
  ...answering('closeIncident', 'Nothing is left to do; tiers 1 and 2 need their review first'),
  body: Type.Object({ by: Id }, { additionalProperties: false }),
};

const approvalSchema = {
  ...answering('approveReview', 'Somebody else than its author approves the review'),
  body: Type.Object({ by: Id }, { additionalProperties: false }),
};

const authoritySchema = {
  ...answering(
    'recordAuthorityTold',
    'An authority was told of the incident, when and under which name',
  ),
  body: Type.Object(
    {
      ...{ by: Id, authority: Id, toldAt: Type.Optional(GivenInstant) },
      reference: Type.Optional(Type.String({ maxLength: LONGEST_REFERENCE })),
      text: Type.Optional(Type.String({ maxLength: LONGEST_NOTE })),
    },
    { additionalProperties: false },
  ),
};

const exportSchema = {
  operationId: 'exportTimeline',
  tags: ['incidents'],
  summary: 'Every entry of the incident, hash-chained; `threenines timeline verify` proves it',
  params: IdParams,
  response: {
    200: Type.Object({
      format: Type.String(),
      incidentId: Type.String(),
      exportedAt: Type.Integer(),
      entries: Type.Array(
        Type.Object({
          sequence: Type.Integer(),
          at: Type.Integer(),
          event: Type.Unsafe<unknown>({ type: 'object', additionalProperties: true }),
          journalHash: Type.String(),
          hash: Type.String(),
        }),
      ),
      hash: Type.String(),
    }),
    ...PROBLEMS,
  },
};

/** The procedure of an incident beyond its response: stages, notices, review, closure, export. */
export function procedureRoutes(app: ApiApp, context: RouteContext): void {
  const json = { onRequest: requireJson };
  const path = '/api/v1/incidents/:id';
  app.get(
    `${path}/procedure`,
    { schema: answering('getProcedure', 'Where an incident stands in its procedure') },
    async ({ params }, reply) => answer(context, reply, params.id),
  );
  app.post(`${path}/stages`, { schema: stageSchema, ...json }, ({ params, body }, reply) =>
    carryOut(context, reply, {
      ...{ type: 'reach-stage', incidentId: params.id, by: body.by, stage: body.stage },
      ...{ text: cleanText(body.text ?? '', LONGEST_NOTE), personId: body.person ?? null },
    }),
  );
  app.post(`${path}/notices`, { schema: noticeSchema, ...json }, ({ params, body }, reply) =>
    carryOut(context, reply, {
      ...{ type: 'publish-notice', incidentId: params.id, by: body.by },
      text: cleanText(body.text, LONGEST_NOTE),
      expectedAt: body.expectedAt === undefined ? null : Date.parse(body.expectedAt),
    }),
  );
  app.post(`${path}/review`, { schema: reviewSchema, ...json }, ({ params, body }, reply) =>
    carryOut(context, reply, {
      ...{ type: 'write-review', incidentId: params.id, by: body.by },
      review: {
        rootCause: cleanText(body.rootCause, LONGEST_NOTE),
        actions: body.actions.map(({ text, owner, dueOn }) => ({
          ...{ text: cleanText(text, LONGEST_NOTE), ownerId: owner, dueOn },
        })),
      },
    }),
  );
  app.post(`${path}/closure`, { schema: closureSchema, ...json }, ({ params, body }, reply) =>
    carryOut(context, reply, { type: 'close', incidentId: params.id, by: body.by }),
  );
  app.post(
    `${path}/review-approval`,
    { schema: approvalSchema, ...json },
    ({ params, body }, reply) =>
      carryOut(context, reply, { type: 'approve-review', incidentId: params.id, by: body.by }),
  );
  app.post(
    `${path}/authority-reports`,
    { schema: authoritySchema, ...json },
    ({ params, body }, reply) =>
      carryOut(context, reply, {
        ...{ type: 'tell-authority', incidentId: params.id, by: body.by },
        authorityId: body.authority,
        toldAt: body.toldAt === undefined ? null : Date.parse(body.toldAt),
        reference: cleanText(body.reference ?? '', LONGEST_REFERENCE),
        text: cleanText(body.text ?? '', LONGEST_NOTE),
      }),
  );
  app.get(`${path}/export`, { schema: exportSchema }, async ({ params: { id } }, reply) => {
    if (context.archive.find(id) === null) return sendProblem(reply, noSuchIncident());
    const entries = context.journal.read({ subject: id });
    reply.header('content-disposition', `attachment; filename="${id}.timeline.json"`);
    const { entries: chained, ...rest } = exportTimeline(id, entries, context.clock.now());
    return { ...rest, entries: [...chained] };
  });
}

async function carryOut(context: RouteContext, reply: FastifyReply, command: ProcedureCommand) {
  const refused = await refuseOrCarryOut(context, reply, command);
  return refused ?? answer(context, reply, command.incidentId);
}

function answer(context: RouteContext, reply: FastifyReply, id: string) {
  const record = context.archive.find(id);
  if (record === null) return sendProblem(reply, noSuchIncident());
  const reports = [...context.host.state.reports.values()].filter(
    ({ incidentId }) => incidentId === id,
  );
  const { archive, clock, getConfig } = context;
  return viewProcedure(record, archive.events(id), reports, getConfig(), clock.now());
}
