import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { dashboardsCommand } from '../../app/commands/dashboards.ts';
import { renderBoards } from '../../dashboards/render-boards.ts';

interface Stored {
  readonly path: string;
  readonly body: { readonly dashboard?: { uid: string; id: null }; readonly folderUid?: string };
}

const TOKEN = 'a-token-that-is-secret';

/** Answers as Grafana's HTTP API does, with what `answer` says for a path. */
async function grafana(answer: (path: string, count: number) => [number, object]) {
  const stored: Stored[] = [];
  const server = createServer(async (request, response) => {
    const path = request.url ?? '';
    const isKnown = request.headers.authorization === `Bearer ${TOKEN}`;
    const text = await textOf(request);
    const body = text === '' ? {} : JSON.parse(text);
    const [status, said] = isKnown
      ? answer(path, stored.length)
      : [401, { message: 'Unauthorized' }];
    if (status === 200) stored.push({ path, body });
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(said));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { stored, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}

async function push(args: readonly string[], token: string | undefined = TOKEN) {
  const said: string[] = [];
  const code = await dashboardsCommand({
    args,
    environment: { GRAFANA_TOKEN: token },
    print: (text) => said.push(text),
    complain: (text) => said.push(text),
  });
  return { code, said: said.join('\n') };
}

describe('threenines dashboards --out', () => {
  test('says which folder cannot be written, and why', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'threenines-out-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'file');
    writeFileSync(file, '');
    for (const out of [join(file, 'boards'), '/proc/threenines/boards']) {
      const { code, said } = await push(['--out', out]);
      expect(code).toBe(1);
      expect(said).toMatch(/^threenines: --out: .+ cannot be written: /);
      expect(said).toContain(out);
    }
  });
});

describe('threenines dashboards --push', () => {
  test('names the address at which no Grafana is', async () => {
    const { url } = await grafana(() => [200, { uid: 'x' }]);
    const dead = url.replace(/\d+$/, '9');
    const { code, said } = await push(['--push', dead]);
    expect(code).toBe(1);
    expect(said).toContain(dead);
  });

  test('makes the folder and stores every board in it', async () => {
    const { url, stored } = await grafana(() => [200, { uid: 'x' }]);
    const { code, said } = await push(['--push', `${url}/`, '--lang', 'zh-CN']);
    expect(said).toBe(`8 boards stored in ${url}`);
    expect(code).toBe(0);
    const [folder, ...boards] = stored;
    expect(folder).toEqual({
      path: '/api/folders',
      body: { uid: 'threenines', title: 'Threenines' },
    });
    const wanted = [...renderBoards('zh-CN').values()].map((text) => JSON.parse(text));
    expect(boards.map(({ body }) => body)).toEqual(
      wanted.map((board) => ({
        dashboard: { ...board, id: null },
        folderUid: 'threenines',
        overwrite: true,
      })),
    );
  });

  test('goes on where the folder is there already', async () => {
    const { url, stored } = await grafana((path) =>
      path === '/api/folders'
        ? [409, { message: 'a folder with that uid exists' }]
        : [200, { uid: 'x' }],
    );
    expect((await push(['--push', url])).code).toBe(0);
    expect(stored.map(({ path }) => path)).toEqual([
      '/api/folders/threenines',
      ...Array(8).fill('/api/dashboards/db'),
    ]);
  });

  test('does not take another folder of that name for its own', async () => {
    const { url, stored } = await grafana((path) => {
      if (path === '/api/folders') return [409, { message: 'a folder with that name exists' }];
      return path.startsWith('/api/folders/') ? [404, {}] : [200, { uid: 'x' }];
    });
    const { code, said } = await push(['--push', url]);
    expect(code).toBe(1);
    expect(said).toContain('another folder of that name, whose uid is not threenines');
    expect(stored).toEqual([]);
  });

  test.each(['http://tok:word@127.0.0.1:3000', 'http://word@127.0.0.1:3000', 'htp:/x:word@y'])(
    'takes no password in an address, and repeats none: %s',
    async (url) => {
      const { code, said } = await push(['--push', url]);
      expect(code).toBe(2);
      expect(said).not.toContain('word@');
      expect(said).not.toContain('tok:');
    },
  );

  test('says that a connection is refused', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    const { code, said } = await push(['--push', `http://localhost:${port}`]);
    expect(code).toBe(1);
    expect(said).toContain('connection refused (ECONNREFUSED)');
  });

  test('stops at a board that is refused, and says which and why', async () => {
    const { url } = await grafana((_, count) =>
      count < 3 ? [200, { uid: 'x' }] : [400, { message: 'bad dashboard' }],
    );
    const { code, said } = await push(['--push', url]);
    expect(code).toBe(1);
    expect(said).toContain(
      'threenines-device.json could not be stored: Grafana answers 400 bad dashboard',
    );
  });

  test('never repeats the token, and says what is expected of it', async () => {
    const { url } = await grafana(() => [200, { uid: 'x' }]);
    const wrong = await push(['--push', url], 'wrong-token');
    expect(wrong.code).toBe(1);
    expect(wrong.said).toContain('expected one of a service account');
    expect(wrong.said).not.toContain('wrong-token');
    expect(await push(['--push', url], '')).toMatchObject({ code: 2 });
    expect((await push(['--push', 'grafana'])).said).toContain('"grafana" is no address');
  });

  test('does not take the page of a login for success', async () => {
    const server = createServer((_, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Log in</html>');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const { code, said } = await push(['--push', `http://127.0.0.1:${port}`]);
    expect(code).toBe(1);
    expect(said).toContain("the answer 200 is not Grafana's");
  });

  test('says so when nobody answers', async () => {
    const { code, said } = await push(['--push', 'http://127.0.0.1:9']);
    expect(code).toBe(1);
    expect(said).toContain('could not be made');
    expect(said).not.toContain('unknown');
  });
});
