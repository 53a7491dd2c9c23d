import type { FastifyInstance } from 'fastify';
import { onTestFinished } from 'vitest';
import { createApi } from '../../api/create-api.ts';
import type { ApiDeps } from '../../api/deps.ts';
import type { Config } from '../../config/model.ts';
import { MINUTE } from '../../lib/time.ts';
import { VirtualClock } from '../../lib/virtual-clock.ts';
import { playScene } from './fake-scene.ts';
import { createFakeService, type FakeService } from './fake-service.ts';

export const START = Date.UTC(2026, 2, 1, 8, 0, 0);

/** An answer as a client sees it: whatever JSON it holds. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of many shapes, and assert on what they find
export type AnswerBody = any;

export interface OpenedApi {
  readonly app: FastifyInstance;
  readonly service: FakeService;
  readonly clock: VirtualClock;
  /** GET that expects 200 and reads JSON. */
  read(url: string): Promise<AnswerBody>;
  /** POST of a JSON body. */
  post(url: string, body: unknown, headers?: Record<string, string>): Promise<Answer>;
}

export interface Answer {
  readonly status: number;
  readonly body: AnswerBody;
  readonly headers: Record<string, unknown>;
}

/** The API over the network in trouble, closed when the test ends. */
export async function openApi(
  overrides: { config?: Partial<Config>; deps?: Partial<ApiDeps> } = {},
): Promise<OpenedApi> {
  const clock = new VirtualClock(START + 200 * MINUTE);
  const service = await createFakeService(clock, overrides);
  await playScene(service);
  const app = createApi(service.deps);
  onTestFinished(() => app.close());
  return {
    app,
    service,
    clock,
    async read(url) {
      const answer = await app.inject({ url });
      if (answer.statusCode !== 200) throw new Error(`${url}: ${answer.statusCode} ${answer.body}`);
      return answer.json();
    },
    async post(url, body, headers = {}) {
      const answer = await app.inject({
        method: 'POST',
        url,
        headers: { 'content-type': 'application/json', ...headers },
        payload: typeof body === 'string' ? body : JSON.stringify(body),
      });
      return { status: answer.statusCode, body: answer.json(), headers: answer.headers };
    },
  };
}
