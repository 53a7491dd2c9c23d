import { Readable } from 'node:stream';
import type { ApiApp, RouteContext } from '../api-app.ts';
import { problem, sendProblem } from '../problem.ts';
import { IdParams, PROBLEMS, textAnswer } from '../schemas.ts';

const PROMETHEUS_TEXT = 'text/plain; version=0.0.4; charset=utf-8';

const allSchema = {
  operationId: 'getMetrics',
  tags: ['metrics'],
  summary: 'Everything the service exports, in Prometheus text format',
  response: { 200: textAnswer('text/plain', 'Prometheus text format 0.0.4'), ...PROBLEMS },
};

const deviceSchema = {
  operationId: 'getDeviceMetrics',
  tags: ['metrics'],
  summary: 'What one device exports, in Prometheus text format',
  params: IdParams,
  response: { 200: textAnswer('text/plain', 'Prometheus text format 0.0.4'), ...PROBLEMS },
};

/** `GET /metrics` streams everything; `/metrics/devices/:id` one device, 404 when it is not configured. */
export function metricsRoutes(app: ApiApp, context: RouteContext): void {
  app.get('/metrics', { schema: allSchema }, async (_, reply) =>
    reply.type(PROMETHEUS_TEXT).send(Readable.from(withOwnMetrics(context), { objectMode: false })),
  );
  app.get('/metrics/devices/:id', { schema: deviceSchema }, async ({ params }, reply) => {
    const text = context.collector.renderDevice(params.id);
    if (text === null) return sendProblem(reply, problem(404, 'There is no device of that id.'));
    return reply.type(PROMETHEUS_TEXT).send(text);
  });
}

async function* withOwnMetrics(context: RouteContext): AsyncGenerator<string> {
  for await (const chunk of context.renderMetrics()) if (chunk !== '') yield chunk;
  yield context.requests.render();
  yield context.stream.renderMetrics();
}
