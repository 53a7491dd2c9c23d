import { type AddressInfo, connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { openApi } from './open-api.ts';

/** Sends octets as they are and gives everything that comes back until the server closes. */
async function exchange(request: string): Promise<string> {
  const { app } = await openApi();
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  socket.write(request);
  let text = '';
  for await (const chunk of socket) text += chunk;
  return text;
}

const bodyOf = (answer: string) => JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4));

describe('octets that are hardly HTTP', () => {
  it.each([
    ['GARBAGE\r\n\r\n', 400],
    ['GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n', 400],
    [`GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
    [`GET /${'x'.repeat(20_000)} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`, 431],
  ])('are answered with a problem and a closed connection', async (request, status) => {
    const answer = await exchange(request);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer).toContain('Content-Type: application/problem+json');
    expect(bodyOf(answer)).toMatchObject({ status });
  });

  it.each([
    'GET /healthz HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n',
    'GET http://evil.example/healthz HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n',
  ])('that name another host are refused', async (request) => {
    expect(await exchange(request)).toMatch(/^HTTP\/1.1 403 /);
  });

  it.each(['GET /healthz HTTP/1.0\r\n\r\n', 'GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n'])(
    'that name no host are answered with a problem',
    async (request) => {
      const answer = await exchange(request);
      expect(answer).toMatch(/^HTTP\/1.1 400 /);
      expect(answer.toLowerCase()).toContain('content-type: application/problem+json');
      expect(bodyOf(answer)).toMatchObject({
        status: 400,
        detail: 'The request has no Host header.',
      });
    },
  );

  it('that are plain HTTP are served', async () => {
    const answer = await exchange(
      'GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
    );
    expect(answer).toMatch(/^HTTP\/1.1 200 /);
    expect(bodyOf(answer)).toEqual({ status: 'ok' });
  });
});
