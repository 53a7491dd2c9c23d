import type { Problem } from './api-types.ts';

export type Answer<Body> =
  | { readonly ok: true; readonly body: Body }
  | { readonly ok: false; readonly problem: Problem };

/** The type of the problem that the service does not answer at all, or not within its time. */
export const NOT_ANSWERED = 'no-answer';
const NO_ANSWER: Problem = { type: NOT_ANSWERED, title: 'No answer', status: 0 };

const ANSWER_WITHIN_MS = 15_000;

/** Reads a resource. Never throws: what goes wrong is an answer. */
export function read<Body>(path: string): Promise<Answer<Body>> {
  return request<Body>(path, { method: 'GET' });
}

/** Sends a command. Never throws. */
export function send<Body>(path: string, body: object): Promise<Answer<Body>> {
  return request<Body>(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

async function request<Body>(path: string, init: RequestInit): Promise<Answer<Body>> {
  try {
    const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
    const response = await fetch(path, { ...init, signal, cache: 'no-store' });
    const body = await response.json();
    return response.ok ? { ok: true, body } : { ok: false, problem: body };
  } catch {
    return { ok: false, problem: NO_ANSWER };
  }
}
