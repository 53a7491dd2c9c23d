import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import type { ApiDeps } from './deps.ts';
import type { EventStream } from './event-stream.ts';
import type { IncidentArchive } from './incident-archive.ts';
import type { RequestCounter } from './metrics.ts';

/** Fastify with request and answer types taken from each route's schema. */
export type ApiApp = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

/** What the routes share. */
export interface RouteContext extends ApiDeps {
  readonly archive: IncidentArchive;
  readonly stream: EventStream;
  readonly requests: RequestCounter;
}
