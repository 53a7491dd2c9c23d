import { Type } from 'typebox';
import { formatInstant, HOUR } from '../../lib/time.ts';
import type { ApiApp, RouteContext } from '../api-app.ts';
import { namesOf } from '../names.ts';
import { problem, sendProblem } from '../problem.ts';
import { IdParams, Instant, NullableInteger, PROBLEMS } from '../schemas.ts';

const LONGEST_HOURS = 400 * 24;

const Series = Type.Object({
  metric: Type.String(),
  labels: Type.String({ description: 'Which part it is of: key=value pairs.' }),
  stepMs: NullableInteger,
  at: Type.Array(Type.Integer({ description: 'Milliseconds since 1970.' })),
  min: Type.Array(Type.Number()),
  mean: Type.Array(Type.Number()),
  max: Type.Array(Type.Number()),
});

const schema = {
  operationId: 'getDeviceHistory',
  tags: ['devices'],
  summary: 'What a device told over time: days as polled, a year by the hour',
  params: IdParams,
  querystring: Type.Object({
    hours: Type.Integer({ minimum: 1, maximum: LONGEST_HOURS, default: 24 }),
  }),
  response: {
    200: Type.Object({ from: Instant, to: Instant, series: Type.Array(Series) }),
    ...PROBLEMS,
  },
};

/** `GET /api/v1/devices/:id/history`: columns, as pictures want them; a step of null is as polled. */
export function deviceHistoryRoutes(
  app: ApiApp,
  { history, clock, getConfig }: RouteContext,
): void {
  app.get('/api/v1/devices/:id/history', { schema }, async ({ params, query }, reply) => {
    if (!namesOf(getConfig()).devices.has(params.id))
      return sendProblem(reply, problem(404, 'There is no device of that id.'));
    const now = clock.now();
    const from = now - query.hours * HOUR;
    const series = history?.read(params.id, from, now + 1, now) ?? [];
    return {
      from: formatInstant(from),
      to: formatInstant(now),
      series: series.map(({ metric, labels, stepMs, points }) => ({
        ...{ metric, labels, stepMs },
        at: points.map(({ at }) => at),
        min: points.map(({ min }) => min),
        mean: points.map(({ mean }) => mean),
        max: points.map(({ max }) => max),
      })),
    };
  });
}
