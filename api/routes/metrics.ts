import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { ApiApp, RouteContext } from '../api-app.ts';
import { LONGEST_SCRAPE_MS, MOST_SCRAPES } from '../limits.ts';
import { asksForOpenMetrics, asOpenMetrics, OPEN_METRICS } from '../open-metrics.ts';
import { problem, sendProblem } from '../problem.ts';
import { IdParams, oneOf, PROBLEMS, textAnswer } from '../schemas.ts';
import { asksForGzip, gzipped, streamText, type TextPiece } from '../text-stream.ts';

const PROMETHEUS_TEXT = 'text/plain; version=0.0.4; charset=utf-8';

const allSchema = {
  operationId: 'getMetrics',
  tags: ['metrics'],
  summary:
    'Everything the service exports, in Prometheus text format or, where asked for, OpenMetrics',
  querystring: Type.Object({
    /** `none`: without the readings of devices, for who scrapes each of them by `/sd/devices`. */
    devices: Type.Optional(oneOf(['all', 'none'])),
  }),
  response: { 200: textAnswer('text/plain', 'Prometheus text format 0.0.4'), ...PROBLEMS },
};

const deviceSchema = {
  operationId: 'getDeviceMetrics',
  tags: ['metrics'],
  summary: 'What one device exports, in Prometheus text format or, where asked for, OpenMetrics',
  params: IdParams,
  response: { 200: textAnswer('text/plain', 'Prometheus text format 0.0.4'), ...PROBLEMS },
};

/**
 * `GET /metrics` streams everything, or all but the readings of devices, compressed when asked, 503 while too many do so at once;
 * `/metrics/devices/:id` one device, 404 when it is not configured.
 */
export function metricsRoutes(app: ApiApp, context: RouteContext): void {
  let scrapes = 0;
  app.get('/metrics', { schema: allSchema }, async (request, reply) => {
    if (scrapes >= MOST_SCRAPES)
      return sendProblem(reply, problem(503, 'Too many scrapes are in progress; ask again.'));
    scrapes += 1;
    const options = { withReadings: request.query.devices !== 'none' };
    return sendScrape(request, reply, withOwnMetrics(context, options), context, () => {
      scrapes -= 1;
    });
  });
  app.get('/metrics/devices/:id', { schema: deviceSchema }, async ({ params, headers }, reply) => {
    const text = context.collector.renderDevice(params.id);
    if (text === null) return sendProblem(reply, problem(404, 'There is no device of that id.'));
    reply.header('vary', 'accept');
    if (!asksForOpenMetrics(headers.accept)) return reply.type(PROMETHEUS_TEXT).send(text);
    return reply.type(OPEN_METRICS).send(streamText(asOpenMetrics([text])));
  });
}

/** A scrape holds what it shows in memory; a reader who never comes to its end is cut off. */
function sendScrape(
  request: FastifyRequest,
  reply: FastifyReply,
  pieces: AsyncGenerator<TextPiece>,
  { clock }: RouteContext,
  onEnd: () => void,
): FastifyReply {
  const isOpen = asksForOpenMetrics(request.headers.accept);
  const text = streamText(isOpen ? asOpenMetrics(pieces) : pieces);
  const cancel = clock.after(LONGEST_SCRAPE_MS, () => text.destroy());
  text.once('close', () => {
    cancel();
    onEnd();
  });
  reply.type(isOpen ? OPEN_METRICS : PROMETHEUS_TEXT).header('vary', 'accept, accept-encoding');
  if (!asksForGzip(request.headers['accept-encoding'])) return reply.send(text);
  return reply.header('content-encoding', 'gzip').send(gzipped(text));
}

async function* withOwnMetrics(
  context: RouteContext,
  options: { readonly withReadings: boolean },
): AsyncGenerator<TextPiece> {
  yield* context.renderMetrics(options);
  yield context.requests.render();
  yield context.stream.renderMetrics();
}
