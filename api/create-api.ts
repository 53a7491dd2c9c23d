import fastifyHelmet from '@fastify/helmet';
import fastifySwagger from '@fastify/swagger';
import Fastify, { type FastifyInstance } from 'fastify';
import type { ApiApp, RouteContext } from './api-app.ts';
import { answerBrokenRequest } from './broken-request.ts';
import type { ApiDeps } from './deps.ts';
import { handleErrors } from './error-handling.ts';
import { EventStream } from './event-stream.ts';
import { IncidentArchive } from './incident-archive.ts';
import {
  HEADERS_TIMEOUT_MS,
  IDLE_CONNECTION_TIMEOUT_MS,
  KEEP_ALIVE_TIMEOUT_MS,
  LARGEST_BODY_BYTES,
  LARGEST_HEADERS_BYTES,
  LONGEST_PATH_PARAMETER,
  MOST_CONNECTIONS,
  REQUEST_TIMEOUT_MS,
} from './limits.ts';
import { RequestCounter } from './metrics.ts';
import { withFormerNames } from './names.ts';
import { OPENAPI, openApiRoutes } from './open-api.ts';
import { problem, sendProblem } from './problem.ts';
import { readJsonOnly } from './request-body.ts';
import { guardRequests } from './request-guard.ts';
import { serializeResponses } from './response-schemas.ts';
import { acknowledgeRoutes } from './routes/acknowledge.ts';
import { alertmanagerRoutes } from './routes/alertmanager.ts';
import { alertRoutes } from './routes/alerts.ts';
import { callbackRoutes } from './routes/callbacks.ts';
import { consoleRoutes } from './routes/console.ts';
import { customerReportRoutes } from './routes/customer-reports.ts';
import { deviceHistoryRoutes } from './routes/device-history.ts';
import { devicePlanRoutes } from './routes/device-plan.ts';
import { deviceRoutes } from './routes/devices.ts';
import { eventRoutes } from './routes/events.ts';
import { healthRoutes } from './routes/health.ts';
import { inboxRoutes } from './routes/inbox.ts';
import { incidentCommandRoutes } from './routes/incident-commands.ts';
import { incidentRoutes } from './routes/incidents.ts';
import { labRoutes } from './routes/lab.ts';
import { metricsRoutes } from './routes/metrics.ts';
import { onCallRoutes } from './routes/on-call.ts';
import { peopleRoutes } from './routes/people.ts';
import { procedureRoutes } from './routes/procedure.ts';
import { reloadRoutes } from './routes/reload.ts';
import { reportRoutes } from './routes/reports.ts';
import { runbookRoutes } from './routes/runbooks.ts';
import { serviceDiscoveryRoutes } from './routes/service-discovery.ts';
import { silenceRoutes } from './routes/silences.ts';
import { siteRoutes } from './routes/sites.ts';
import { snmpRoutes } from './routes/snmp.ts';
import { summaryRoutes } from './routes/summary.ts';
import { tierRoutes } from './routes/tier.ts';
import { securityHeaders } from './security-headers.ts';
import { validateRequests } from './validation.ts';

const ROUTES: readonly ((app: ApiApp, context: RouteContext) => void)[] = [
  summaryRoutes,
  incidentRoutes,
  incidentCommandRoutes,
  deviceRoutes,
  devicePlanRoutes,
  deviceHistoryRoutes,
  siteRoutes,
  peopleRoutes,
  onCallRoutes,
  silenceRoutes,
  procedureRoutes,
  tierRoutes,
  customerReportRoutes,
  inboxRoutes,
  eventRoutes,
  labRoutes,
  metricsRoutes,
  snmpRoutes,
  serviceDiscoveryRoutes,
  healthRoutes,
  reportRoutes,
  reloadRoutes,
  acknowledgeRoutes,
  alertRoutes,
  alertmanagerRoutes,
  callbackRoutes,
  openApiRoutes,
  runbookRoutes,
  consoleRoutes,
];

/**
 * The whole HTTP side: API, metrics, event stream and console. It does not listen; whoever made it
 * calls `listen` and `close`. Closing ends the event streams.
 */
export function createApi(given: ApiDeps): FastifyInstance {
  const deps: ApiDeps = {
    ...given,
    getConfig: () => withFormerNames(given.getConfig(), given.host.state.formerNames),
  };
  const app = Fastify({
    logger: false,
    bodyLimit: LARGEST_BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionTimeout: IDLE_CONNECTION_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    routerOptions: { maxParamLength: LONGEST_PATH_PARAMETER },
    http: {
      maxHeaderSize: LARGEST_HEADERS_BYTES,
      headersTimeout: HEADERS_TIMEOUT_MS,
      // The guard says it, as a problem document.
      requireHostHeader: false,
    },
    clientErrorHandler: answerBrokenRequest,
    frameworkErrors: (_error, _request, reply) =>
      sendProblem(reply, problem(400, 'The path is not valid.')),
    forceCloseConnections: true,
  });
  app.server.maxConnections = MOST_CONNECTIONS;
  const stream = new EventStream(deps);
  const requests = new RequestCounter();
  const context: RouteContext = { ...deps, archive: new IncidentArchive(deps), stream, requests };
  app.addHook('preClose', async () => stream.close());
  app.addHook('onResponse', async (request, reply) =>
    requests.count(request.method, request.routeOptions.url, reply.statusCode),
  );
  app.addHook('onRequest', async (_, reply) => void reply.header('cache-control', 'no-store'));
  guardRequests(app, deps.getConfig);
  readJsonOnly(app);
  validateRequests(app);
  serializeResponses(app);
  handleErrors(app, deps.clock, deps.log);
  app.register(fastifyHelmet, securityHeaders(deps.getConfig()));
  app.register(fastifySwagger, OPENAPI);
  app.register(async (scope) => {
    for (const route of ROUTES) route(scope as unknown as ApiApp, context);
  });
  return app;
}
