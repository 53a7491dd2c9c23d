import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { SECOND } from '../lib/time.ts';

/** Whoever sends alerts, or acknowledges, tries again after it. */
const RETRY_AFTER_SECONDS = (5 * SECOND) / SECOND;
const REQUEST_TIMEOUT_MS = 15 * SECOND;
const MOST_CONNECTIONS = 500;

/**
 * Answers in the service's place while its journal cannot be opened: alive, not ready and why, and for
 * all else 503, so that whoever sends keeps what they have and sends it again. Rejects when the
 * address cannot be listened on.
 */
export async function holdAddress(
  { host, port }: { readonly host: string; readonly port: number },
  getReason: () => string,
): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS }, (request, response) => {
    request.resume();
    answer(request, response, getReason());
  });
  server.maxConnections = MOST_CONNECTIONS;
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address();
  const boundPort = typeof address === 'object' && address !== null ? address.port : port;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${boundPort}`,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      if (server.listening) await once(server, 'close');
    },
  };
}

function answer(request: IncomingMessage, response: ServerResponse, reason: string): void {
  const path = (request.url ?? '').split('?', 1)[0]!;
  response.setHeader('cache-control', 'no-store');
  response.setHeader('x-content-type-options', 'nosniff');
  if (['/healthz', '/-/healthy'].includes(path)) {
    send(response, 200, 'application/json', JSON.stringify({ status: 'ok' }));
    return;
  }
  if (['/readyz', '/-/ready'].includes(path)) {
    send(response, 503, 'application/json', JSON.stringify({ ready: false, reasons: [reason] }));
    return;
  }
  response.setHeader('retry-after', String(RETRY_AFTER_SECONDS));
  const detail = `Nothing is taken, shown or paged: ${reason}`;
  if (request.headers.accept?.includes('text/html') === true) {
    send(response, 503, 'text/plain', `Threenines\n\n${detail}\n`);
    return;
  }
  const problem = { type: 'about:blank', title: 'Not available now', status: 503, detail };
  send(response, 503, 'application/problem+json', JSON.stringify(problem));
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': `${type}; charset=utf-8` });
  response.end(body);
}
