import { Type } from 'typebox';
import type { ApiApp, RouteContext } from '../api-app.ts';
import { PROBLEMS } from '../schemas.ts';

const HealthySchema = Type.Object({ status: Type.Literal('ok') });
const ReadySchema = Type.Object({ ready: Type.Boolean(), reasons: Type.Array(Type.String()) });

/** `/healthz`: the process answers. `/readyz`: it can do its work. Each also under Prometheus's name. */
export function healthRoutes(app: ApiApp, { readiness }: RouteContext): void {
  for (const [url, operationId] of [
    ['/healthz', 'getHealth'],
    ['/-/healthy', 'getHealthy'],
  ] as const) {
    const response = { 200: HealthySchema, ...PROBLEMS };
    const schema = { operationId, tags: ['health'], summary: 'The process answers', response };
    app.get(url, { schema }, async () => ({ status: 'ok' as const }));
  }
  for (const [url, operationId] of [
    ['/readyz', 'getReadiness'],
    ['/-/ready', 'getReady'],
  ] as const) {
    const response = { 200: ReadySchema, 503: ReadySchema, '4xx': PROBLEMS['4xx'] };
    const schema = { operationId, tags: ['health'], summary: 'Whether it can work', response };
    app.get(url, { schema }, async (_, reply) => {
      const { ready, reasons } = readiness();
      return reply.code(ready ? 200 : 503).send({ ready, reasons: [...reasons] });
    });
  }
}
