import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openApi } from './open-api.ts';

const SEED = 20_260_301;
const RUNS = 400;

const NASTY = [
  ...['', ' ', '.', '..', '%2e%2e%2f', '%00', '%', '*', '>', '`', "' or 1=1 --", '__proto__'],
  ...['constructor', 'NaN', '-1', '1e999', '9'.repeat(30), '\u202e', '🜁', '<script>'],
];
const text = fc.oneof(fc.constantFrom(...NASTY), fc.string(), fc.string({ unit: 'grapheme' }));

/** Whatever is asked: an answer that the API meant to give, and nothing of its insides in it. */
/** Whoever scrapes /snmp reads errors in plain text; amtool reads a sentence as JSON. */
function refusalType(path: string): RegExp {
  if (path === '/snmp') return /^text\/plain/;
  return path.startsWith('/api/v2/silence')
    ? /^application\/(problem\+)?json/
    : /^application\/problem\+json/;
}

describe('requests made up at random', () => {
  it('are never an internal error', async () => {
    const { app, read } = await openApi();
    const { paths } = await read('/api/v1/openapi.json');
    const routes = Object.entries(paths as Record<string, object>)
      .filter(([path]) => path !== '/api/v1/events')
      .flatMap(([path, methods]) => Object.keys(methods).map((method) => ({ path, method })));
    const names = fc.constantFrom(
      'limit',
      'cursor',
      'q',
      'site',
      'role',
      'tier',
      'status',
      'after',
    );
    const request = fc.record({
      route: fc.constantFrom(...routes),
      id: text,
      query: fc.array(fc.tuple(fc.oneof(names, text), text), { maxLength: 4 }),
      body: fc.oneof(
        fc.json({ maxDepth: 4 }),
        fc.record({ by: text, text }, { requiredKeys: [] }).map((body) => JSON.stringify(body)),
        text,
      ),
    });
    await fc.assert(
      fc.asyncProperty(request, async ({ route, id, query, body }) => {
        const path = route.path.replace('{id}', encodeURIComponent(id));
        const search = new URLSearchParams(query.map(([name, value]) => [name, value]));
        const answer = await app.inject({
          method: route.method.toUpperCase() as 'GET' | 'POST',
          url: `${path}?${search}`,
          ...(route.method === 'post'
            ? { headers: { 'content-type': 'application/json' }, payload: body }
            : {}),
        });
        expect(answer.statusCode).toBeLessThan(500);
        expect(answer.body).not.toMatch(/\bat (\/|file:|async )|node_modules|canary/);
        if (answer.statusCode >= 400)
          expect(answer.headers['content-type']).toMatch(refusalType(route.path));
      }),
      { seed: SEED, numRuns: RUNS },
    );
  });
});
