import { Type } from 'typebox';
import type { ApiApp, RouteContext } from '../api-app.ts';
import { problem, sendProblem } from '../problem.ts';
import { PROBLEMS, textAnswer } from '../schemas.ts';

const EventsQuery = Type.Object({
  /** As Last-Event-ID, for a first connection: `sequence` of the summary that was shown. */
  after: Type.Optional(Type.Integer({ minimum: 0 })),
});

const schema = {
  operationId: 'streamEvents',
  tags: ['events'],
  summary: 'Server-sent events: every journal entry as it becomes durable',
  querystring: EventsQuery,
  response: {
    200: textAnswer(
      'text/event-stream',
      'Events `entry`, `reset` (load everything again) and `time`; ids are journal sequence numbers',
    ),
    ...PROBLEMS,
  },
};

/** `GET /api/v1/events`: hands the connection to the event stream; 503 when too many are open. */
export function eventRoutes(app: ApiApp, { stream }: RouteContext): void {
  app.get('/api/v1/events', { schema, exposeHeadRoute: false }, async (request, reply) => {
    if (!stream.admit())
      return sendProblem(reply, problem(503, 'Too many event streams are open.'));
    const lastEventId = /^\d{1,15}$/.exec(String(request.headers['last-event-id'] ?? ''));
    const after = lastEventId ? Number(lastEventId[0]) : (request.query.after ?? null);
    reply.hijack();
    reply.raw.writeHead(200, {
      ...(reply.getHeaders() as Record<string, string>),
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    stream.connect(reply.raw, after);
    return reply;
  });
}
