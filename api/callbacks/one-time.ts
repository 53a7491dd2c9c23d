import { createHash } from 'node:crypto';
import type { FastifyReply } from 'fastify';
import { type EpochMs, MINUTE } from '../../lib/time.ts';
import type { RouteContext } from '../api-app.ts';
import { problem, sendProblem } from '../problem.ts';

/** Each reason is logged at most so often; all are counted. */
const LOG_EVERY_MS = MINUTE;
const loggedAt = new WeakMap<object, Map<string, EpochMs>>();

/**
 * Whether a signed request is the first of its kind: what was signed is put down in the journal before it
 * is acted on, so that the same request, recorded and played again, does nothing, also after a restart.
 * `signed` is what the signature proves and the signature, in one form only. Rejects when the journal fails.
 */
export async function takeOnce(
  { host }: RouteContext,
  channelId: string,
  signed: string,
): Promise<boolean> {
  const callbackId = createHash('sha256').update(`${channelId} ${signed}`).digest('hex');
  const outcome = await host.command({ type: 'take-callback', channelId, callbackId });
  return outcome.accepted;
}

/** Refuses a callback that is not believed, counts it, and says so in the log without what it brought. */
export function refuseCallback(
  { requests, log, clock }: RouteContext,
  reply: FastifyReply,
  reason: 'unsigned' | 'replayed',
  detail: string,
): FastifyReply {
  requests.countRefusedCallback(reason);
  const logged = loggedAt.get(requests) ?? new Map<string, EpochMs>();
  loggedAt.set(requests, logged);
  const now = clock.now();
  if (Math.abs(now - (logged.get(reason) ?? Number.NEGATIVE_INFINITY)) >= LOG_EVERY_MS) {
    logged.set(reason, now);
    const route = reply.request.routeOptions.url;
    log.warn({ reason, route, from: reply.request.ip }, 'callback refused');
  }
  return sendProblem(reply, problem(403, detail));
}

export const PLAYED_AGAIN = 'The request has been taken before.';
