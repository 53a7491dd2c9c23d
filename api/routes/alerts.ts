import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import { MOST_ACTIVE_ALERTS, type ReceivedAlert } from '../../alerting/alerts/received-alert.ts';
import { MOST_PER_TICK } from '../../alerting/engine-shell.ts';
import type { EngineState } from '../../alerting/state.ts';
import { cleanText } from '../../lib/device-text.ts';
import {
  MOST_ALERTS,
  type ParsedAlerts,
  parseAlertmanagerAlerts,
  parsePrometheusAlerts,
} from '../alerts/parse-alerts.ts';
import type { ApiApp, RouteContext } from '../api-app.ts';
import { RETRY_AFTER_SECONDS } from '../error-handling.ts';
import { LARGEST_ALERTS_BYTES, LONGEST_NAME, MOST_WAITING_ALERTS } from '../limits.ts';
import { problem, sendProblem } from '../problem.ts';
import { requireJson } from '../request-guard.ts';
import { PROBLEMS } from '../schemas.ts';

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
      version: Type.Optional(Type.Unknown({ description: 'one of "4" and "1"' })),
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
  const gate: Gate = { waiting: 0, lastRead: Promise.resolve() };
  const options = {
    ...{ onRequest: requireJson, bodyLimit: LARGEST_ALERTS_BYTES },
    config: { hasOthersNames: true },
  } as const;
  const take = (reply: FastifyReply, count: number, parse: () => ParsedAlerts) =>
    isFull(gate, count) ? sendFull(reply) : takeIn(context, gate, reply, { count, parse });
  app.post('/api/v2/alerts', { schema: prometheusSchema, ...options }, async ({ body }, reply) =>
    take(reply, body.length, () =>
      parsePrometheusAlerts(body, context.getConfig(), context.clock.now()),
    ),
  );
  app.post(
    '/api/v1/alertmanager-webhook',
    { schema: webhookSchema, ...options },
    async ({ body }, reply) => {
      const { version = ALERTMANAGER_VERSION, alerts } = body;
      if (!VERSIONS.includes(version)) return sendProblem(reply, unsupportedVersion(version));
      return take(reply, alerts.length, () =>
        parseAlertmanagerAlerts(body, context.getConfig(), context.clock.now()),
      );
    },
  );
}

const ALERTMANAGER_VERSION = '4';
const GRAFANA_VERSION = '1';
const VERSIONS: readonly unknown[] = [ALERTMANAGER_VERSION, GRAFANA_VERSION];

function unsupportedVersion(version: unknown) {
  const given = cleanText(JSON.stringify(version), LONGEST_NAME);
  const message = `version ${given} is not supported; expected "${ALERTMANAGER_VERSION}" (Alertmanager) or "${GRAFANA_VERSION}" (Grafana)`;
  const errors = [{ pointer: '/body/version', message }];
  return problem(400, `Webhook ${message}. No alert of it was taken.`, { errors });
}

interface Gate {
  /** Alerts of all requests that are not safe on disk yet. */
  waiting: number;
  /** Resolves when the request before has been read. */
  lastRead: Promise<void>;
}

async function takeIn(
  { host, clock }: RouteContext,
  gate: Gate,
  reply: FastifyReply,
  { count, parse }: { readonly count: number; readonly parse: () => ParsedAlerts },
) {
  gate.waiting += count;
  try {
    // One request in a turn: a hundred that come at once would keep everything else waiting.
    gate.lastRead = gate.lastRead.then(() => clock.nextTurn?.());
    await gate.lastRead;
    const { alerts, errors } = parse();
    const taken = withinBounds(host.state, alerts);
    const recorded = inParts(taken).map((part) => host.record({ kind: 'alerts', alerts: part }));
    const isSafe = await Promise.all(recorded).then(
      () => true,
      () => false,
    );
    if (!isSafe || taken.length < alerts.length) return sendFull(reply);
    if (errors.length === 0) return {};
    const detail = `${alerts.length} alerts were taken; ${errors.length} are not as they should be.`;
    return sendProblem(reply, problem(400, detail, { errors: errors.slice(0, 20) }));
  } finally {
    gate.waiting -= count;
  }
}

/** Before anything is read: what cannot be taken costs nothing. */
function isFull(gate: Gate, count: number): boolean {
  return gate.waiting + count > MOST_WAITING_ALERTS;
}

/** In parts that the engine takes in one after the other, with room for others between. */
function inParts(alerts: readonly ReceivedAlert[]): readonly (readonly ReceivedAlert[])[] {
  const count = Math.ceil(alerts.length / MOST_PER_TICK);
  return Array.from({ length: count }, (_, part) =>
    alerts.slice(part * MOST_PER_TICK, (part + 1) * MOST_PER_TICK),
  );
}

/** Once as many are active as may be, only what is known goes on and ends. */
function withinBounds(
  state: EngineState,
  alerts: readonly ReceivedAlert[],
): readonly ReceivedAlert[] {
  if (state.faults.size + alerts.length <= MOST_ACTIVE_ALERTS) return alerts;
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
