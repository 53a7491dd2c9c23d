import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ProviderRequest {
  readonly method: string;
  /** With its query. */
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface ProviderAnswer {
  readonly status: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a provider does with a request: it checks everything it would check, and answers as it would. */
export type Provider = (request: ProviderRequest) => ProviderAnswer;

/** A provider of messages on a loopback port. */
export class ProviderServer {
  readonly requests: ProviderRequest[] = [];
  /** Answers to give in place of the provider's own, in order. */
  readonly script: (ProviderAnswer | 'hang' | 'close')[] = [];
  readonly #server: Server;

  private constructor(provider: Provider) {
    this.#server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const received: ProviderRequest = {
        method: request.method ?? '',
        url: new URL(request.url ?? '', 'http://provider'),
        headers: request.headers as Record<string, string>,
        body: Buffer.concat(chunks).toString('utf8'),
      };
      this.requests.push(received);
      const scripted = this.script.shift();
      if (scripted === 'hang') return;
      if (scripted === 'close') {
        response.destroy();
        return;
      }
      const { status, body = '', headers = {} } = scripted ?? provider(received);
      response.writeHead(status, headers).end(body);
    });
  }

  static async start(provider: Provider): Promise<ProviderServer> {
    const server = new ProviderServer(provider);
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  /** `http://127.0.0.1:PORT/path` */
  url(path = ''): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}${path}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

/** An answer with a JSON body. */
export function answerJson(
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): ProviderAnswer {
  const type = { 'content-type': 'application/json' };
  return { status, body: JSON.stringify(body), headers: { ...type, ...headers } };
}
