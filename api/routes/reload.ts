import { Type } from 'typebox';
import { errorsFirst, formatProblem } from '../../config/problem.ts';
import type { ApiApp, RouteContext } from '../api-app.ts';
import { problem, sendProblem } from '../problem.ts';
import { requireLoopback } from '../request-guard.ts';
import { PROBLEMS } from '../schemas.ts';

const schema = {
  operationId: 'reloadConfiguration',
  tags: ['service'],
  summary: 'Reads the configuration again; only from the machine itself',
  response: {
    200: Type.Object({
      reloaded: Type.Boolean(),
      devices: Type.Integer({ description: 'Devices that are configured now.' }),
      warnings: Type.Array(Type.String(), { description: 'What may be worth mending.' }),
      notAppliedUntilRestart: Type.Array(Type.String(), {
        description:
          'Settings that differ from those the service was started with and that it takes over only at a restart, e.g. listen.',
      }),
    }),
    ...PROBLEMS,
  },
};

/** `POST /-/reload`, as Prometheus has it: 422 with every problem, errors first, when the configuration cannot be used. */
export function reloadRoutes(app: ApiApp, { reload }: RouteContext): void {
  app.post('/-/reload', { schema, onRequest: requireLoopback }, async (_, reply) => {
    const outcome = await reload();
    const problems = errorsFirst(outcome.problems).map(formatProblem);
    const { deviceCount: devices, notAppliedUntilRestart } = outcome;
    if (outcome.ok) {
      return {
        ...{ reloaded: true, devices, warnings: problems },
        notAppliedUntilRestart: [...notAppliedUntilRestart],
      };
    }
    return sendProblem(
      reply,
      problem(422, 'The configuration has problems; the old one stays in force.', {
        type: 'urn:threenines:bad-configuration',
        problems,
      }),
    );
  });
}
