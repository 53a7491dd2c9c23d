import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import { DAY, SECOND } from '../../lib/time.ts';
import type { ApiApp, RouteContext } from '../api-app.ts';
import { IdParams } from '../schemas.ts';

const BUILT_CONSOLE = fileURLToPath(new URL('../../web/dist', import.meta.url));

const NOT_BUILT = `Threenines is running, but its console has not been built.

Run "npm start" once: it builds the console before it starts.
The API works: /api/v1/summary, /api/v1/openapi.json, /metrics
`;

/** The console: built files only. Names under /assets change with their content, so they are kept for a year. */
export function consoleRoutes(app: ApiApp, context: RouteContext): void {
  redirectPlainAddresses(app);
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

/** Pages and boards link to `/incidents/ID` and `/devices/ID`, which mail clients do not cut short; the console keeps its place behind a `#`. */
function redirectPlainAddresses(app: ApiApp): void {
  for (const what of ['incidents', 'devices'] as const) {
    const schema = { hide: true, params: IdParams };
    app.get(`/${what}/:id`, { schema }, async ({ params }, reply) =>
      reply.redirect(`/#/${what}/${params.id}`, 302),
    );
  }
}
