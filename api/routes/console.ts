import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import { DAY, SECOND } from '../../lib/time.ts';
import type { ApiApp, RouteContext } from '../api-app.ts';

const BUILT_CONSOLE = fileURLToPath(new URL('../../web/dist', import.meta.url));

const NOT_BUILT = `Threenines is running, but its console has not been built.

Run "npm start" once: it builds the console before it starts.
The API works: /api/v1/summary, /api/v1/openapi.json, /metrics
`;

/** The console: built files only. Names under /assets change with their content, so they are kept for a year. */
export function consoleRoutes(app: ApiApp, context: RouteContext): void {
  const root = context.consoleFolder ?? BUILT_CONSOLE;
  if (!existsSync(join(root, 'index.html'))) {
    app.get('/', { schema: { hide: true } }, async (_, reply) =>
      reply.code(503).type('text/plain; charset=utf-8').send(NOT_BUILT),
    );
    return;
  }
  app.register(fastifyStatic, {
    root,
    dotfiles: 'ignore',
    index: 'index.html',
    schemaHide: true,
    cacheControl: false,
    setHeaders: (reply, path) => {
      const isHashed = path.startsWith(join(root, 'assets'));
      reply.header(
        'cache-control',
        isHashed ? `public, max-age=${(365 * DAY) / SECOND}, immutable` : 'no-cache',
      );
    },
  });
}
