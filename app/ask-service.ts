import { systemHttpClient } from '../lib/http-client.ts';
import { SECOND } from '../lib/time.ts';

const ANSWER_WITHIN_MS = 10 * SECOND;

/** What the running service said: an answer, a refusal in words, or that none answers. */
export type ServiceAnswer =
  | { readonly kind: 'answer'; readonly value: unknown }
  | { readonly kind: 'refused'; readonly status: number; readonly detail: string }
  | { readonly kind: 'silent'; readonly failure: string };

/** Asks the service at `url` for JSON. */
export async function askService(url: string): Promise<ServiceAnswer> {
  const outcome = await systemHttpClient.send({
    method: 'GET',
    url,
    headers: { accept: 'application/json' },
    body: '',
    timeoutMs: ANSWER_WITHIN_MS,
  });
  if (outcome.kind === 'failed') return { kind: 'silent', failure: outcome.failure };
  const value = parseJson(outcome.body);
  if (outcome.status === 200 && value !== null) return { kind: 'answer', value };
  const detail = (value as { detail?: unknown } | null)?.detail;
  const words = typeof detail === 'string' ? detail : `it answers ${outcome.status}`;
  return { kind: 'refused', status: outcome.status, detail: words };
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}
