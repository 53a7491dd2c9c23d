import { Type } from 'typebox';
import type { Config } from '../../config/model.ts';
import { type EpochMs, formatInstant } from '../../lib/time.ts';
import type { Amendment } from '../../reports/amendments.ts';
import { CSV_TABLES } from '../../reports/documents/render-csv.ts';
import { PAGE_CSP } from '../../reports/documents/render-html.ts';
import { LEDGER_STATES } from '../../reports/ledger.ts';
import type { ApiApp, RouteContext } from '../api-app.ts';
import { problem, sendProblem } from '../problem.ts';
import {
  type ArchivedReport,
  RECIPIENT_STATES,
  REPORT_FORMATS,
  type ReportFormat,
  type ReportJob,
  type ReportRefusal,
} from '../report-desk.ts';
import {
  Id,
  IdParams,
  Instant,
  LocalTextSchema,
  NullableInstant,
  NullableString,
  oneOf,
  PROBLEMS,
  textAnswer,
} from '../schemas.ts';

const PeriodName = Type.String({
  pattern: '^\\d{4}(-(Q[1-4]|W\\d{2}|\\d{2}(-\\d{2})?))?$',
  description: 'a period: 2026-11, 2026-Q4, 2026, 2026-W47 or 2026-11-22',
});

const Order = Type.Object(
  {
    period: PeriodName,
    siteId: Type.Optional(Id),
    format: oneOf(REPORT_FORMATS),
    language: Type.Optional(oneOf(['en', 'zh-CN'])),
    table: Type.Optional(oneOf(CSV_TABLES)),
    freeze: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);

/** Of one site, or, both null, of everything. */
const SCOPE = {
  siteId: NullableString,
  siteName: Type.Union([Type.String(), Type.Null()], {
    description: 'The id where the configuration has no such site',
  }),
};

const Job = Type.Object({
  id: Type.String(),
  period: Type.String(),
  ...SCOPE,
  format: oneOf(REPORT_FORMATS),
  language: oneOf(['en', 'zh-CN']),
  state: oneOf(['waiting', 'running', 'done', 'failed']),
  progressRatio: Type.Number(),
  failure: NullableString,
  orderedAt: Instant,
});

const PERSON = {
  personId: Type.String(),
  personName: Type.String({ description: 'The id where the configuration has no such person' }),
};
const Recipient = Type.Object({
  ...PERSON,
  state: oneOf(RECIPIENT_STATES),
  revision: Type.Integer({ description: 'Which one the copy is of, an earlier one perhaps' }),
  tries: Type.Integer(),
  lastTryAt: NullableInstant,
  nextTryAt: NullableInstant,
  detail: Type.Union([LocalTextSchema, Type.Null()]),
});

const Archived = Type.Object({
  period: Type.String(),
  timeZone: Type.String(),
  ...SCOPE,
  revision: Type.Integer(),
  frozenAt: Instant,
  inputsHash: Type.String(),
  documentHash: Type.String(),
  by: Type.String(),
  sentAt: NullableInstant,
  recipients: Type.Array(Recipient),
  earlierCopies: Type.Array(Type.Object({ ...PERSON, revision: Type.Integer(), at: Instant }), {
    description: 'Who got which revision before this one, and when',
  }),
  missingAmendments: Type.Array(Type.Integer(), {
    description: 'Amendments made since, by number: the next revision takes them in',
  }),
});

const Amended = Type.Object({
  number: Type.Integer(),
  at: Instant,
  by: Type.String(),
  reason: Type.String(),
  deviceIds: Type.Array(Type.String()),
  from: Instant,
  to: Instant,
  state: oneOf(LEDGER_STATES),
});

const TYPES: Readonly<Record<ReportFormat, string>> = {
  html: 'text/html; charset=utf-8',
  pdf: 'application/pdf',
  csv: 'text/csv; charset=utf-8',
  json: 'application/json; charset=utf-8',
};

/** The newest; every one is in the JSON of the reports that it touches. */
const MOST_AMENDMENTS = 200;
const tags = ['reports'];
const NO_DESK = 'Reports are not made here.';

const listSchema = {
  ...{ operationId: 'listReports', tags },
  summary: 'Frozen reports, amendments, and reports being made',
  response: {
    200: Type.Object({
      frozen: Type.Array(Archived),
      amendments: Type.Array(Amended),
      jobs: Type.Array(Job),
    }),
    ...PROBLEMS,
  },
};
const orderSchema = {
  ...{ operationId: 'orderReport', tags },
  summary: 'Makes a report; it takes a while, and its job tells how far it is',
  body: Order,
  response: { 200: Job, ...PROBLEMS },
};
const jobSchema = {
  ...{ operationId: 'getReportJob', tags },
  summary: 'How far a report is',
  params: IdParams,
  response: { 200: Job, ...PROBLEMS },
};
const documentSchema = {
  ...{ operationId: 'getReportDocument', tags },
  summary: 'The finished report as a file',
  params: IdParams,
  response: { 200: textAnswer('text/html', 'The file, in the format ordered'), ...PROBLEMS },
};
const resendSchema = {
  ...{ operationId: 'resendReport', tags },
  summary: 'Mails a frozen report to its recipients again',
  body: Type.Object({ period: PeriodName }, { additionalProperties: false }),
  response: { 200: Type.Object({ period: Type.String() }), ...PROBLEMS },
};

/** `/api/v1/reports`: orders, their progress, the documents, the archive. */
export function reportRoutes(app: ApiApp, { reports, getConfig }: RouteContext): void {
  app.get('/api/v1/reports', { schema: listSchema }, async () => ({
    frozen: viewFrozen(reports?.archive() ?? [], getConfig()),
    amendments: (reports?.amendments() ?? []).slice(0, MOST_AMENDMENTS).map(viewAmendment),
    jobs: (reports?.jobs() ?? []).map((job) => viewJob(job, getConfig())),
  }));
  app.post('/api/v1/reports', { schema: orderSchema }, async ({ body }, reply) => {
    if (!reports) return sendProblem(reply, problem(503, NO_DESK));
    const ordered = reports.order({
      period: body.period,
      siteId: body.siteId ?? null,
      format: body.format,
      language: body.language ?? getConfig().service.language,
      table: body.table ?? 'devices',
      freeze: body.freeze ?? false,
    });
    if ('refused' in ordered) return sendProblem(reply, refusal(ordered));
    return viewJob(ordered, getConfig());
  });
  app.get('/api/v1/reports/jobs/:id', { schema: jobSchema }, async ({ params }, reply) => {
    const job = reports?.job(params.id) ?? null;
    if (job === null) return sendProblem(reply, problem(404, 'There is no report of that id.'));
    return viewJob(job, getConfig());
  });
  app.get(
    '/api/v1/reports/jobs/:id/document',
    { schema: documentSchema },
    async ({ params }, reply) => {
      const document = reports?.document(params.id) ?? null;
      if (document === null) {
        return sendProblem(reply, problem(404, 'There is no finished report of that id.'));
      }
      const { bytes, fileName, format } = document;
      const place = format === 'html' ? 'inline' : 'attachment';
      reply.header('content-type', TYPES[format]);
      reply.header('content-disposition', `${place}; filename="${fileName}"`);
      if (format === 'html') reply.header('content-security-policy', PAGE_CSP);
      return reply.send(Buffer.from(bytes));
    },
  );
  app.post('/api/v1/reports/dispatches', { schema: resendSchema }, async ({ body }, reply) => {
    if (!reports) return sendProblem(reply, problem(503, NO_DESK));
    const refused = reports.resend(body.period);
    if (refused !== null) return sendProblem(reply, refusal(refused));
    return { period: body.period };
  });
}

function refusal({ refused, detail }: ReportRefusal) {
  return problem(422, detail, { type: `urn:threenines:${refused}` });
}

function viewFrozen(frozen: readonly ArchivedReport[], config: Config) {
  const names = new Map(config.people.map(({ id, name }) => [id, name]));
  return frozen.map((each) => ({
    ...viewArchived(each, (id) => names.get(id) ?? id),
    siteName: siteName(each.siteId, config),
  }));
}

function viewArchived(
  { frozenAt, sentAt, recipients, ...rest }: ArchivedReport,
  nameOf: (personId: string) => string,
) {
  return {
    ...rest,
    earlierCopies: rest.earlierCopies.map((copy) => ({
      ...copy,
      personName: nameOf(copy.personId),
      at: formatInstant(copy.at),
    })),
    missingAmendments: [...rest.missingAmendments],
    frozenAt: formatInstant(frozenAt),
    sentAt: instantOrNull(sentAt),
    recipients: recipients.map(({ lastTryAt, nextTryAt, ...recipient }) => ({
      ...recipient,
      personName: nameOf(recipient.personId),
      lastTryAt: instantOrNull(lastTryAt),
      nextTryAt: instantOrNull(nextTryAt),
    })),
  };
}

function viewAmendment({ at, from, to, deviceIds, ...rest }: Amendment) {
  const span = { from: formatInstant(from), to: formatInstant(to) };
  return { ...rest, ...span, at: formatInstant(at), deviceIds: [...deviceIds] };
}

function instantOrNull(at: EpochMs | null): string | null {
  return at === null ? null : formatInstant(at);
}

function siteName(siteId: string | null, { sites }: Config): string | null {
  return sites.find(({ id }) => id === siteId)?.name ?? siteId;
}

function viewJob({ order, orderedAt, ...job }: ReportJob, config: Config) {
  const { period, siteId, format, language } = order;
  const scope = { siteId, siteName: siteName(siteId, config) };
  return { ...job, period, ...scope, format, language, orderedAt: formatInstant(orderedAt) };
}
