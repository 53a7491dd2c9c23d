import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { type AcknowledgeClaim, readAcknowledgement } from '../../alerting/acknowledge-link.ts';
import type { Language, Person } from '../../config/model.ts';
import { ACKNOWLEDGE_CSP, renderAcknowledgePage, renderLinkProblem } from '../acknowledge-page.ts';
import type { ApiApp, RouteContext } from '../api-app.ts';
import { isForm, readForms } from '../form-body.ts';
import type { IncidentRecord } from '../incident-record.ts';
import { viewIncident } from '../incident-view.ts';

/** Mail programs that count clicks add to the address. */
const anyQuery = Type.Object({}, { additionalProperties: true });
const schema = {
  hide: true,
  params: Type.Object({ token: Type.String() }),
  querystring: anyQuery,
};

/**
 * `/a/:token`, the page behind the link in a message. GET shows the incident as it stands and changes
 * nothing, whoever fetches it; POST, the button, acknowledges as the person the message was for. The
 * token is all the proof there is, so it is compared in constant time and appears in no log.
 */
export function acknowledgeRoutes(app: ApiApp, context: RouteContext): void {
  app.register(async (scope) => {
    readForms(scope);
    scope.get('/a/:token', { schema }, async (request, reply) => show(context, request, reply));
    scope.post('/a/:token', { schema }, async (request, reply) =>
      acknowledge(context, request, reply),
    );
  });
}

interface Meant {
  readonly claim: AcknowledgeClaim;
  readonly person: Person;
  readonly record: IncidentRecord;
}

const tokenOf = (request: FastifyRequest) => (request.params as { readonly token: string }).token;

/** Who and what the token means; null, with the answer sent, when it means nothing any more. */
function meantBy(
  context: RouteContext,
  request: FastifyRequest,
  reply: FastifyReply,
): Meant | null {
  const config = context.getConfig();
  const read = readAcknowledgement(context.acknowledgeKey, tokenOf(request), context.clock.now());
  const person = config.people.find(({ id }) => id === read.claim?.personId);
  const language = person?.language ?? preferredLanguage(request, config.service.language);
  if (!read.ok && read.reason === 'expired') {
    sendPage(reply, 410, renderLinkProblem(language, 'expired'));
    return null;
  }
  const record = read.ok ? context.archive.find(read.claim.incidentId) : null;
  if (!read.ok || person === undefined || record?.openedAt !== read.claim.openedAt) {
    sendPage(reply, 404, renderLinkProblem(language, 'invalid'));
    return null;
  }
  return { claim: read.claim, person, record };
}

function show(context: RouteContext, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const meant = meantBy(context, request, reply);
  if (meant === null) return reply;
  const { record, person, claim } = meant;
  const config = context.getConfig();
  const now = context.clock.now();
  const incident = viewIncident(record, config, context.host.state, now);
  const { episode } = claim;
  return sendPage(
    reply,
    200,
    renderAcknowledgePage({ incident, record, person, episode, config, now }),
  );
}

/** Only what its sender has seen is acknowledged: a form of an earlier outbreak is shown the present one. */
async function acknowledge(
  context: RouteContext,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const meant = meantBy(context, request, reply);
  if (meant === null) return reply;
  const { record, person, claim } = meant;
  const isWaiting = record.acknowledgedAt === null && record.resolvedAt === null;
  if (isWaiting && seenEpisode(request, claim) === record.episode) {
    const { id: incidentId, episode } = record;
    const command = { incidentId, by: person.id, via: 'link', episode } as const;
    try {
      await context.host.command({ type: 'acknowledge', ...command });
    } catch {
      return sendPage(reply, 503, renderLinkProblem(person.language, 'busy'));
    }
  }
  // Relative, so that it holds behind a proxy that serves the service under a path of its own.
  return reply.code(303).header('location', tokenOf(request)).send();
}

function seenEpisode(request: FastifyRequest, claim: AcknowledgeClaim): number {
  const form = isForm(request.body) ? request.body.fields : null;
  return Number(form?.get('episode') ?? claim.episode);
}

function sendPage(reply: FastifyReply, status: number, html: string): FastifyReply {
  return reply
    .code(status)
    .header('content-security-policy', ACKNOWLEDGE_CSP)
    .header('x-robots-tag', 'noindex, nofollow')
    .type('text/html; charset=utf-8')
    .send(html);
}

function preferredLanguage(request: FastifyRequest, otherwise: Language): Language {
  const accepted = request.headers['accept-language'] ?? '';
  if (/^zh\b/i.test(accepted)) return 'zh-CN';
  return /^en\b/i.test(accepted) ? 'en' : otherwise;
}
