import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../lib/clock.ts';
import { JournalError } from '../lib/journal.ts';
import type { Logger } from '../lib/logger.ts';
import { SECOND } from '../lib/time.ts';
import { problem, sendProblem } from './problem.ts';
import { validationProblem } from './validation-problem.ts';

/** What to tell the client for errors of Fastify and of the reader of bodies, by error code. */
const DETAILS: Readonly<Record<string, string>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'Send the body as application/json.',
  FST_ERR_CTP_BODY_TOO_LARGE: 'The body is larger than this address takes.',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'The body is empty; a JSON object is expected.',
  FST_ERR_CTP_INVALID_JSON_BODY: 'The body is not valid JSON.',
  BODY_NOT_UTF8: 'The body is not UTF-8, which JSON has to be.',
  BODY_TOO_DEEP: 'The body is nested too deep.',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'The body does not have the length that was announced.',
  FST_ERR_BAD_URL: 'The path is not valid.',
};

/** As of alerts that cannot be taken. */
export const RETRY_AFTER_SECONDS = (5 * SECOND) / SECOND;
const NOT_RECORDED =
  'The journal takes nothing at the moment, so this may not be on record: do it again once /readyz says ready.';

/** Makes every error answer a problem document; internals go to the log under an id, never to the client. */
export function handleErrors(app: FastifyInstance, clock: Clock, log: Logger): void {
  const startedAt = clock.now().toString(36);
  let errorCount = 0;
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const status = error.statusCode ?? 500;
    if (error.validation) return sendProblem(reply, validationProblem(error));
    if (error instanceof JournalError) {
      // What has stopped it is in the log once; every request since would be there again.
      reply.header('retry-after', String(RETRY_AFTER_SECONDS));
      return sendProblem(reply, problem(503, NOT_RECORDED));
    }
    if (status < 500)
      return sendProblem(
        reply,
        problem(status, DETAILS[error.code] ?? 'The request is not valid.'),
      );
    errorCount += 1;
    const errorId = `${startedAt}-${errorCount}`;
    const route = request.routeOptions.url ?? 'none';
    log.error(
      { errorId, method: request.method, route, error: error.stack ?? String(error) },
      'request failed',
    );
    return sendProblem(
      reply,
      problem(500, 'The log has the details under this error id.', { errorId }),
    );
  });
  app.setNotFoundHandler(notFound(collectPatterns(app)));
}

interface Pattern {
  readonly expression: RegExp;
  readonly method: string;
}

function collectPatterns(app: FastifyInstance): readonly Pattern[] {
  const patterns: Pattern[] = [];
  app.addHook('onRoute', (route) => {
    if (route.url.includes('*')) return;
    const source = route.url
      .split('/')
      .map((part) => (part.startsWith(':') ? '[^/]+' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')))
      .join('/');
    for (const method of [route.method].flat())
      patterns.push({ expression: new RegExp(`^${source}$`), method });
  });
  return patterns;
}

/** 405 with `Allow` where the path exists under another method, else 404. */
function notFound(patterns: readonly Pattern[]) {
  return (request: FastifyRequest, reply: FastifyReply) => {
    const path = request.url.split('?', 1)[0]!;
    const matching = patterns.filter(({ expression }) => expression.test(path));
    const allowed = [...new Set(matching.map(({ method }) => method))].sort();
    if (allowed.length === 0 || allowed.includes(request.method))
      return sendProblem(reply, problem(404, 'There is nothing at this address.'));
    reply.header('allow', allowed.join(', '));
    return sendProblem(reply, problem(405, `This address answers ${allowed.join(', ')}.`));
  };
}
