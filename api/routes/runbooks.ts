import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Type } from 'typebox';
import type { ApiApp } from '../api-app.ts';
import { problem, sendProblem } from '../problem.ts';

const RUNBOOKS = fileURLToPath(new URL('../../docs/runbooks.md', import.meta.url));
const TEXT = 'text/plain; charset=utf-8';
const params = Type.Object({ name: Type.String({ maxLength: 63 }) });

/**
 * What to do when an alert of our rules for Prometheus fires, as text: `/runbooks/NAME` is its
 * `runbook_url`, `/runbooks` is all of them. Left out where the documents were not installed.
 */
export function runbookRoutes(app: ApiApp): void {
  if (!existsSync(RUNBOOKS)) return;
  const all = readFileSync(RUNBOOKS, 'utf8');
  const sections = new Map(
    all
      .split(/^(?=## )/m)
      .slice(1)
      .map((section) => [/^## (.+)$/m.exec(section)![1]!.toLowerCase(), section]),
  );
  app.get('/runbooks', { schema: { hide: true } }, async (_, reply) => reply.type(TEXT).send(all));
  app.get('/runbooks/:name', { schema: { hide: true, params } }, async ({ params }, reply) => {
    const section = sections.get(params.name.toLowerCase());
    if (section !== undefined) return reply.type(TEXT).send(section);
    return sendProblem(reply, problem(404, 'There is no runbook of that name; /runbooks has all.'));
  });
}
