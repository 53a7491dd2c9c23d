import { Type } from 'typebox';
import { cleanText } from '../../lib/device-text.ts';
import type { ApiApp, RouteContext } from '../api-app.ts';
import { carryOutRefusable, Made } from '../carry-out.ts';
import { LONGEST_NAME, LONGEST_NOTE } from '../limits.ts';
import { ReportSchema, viewReport } from '../procedure-view.ts';
import { requireJson } from '../request-guard.ts';
import { Id, IdParams, PROBLEMS, words } from '../schemas.ts';

const Text = words(LONGEST_NOTE);

const listSchema = {
  operationId: 'listCustomerReports',
  tags: ['customer reports'],
  summary: 'Faults that customers told: all that wait, and those answered in the last thirty days',
  response: { 200: Type.Object({ items: Type.Array(ReportSchema) }), ...PROBLEMS },
};

const addSchema = {
  operationId: 'reportFault',
  tags: ['customer reports'],
  summary: 'A customer reports a fault; it joins the incident that explains it',
  body: Type.Object(
    {
      by: Type.Optional(Id),
      customer: words(LONGEST_NAME),
      contact: Type.Optional(Type.String({ maxLength: LONGEST_NAME })),
      text: Text,
      device: Type.Optional(Id),
      site: Type.Optional(Id),
    },
    { additionalProperties: false },
  ),
  response: { 200: Made, ...PROBLEMS },
};

const reply = (operationId: string, summary: string) => ({
  ...{ operationId, summary, tags: ['customer reports'], params: IdParams },
  body: Type.Object({ by: Id, text: Text }, { additionalProperties: false }),
  response: { 200: Made, ...PROBLEMS },
});

/** What customers report: taken down, responded to within an hour, answered within a day. */
export function customerReportRoutes(app: ApiApp, context: RouteContext): void {
  const { host, getConfig } = context;
  const json = { onRequest: requireJson };
  app.get('/api/v1/customer-reports', { schema: listSchema }, async () => ({
    items: [...host.state.reports.values()]
      .toReversed()
      .map((report) => viewReport(report, getConfig())),
  }));
  app.post('/api/v1/customer-reports', { schema: addSchema, ...json }, ({ body }, answer) =>
    carryOutRefusable(context, answer, {
      ...{ type: 'report-fault', by: body.by ?? null },
      customer: cleanText(body.customer, LONGEST_NAME),
      contact: cleanText(body.contact ?? '', LONGEST_NAME),
      text: cleanText(body.text, LONGEST_NOTE),
      ...{ deviceId: body.device ?? null, siteId: body.site ?? null },
    }),
  );
  for (const [noun, type, schema] of [
    ['response', 'respond-to-report', reply('respondToReport', 'The customer was responded to')],
    ['answer', 'answer-report', reply('answerReport', 'The customer was told what it was')],
  ] as const) {
    app.post(
      `/api/v1/customer-reports/:id/${noun}`,
      { schema, ...json },
      ({ params, body }, answer) =>
        carryOutRefusable(context, answer, {
          ...{ type, by: body.by, reportId: params.id, text: cleanText(body.text, LONGEST_NOTE) },
        }),
    );
  }
}
