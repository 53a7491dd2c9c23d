import type { ApiApp, RouteContext } from '../api-app.ts';
import { namesOf } from '../names.ts';
import { DevicePlanSchema, viewPlan } from '../plan-view.ts';
import { problem, sendProblem } from '../problem.ts';
import { IdParams, PROBLEMS } from '../schemas.ts';

const schema = {
  operationId: 'getDevicePlan',
  tags: ['devices'],
  summary: 'How a device is polled: lanes, the learned plan and what it costs, and why',
  params: IdParams,
  response: { 200: DevicePlanSchema, ...PROBLEMS },
};

/**
 * `GET /api/v1/devices/:id/plan`: 404 for a device that is not configured, 503 while the thread that
 * polls it does not answer. Nothing is sent to the device.
 */
export function devicePlanRoutes(app: ApiApp, { collector, getConfig }: RouteContext): void {
  app.get('/api/v1/devices/:id/plan', { schema }, async ({ params }, reply) => {
    if (!namesOf(getConfig()).devices.has(params.id))
      return sendProblem(reply, problem(404, 'There is no device of that id.'));
    const explanation = await collector.explain(params.id);
    if (explanation === null)
      return sendProblem(reply, problem(503, 'Whoever polls the device does not answer now.'));
    return viewPlan(explanation);
  });
}
