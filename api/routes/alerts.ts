import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import { MOST_ACTIVE_ALERTS, type ReceivedAlert } from '../../alerting/alerts/received-alert.ts';
import type { EngineState } from '../../alerting/state.ts';
import { SECOND } from '../../lib/time.ts';
import {
  MOST_ALERTS,
  type ParsedAlerts,
  parseAlertmanagerAlerts,
  parsePrometheusAlerts,
} from '../alerts/parse-alerts.ts';
import type { ApiApp, RouteContext } from '../api-app.ts';
import { LARGEST_ALERTS_BYTES, MOST_WAITING_ALERTS } from '../limits.ts';
import { problem, sendProblem } from '../problem.ts';
import { requireJson } from '../request-guard.ts';
import { PROBLEMS } from '../schemas.ts';

const RETRY_AFTER_SECONDS = (5 * SECOND) / SECOND;

const response = { 200: Type.Object({}), ...PROBLEMS };

const prometheusSchema = {
  operationId: 'postAlerts',
  tags: ['alerts'],
  summary: 'Takes alerts as Alertmanager does from Prometheus; 200 when they are safe on disk',
  body: Type.Array(Type.Unknown(), { maxItems: MOST_ALERTS }),
  response,
};

const webhookSchema = {
  operationId: 'postAlertmanagerWebhook',
  tags: ['alerts'],
  summary:
    'Takes the webhook of Alertmanager (version 4) or of Grafana (1); 200 when its alerts are safe on disk',
  body: Type.Object(
    {
      version: Type.Optional(Type.Union([Type.Literal('4'), Type.Literal('1')])),
      truncatedAlerts: Type.Optional(Type.Integer({ minimum: 0 })),
      alerts: Type.Array(Type.Unknown(), { maxItems: MOST_ALERTS }),
    },
    { additionalProperties: true },
  ),
  response,
};

/**
 * Alertmanager's place: `POST /api/v2/alerts` for Prometheus, `POST /api/v1/alertmanager-webhook` for
 * an Alertmanager. 200 only when what the alerts led to is durable; 503 with Retry-After when too many
 * wait or are active, which senders obey by sending them again. One bad alert does not cost the others.
 */
export function alertRoutes(app: ApiApp, context: RouteContext): void {
  const gate = { waiting: 0 };
  const options = { onRequest: requireJson, bodyLimit: LARGEST_ALERTS_BYTES };
  const take = (reply: FastifyReply, parsed: ParsedAlerts) => takeIn(context, gate, reply, parsed);
  app.post('/api/v2/alerts', { schema: prometheusSchema, ...options }, async ({ body }, reply) =>
    take(reply, parsePrometheusAlerts(body, context.getConfig(), context.clock.now())),
  );
  app.post(
    '/api/v1/alertmanager-webhook',
    { schema: webhookSchema, ...options },
    async ({ body }, reply) =>
      take(reply, parseAlertmanagerAlerts(body, context.getConfig(), context.clock.now())),
  );
}

async function takeIn(
  { host }: RouteContext,
  gate: { waiting: number },
  reply: FastifyReply,
  { alerts, errors }: ParsedAlerts,
) {
  const taken = withinBounds(host.state, alerts);
  if (gate.waiting + taken.length > MOST_WAITING_ALERTS) return sendFull(reply);
  gate.waiting += taken.length;
  try {
    if (taken.length > 0) await host.record({ kind: 'alerts', alerts: taken });
  } catch {
    return sendFull(reply);
  } finally {
    gate.waiting -= taken.length;
  }
  if (taken.length < alerts.length) return sendFull(reply);
  if (errors.length === 0) return {};
  const detail = `${alerts.length} alerts were taken; ${errors.length} are not as they should be.`;
  return sendProblem(reply, problem(400, detail, { errors: errors.slice(0, 20) }));
}

/** Once as many are active as may be, only what is known goes on and ends. */
function withinBounds(
  state: EngineState,
  alerts: readonly ReceivedAlert[],
): readonly ReceivedAlert[] {
  const active = new Set<string>();
  for (const { alert } of state.faults.values()) {
    if (alert !== undefined) active.add(alert.fingerprint);
  }
  return alerts.filter(({ fingerprint, endsAt }) => {
    if (endsAt !== null || active.has(fingerprint)) return true;
    if (active.size >= MOST_ACTIVE_ALERTS) return false;
    active.add(fingerprint);
    return true;
  });
}

function sendFull(reply: FastifyReply) {
  reply.header('retry-after', String(RETRY_AFTER_SECONDS));
  return sendProblem(reply, problem(503, 'No more alerts can be taken at the moment; send again.'));
}
