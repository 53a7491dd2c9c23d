import type { DurationMs } from './time.ts';

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly timeoutMs: DurationMs;
}

export type HttpFailure = 'timeout' | 'refused' | 'name-not-found' | 'tls' | 'too-large' | 'failed';

export type HttpOutcome =
  | {
      readonly kind: 'response';
      readonly status: number;
      readonly body: string;
      /** RFC 9110 §10.2.3, as it came: seconds or a date; null or left out when it was not said. */
      readonly retryAfter?: string | null;
    }
  | { readonly kind: 'failed'; readonly failure: HttpFailure; readonly detail: string };

/** Sends one request. Never rejects: what goes wrong is an outcome. Redirects are not followed. */
export interface HttpClient {
  send(request: HttpRequest): Promise<HttpOutcome>;
}

const LARGEST_RESPONSE_BYTES = 64 * 1024;

const FAILURE_BY_CODE: Readonly<Record<string, HttpFailure>> = {
  ECONNREFUSED: 'refused',
  ENOTFOUND: 'name-not-found',
  EAI_AGAIN: 'name-not-found',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  CERT_HAS_EXPIRED: 'tls',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'tls',
  SELF_SIGNED_CERT_IN_CHAIN: 'tls',
  ERR_TLS_CERT_ALTNAME_INVALID: 'tls',
};

/** The HTTP client of the running service, on Node's fetch. Reads at most 64 KiB of an answer. */
export const systemHttpClient: HttpClient = {
  async send({ method, url, headers, body, timeoutMs }) {
    try {
      const response = await fetch(url, {
        method,
        headers,
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMs),
        ...(method === 'GET' ? {} : { body }),
      });
      const text = await readAtMost(response, LARGEST_RESPONSE_BYTES);
      if (text === null)
        return failed('too-large', `answer is longer than ${LARGEST_RESPONSE_BYTES} bytes`);
      const retryAfter = response.headers.get('retry-after');
      return { kind: 'response', status: response.status, body: text, retryAfter };
    } catch (error) {
      return failureOf(error);
    }
  },
};

async function readAtMost(response: Response, limit: number): Promise<string | null> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.byteLength;
    if (length > limit) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function failureOf(error: unknown): HttpOutcome {
  if (error instanceof DOMException && error.name === 'TimeoutError')
    return failed('timeout', 'no answer in time');
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  // What fetch itself refuses to ask has no code (Fetch Standard, port blocking).
  if (cause instanceof Error && cause.message === 'bad port')
    return failed('failed', 'HTTP clients ask nothing of that port');
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
  return failed(FAILURE_BY_CODE[code] ?? 'failed', code);
}

function failed(failure: HttpFailure, detail: string): HttpOutcome {
  return { kind: 'failed', failure, detail };
}
