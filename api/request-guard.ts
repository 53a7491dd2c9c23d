import { isIP } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Config } from '../config/model.ts';
import { LONGEST_URL_BYTES } from './limits.ts';
import { problem, sendProblem } from './problem.ts';

/**
 * Refuses what a hostile page in the same browser could send: requests under a foreign host name
 * (DNS rebinding) and state changes from another site (cross-site request forgery). Runs before
 * routing decides, so unknown addresses are covered too.
 */
export function guardRequests(app: FastifyInstance, getConfig: () => Config): void {
  app.addHook('onRequest', async (request, reply) => {
    if (request.raw.url !== undefined && request.raw.url.length > LONGEST_URL_BYTES)
      return sendProblem(reply, problem(414, `A URL has at most ${LONGEST_URL_BYTES} bytes here.`));
    if (request.headers.host === undefined)
      return sendProblem(reply, problem(400, 'The request has no Host header.'));
    if (!isAllowedHost(request.headers.host, getConfig()) && !isAlertOfProgram(request))
      return sendProblem(reply, problem(403, FOREIGN_HOST));
    if (isGuarded(request) && !isSameSite(request, getConfig()))
      return sendProblem(reply, problem(403, 'Requests from another site are refused.'));
    return undefined;
  });
}

const FOREIGN_HOST =
  'The Host header does not name this service. Further names stand under hosts in threenines.yaml.';

/** Where Prometheus and Alertmanager post what they have to tell. */
const ALERT_PATHS = ['/api/v2/alerts', '/api/v1/alertmanager-webhook'];

/**
 * An alert that no browser sent, under whatever name its sender knows the service by: browsers send an
 * Origin with every POST of a page, its own site's too, so that a rebound name is told from a program
 * (Fetch Standard, "append a request Origin header"). A page reads nothing by it either.
 */
function isAlertOfProgram({ method, url, headers }: FastifyRequest): boolean {
  if (method !== 'POST' || headers.origin !== undefined) return false;
  if (headers['sec-fetch-site'] !== undefined) return false;
  return hostName(headers.host) !== null && ALERT_PATHS.includes(url.split('?', 1)[0]!);
}

/** Requests here carry their own proof: a token of ours, or a provider's signature. No browser adds it for another site. */
const SELF_PROVING = ['/a/', '/api/v1/callbacks/'];

/** State changes and the event stream; plain reads are kept from other sites by having no CORS headers. */
function isGuarded(request: FastifyRequest): boolean {
  if (request.url.startsWith('/api/v1/events')) return true;
  if (SELF_PROVING.some((path) => request.url.startsWith(path))) return false;
  return !['GET', 'HEAD', 'OPTIONS'].includes(request.method);
}

/**
 * Whether a Host header can be meant for this service. A rebinding attack needs a public DNS name,
 * so an address, a name without a dot and `*.localhost` (RFC 6761 §6.3) are safe; a name with a
 * dot must be a configured one.
 */
export function isAllowedHost(host: string | undefined, config: Config): boolean {
  const name = hostName(host);
  if (name === null) return false;
  if (isIP(name) !== 0 || !name.includes('.') || name.endsWith('.localhost')) return true;
  const { listenHost, consoleUrl, publicUrl, hosts = [] } = config.service;
  const own = [consoleUrl, publicUrl].map((url) => URL.parse(url ?? '')?.hostname.toLowerCase());
  return name === listenHost.toLowerCase() || own.includes(name) || hosts.includes(name);
}

/** The host of an authority without brackets and port, in lower case; null when it is not one. */
function hostName(authority: string | undefined): string | null {
  if (authority === undefined || !/^[A-Za-z0-9._:[\]-]{1,255}$/.test(authority)) return null;
  const bracketed = /^\[([^\]]+)\](:\d{1,5})?$/.exec(authority);
  if (bracketed) return isIP(bracketed[1]!) === 6 ? bracketed[1]! : null;
  const plain = /^([^:[\]]+?)\.?(:\d{1,5})?$/.exec(authority);
  return plain ? plain[1]!.toLowerCase() : null;
}

/** Browsers send Origin and Sec-Fetch-Site with every cross-site request; programs such as curl send neither. */
function isSameSite(request: FastifyRequest, config: Config): boolean {
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
  const origin = request.headers.origin;
  if (origin === undefined) return true;
  const url = URL.parse(origin);
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) return false;
  const own = URL.parse(config.service.consoleUrl);
  return url.host === request.headers.host?.toLowerCase() || url.origin === own?.origin;
}

/** For routes that change state: a form or text post, which needs no preflight, is refused. */
export async function requireJson(request: FastifyRequest, reply: FastifyReply) {
  const type = request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
  if (type === 'application/json') return undefined;
  return sendProblem(reply, problem(415, 'Send the body as application/json.'));
}

const LOOPBACK = /^(::1|(::ffff:)?127\.\d+\.\d+\.\d+)$/;

/** For routes of the machine's own operator. A request that came through a proxy is not from this machine. */
export async function requireLoopback(request: FastifyRequest, reply: FastifyReply) {
  const isProxied = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'].some(
    (name) => request.headers[name] !== undefined,
  );
  if (!isProxied && LOOPBACK.test(request.ip)) return undefined;
  return sendProblem(reply, problem(403, 'Only the machine that runs the service may do this.'));
}
