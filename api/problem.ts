import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';

/** RFC 9457 problem details: the form of every error answer. */
export interface ProblemDetails {
  /** `about:blank` unless the kind of problem has a name of its own, then `urn:threenines:<name>`. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  /** Every part of the request that is wrong. */
  readonly errors?: readonly { readonly pointer: string; readonly message: string }[];
  /** Names the log entry of an internal error. */
  readonly errorId?: string;
  /** Facts of this kind of problem, e.g. who acknowledged first. */
  readonly [fact: string]: unknown;
}

export const ProblemSchema = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.Optional(Type.String()),
    errors: Type.Optional(
      Type.Array(Type.Object({ pointer: Type.String(), message: Type.String() })),
    ),
    errorId: Type.Optional(Type.String()),
  },
  { additionalProperties: true, title: 'Problem', description: 'RFC 9457 problem details' },
);

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad request',
  403: 'Refused',
  404: 'Not found',
  405: 'Method not allowed',
  408: 'Request took too long',
  409: 'Conflict',
  413: 'Body too large',
  414: 'URL too long',
  415: 'Unsupported media type',
  422: 'Cannot be done as asked',
  431: 'Headers too large',
  500: 'Internal error',
  503: 'Not available now',
};

/** A problem of the given status; `facts` adds members such as `errors` or a named `type`. */
export function problem(
  status: number,
  detail: string,
  facts: Readonly<Record<string, unknown>> = {},
): ProblemDetails {
  return { type: 'about:blank', title: TITLES[status] ?? 'Problem', status, detail, ...facts };
}

/**
 * Answers with a problem document; where Alertmanager's clients ask, with its sentence alone as JSON, the
 * only form of which amtool shows the words.
 */
export function sendProblem(reply: FastifyReply, details: ProblemDetails): FastifyReply {
  if (isForAlertmanagerClient(reply)) {
    const sentence = JSON.stringify(details.detail ?? details.title);
    return reply.code(details.status).type('application/json').send(sentence);
  }
  return reply
    .code(details.status)
    .type('application/problem+json')
    .serializer(JSON.stringify)
    .send(details);
}

/** Not who posts alerts: Prometheus reads no words, and others are told of each alert that is wrong. */
function isForAlertmanagerClient({ request }: FastifyReply): boolean {
  return (
    request.url.startsWith('/api/v2/silence') ||
    /^GET \/api\/v2\/alerts\b/.test(`${request.method} ${request.url}`)
  );
}
