import type { HttpClient, HttpOutcome } from '../../lib/http-client.ts';
import { type LocalText, say } from '../../lib/local-text.ts';
import type { DurationMs } from '../../lib/time.ts';

/** One POST of JSON. */
export function postJson(
  http: HttpClient,
  url: string,
  body: unknown,
  timeoutMs: DurationMs,
  headers: Readonly<Record<string, string>> = {},
): Promise<HttpOutcome> {
  return http.send({
    method: 'POST',
    url,
    headers: {
      'Content-Type': 'application/json; charset=utf-8',
      'User-Agent': 'threenines',
      ...headers,
    },
    body: JSON.stringify(body),
    timeoutMs,
  });
}

/** Why an address that stood in a secret cannot be used, without repeating it; null when it can. */
export function whyUnusable(url: string): LocalText | null {
  const protocol = URL.parse(url)?.protocol;
  if (protocol === 'https:' || protocol === 'http:') return null;
  return say('the address of the channel is not a web address', '通道地址不是有效的网址');
}
