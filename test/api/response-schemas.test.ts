import type { RouteOptions } from 'fastify';
import { describe, expect, it } from 'vitest';
import { createApi } from '../../api/create-api.ts';
import { compileResponse } from '../../api/response-schemas.ts';
import { VirtualClock } from '../../lib/virtual-clock.ts';
import { createFakeService } from './fake-service.ts';

describe('the schemas of answers', () => {
  it('can all be written by, though each is compiled only when it is first asked for', async () => {
    const service = await createFakeService(new VirtualClock(0));
    await using app = createApi(service.deps);
    const routes: RouteOptions[] = [];
    app.addHook('onRoute', (route) => void routes.push(route));
    await app.ready();
    const answers = routes.flatMap(({ url, method, schema }) =>
      Object.entries((schema?.response ?? {}) as Record<string, object>).map(
        ([status, answer]) => [`${method} ${url} ${status}`, answer] as const,
      ),
    );
    expect(answers.length).toBeGreaterThan(100);
    for (const [which, answer] of answers)
      expect(() => compileResponse(answer), which).not.toThrow();
  });
});
