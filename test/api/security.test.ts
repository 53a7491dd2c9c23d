import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isDeeperThan } from '../../api/request-body.ts';
import { isAllowedHost } from '../../api/request-guard.ts';
import { createLogger } from '../../lib/logger.ts';
import { fakeConfig } from './fake-config.ts';
import { openApi } from './open-api.ts';

const ACKNOWLEDGE = '/api/v1/incidents/inc-000006/acknowledgement';
const BODY = JSON.stringify({ by: 'shift-lead' });
const JSON_TYPE = { 'content-type': 'application/json' };

describe('every answer', () => {
  it.each(['/api/v1/summary', '/metrics', '/nothing/here', '/api/v1/devices/NO', '/healthz', '/'])(
    '%s carries the security headers',
    async (url) => {
      const { app } = await openApi();
      const { headers } = await app.inject({ url });
      const policy = String(headers['content-security-policy']);
      for (const rule of ["default-src 'self'", "script-src 'self'", "object-src 'none'"])
        expect(policy).toContain(rule);
      for (const rule of ["base-uri 'none'", "frame-ancestors 'none'"])
        expect(policy).toContain(rule);
      expect(policy).not.toContain('unsafe');
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
      });
      expect(headers).not.toHaveProperty('access-control-allow-origin');
      expect(headers).not.toHaveProperty('x-powered-by');
    },
  );

  it('asks for TLS only where the console is reached over TLS', async () => {
    const { app } = await openApi();
    expect((await app.inject({ url: '/healthz' })).headers).toHaveProperty(
      'strict-transport-security',
    );
    const service = { ...fakeConfig().service, consoleUrl: 'http://127.0.0.1:9909' };
    const { app: plain } = await openApi({ config: { service } });
    const { headers } = await plain.inject({ url: '/healthz' });
    expect(headers).not.toHaveProperty('strict-transport-security');
  });
});

describe('host names', () => {
  const config = fakeConfig();
  it.each([
    ...[
      '127.0.0.1:9909',
      'localhost:9909',
      'LOCALHOST',
      '[::1]:9909',
      '192.0.2.7',
      'threenines:9909',
    ],
    ...['noc.example.org', 'noc.example.org:8443', 'NOC.example.org.', 'app.localhost:9909'],
  ])('%s is ours', (host) => expect(isAllowedHost(host, config)).toBe(true));

  it.each([
    ...[undefined, '', 'evil.example', 'noc.example.org.evil.example', 'localhost.evil.example'],
    ...['127.0.0.1.evil.example', 'noc.example.org@evil', '[evil]:1', 'a b', '[::1', 'x:y:z', '.'],
  ])('%s is not', (host) => expect(isAllowedHost(host, config)).toBe(false));

  it('of the configuration are ours, whatever their letters', () => {
    const service = { ...config.service, hosts: ['threenines.monitoring.svc'] };
    const named = { ...config, service };
    expect(isAllowedHost('Threenines.monitoring.svc:9909', named)).toBe(true);
    expect(isAllowedHost('monitoring.svc', named)).toBe(false);
    expect(isAllowedHost('evil.threenines.monitoring.svc', named)).toBe(false);
  });

  it('are asked of pages, not of programs that post alerts', async () => {
    const { app } = await openApi();
    const post = (headers: Record<string, string>) =>
      app.inject({
        ...{ method: 'POST', url: '/api/v2/alerts', payload: '[]' },
        headers: { ...JSON_TYPE, host: 'threenines.example.com:9909', ...headers },
      });
    expect((await post({})).statusCode).toBe(200);
    const ofPages: Record<string, string>[] = [
      { origin: 'http://threenines.example.com:9909' },
      { 'sec-fetch-site': 'same-origin' },
      { host: '[evil' },
    ];
    for (const ofPage of ofPages) expect((await post(ofPage)).statusCode).toBe(403);
    const asked = { url: '/api/v2/alerts', headers: { host: 'threenines.example.com:9909' } };
    const read = await app.inject(asked);
    expect(read.statusCode).toBe(403);
    expect(read.json()).toContain('hosts in threenines.yaml');
  });

  it.each(['/api/v1/summary', '/metrics', '/', '/nothing'])(
    '%s is refused under a foreign name, as after DNS rebinding',
    async (url) => {
      const { app } = await openApi();
      const answer = await app.inject({ url, headers: { host: 'evil.example' } });
      expect(answer.statusCode).toBe(403);
      expect(answer.headers['content-type']).toContain('application/problem+json');
    },
  );
});

describe('requests from other sites', () => {
  it.each<Record<string, string>>([
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: 'http://localhost:1234' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: 'file://' },
  ])('cannot change anything: %j', async (headers) => {
    const { post, service } = await openApi();
    for (const url of [ACKNOWLEDGE, '/-/reload', '/api/v1/lab/story'])
      expect((await post(url, { by: 'shift-lead' }, headers)).status).toBe(403);
    expect(service.commands).toEqual([]);
    expect(service.labLog).toEqual([]);
  });

  it('may not listen to the event stream', async () => {
    const { app } = await openApi();
    const headers = { origin: 'https://evil.example' };
    expect((await app.inject({ url: '/api/v1/events', headers })).statusCode).toBe(403);
  });

  it.each<Record<string, string>>([
    { origin: 'http://127.0.0.1:9909', host: '127.0.0.1:9909' },
    { origin: 'https://noc.example.org', 'sec-fetch-site': 'same-origin' },
    {},
  ])('our own console and programs can: %j', async (headers) => {
    const { post } = await openApi();
    expect((await post(ACKNOWLEDGE, { by: 'shift-lead' }, headers)).status).toBe(200);
  });

  it('get no permission in a preflight', async () => {
    const { app } = await openApi();
    const answer = await app.inject({
      method: 'OPTIONS',
      url: ACKNOWLEDGE,
      headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
    });
    expect(answer.statusCode).toBe(405);
    expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
  });
});

describe('bodies', () => {
  const send = async (payload: string, headers: Record<string, string> = JSON_TYPE) => {
    const { app, service } = await openApi();
    const answer = await app.inject({ method: 'POST', url: ACKNOWLEDGE, headers, payload });
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(service.commands).toEqual([]);
    return answer;
  };

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data',
    'text/json',
    '',
  ])('of type "%s" are refused', async (type) => {
    const headers: Record<string, string> = type === '' ? {} : { 'content-type': type };
    expect((await send(BODY, headers)).statusCode).toBe(415);
  });

  it('without content are refused', async () => {
    expect((await send('')).statusCode).toBe(400);
  });

  it.each(['{', '{"by"}', 'by=shift-lead', '\u0000', '{"by":"shift-lead"}}'])(
    'that are not JSON are refused: %j',
    async (payload) => expect((await send(payload)).statusCode).toBe(400),
  );

  it.each([
    '{"by":"shift-lead","__proto__":{"admin":true}}',
    '{"by":"shift-lead","constructor":{"prototype":{}}}',
    `{"by":${'['.repeat(17)}${']'.repeat(17)}}`,
  ])('that try tricks are refused: %s', async (payload) =>
    expect((await send(payload)).statusCode).toBe(400),
  );

  it('that are not UTF-8 are refused, and say so: nothing is put in place of what cannot be read', async () => {
    const { app } = await openApi();
    const payload = Buffer.from('{"by":"caf\u00e9"}', 'latin1');
    const answer = await app.inject({
      method: 'POST',
      url: ACKNOWLEDGE,
      headers: JSON_TYPE,
      payload,
    });
    expect(answer.statusCode).toBe(400);
    expect(answer.json().detail).toBe('The body is not UTF-8, which JSON has to be.');
  });

  it('larger than 64 KiB are refused', async () => {
    const payload = JSON.stringify({ by: 'x'.repeat(64 * 1024) });
    expect((await send(payload)).statusCode).toBe(413);
  });

  it('are measured in depth outside strings only', () => {
    expect(isDeeperThan('{"a":"[[[[\\"[[[["}', 1)).toBe(false);
    expect(isDeeperThan('[[[]]]', 2)).toBe(true);
    expect(isDeeperThan('[[],[],[]]', 2)).toBe(false);
  });
});

describe('addresses', () => {
  it.each([
    ['GET', '/nothing', 404],
    ['GET', '/api/v2/nothing', 404],
    ['GET', '/assets/../../package.json', 404],
    ['GET', '/%2e%2e/package.json', 404],
    ['GET', '/..%2f..%2fpackage.json', 404],
    ['GET', '/.threenines-built', 404],
    ['DELETE', '/api/v1/devices', 405],
    ['POST', '/api/v1/summary', 405],
    ['GET', ACKNOWLEDGE, 405],
    ['PUT', '/metrics', 405],
    ['GET', '/-/reload', 405],
    ['GET', `/api/v1/devices?q=${'x'.repeat(5000)}`, 414],
  ] as const)('%s %s is answered with a problem', async (method, url, status) => {
    const { app } = await openApi();
    const answer = await app.inject({ method, url });
    expect(answer.statusCode).toBe(status);
    expect(answer.json()).toMatchObject({ status });
    if (status === 405) expect(answer.headers.allow).toBeTruthy();
  });

  /** Addresses that answer only when they are told about what. */
  const WITH_PARAMETERS: Readonly<Record<string, string>> = {
    '/snmp': '/snmp?target=core-1',
    '/api/v1/oncall/plan': '/api/v1/oncall/plan?incident=inc-000005',
  };

  /** This service has no topology to plan by, no reports in the making and no silences. */
  const NOT_THERE = [
    '/api/v1/oncall/plan',
    '/api/v1/reports/jobs/{id}',
    '/api/v1/reports/jobs/{id}/document',
    '/api/v2/silence/{id}',
  ];

  it('that only read change nothing, however often they are asked', async () => {
    const { app, service } = await openApi();
    const { paths } = (await app.inject({ url: '/api/v1/openapi.json' })).json();
    const before = service.deps.journal.lastSequence();
    for (const path of Object.keys(paths).filter((each) => paths[each].get)) {
      if (path === '/api/v1/events') continue;
      const id = path.includes('incidents') ? 'inc-000006' : 'core-1';
      const url = (WITH_PARAMETERS[path] ?? path).replace('{id}', id);
      const status = NOT_THERE.includes(path) ? 404 : 200;
      for (const _ of [1, 2]) expect((await app.inject({ url })).statusCode, url).toBe(status);
    }
    expect(service.deps.journal.lastSequence()).toBe(before);
    expect(service.commands).toEqual([]);
    expect(service.labLog).toEqual([]);
  });
});

describe('files of the machine', () => {
  it('are not reached through the console', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'threenines-files-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    await mkdir(join(folder, 'dist'));
    await writeFile(join(folder, 'dist/index.html'), 'console');
    await writeFile(join(folder, 'secret.txt'), 'not for you');
    await symlink(join(folder, 'secret.txt'), join(folder, 'dist/.hidden'));
    const { app } = await openApi({ deps: { consoleFolder: join(folder, 'dist') } });
    for (const url of [
      ...['/../secret.txt', '/%2e%2e/secret.txt', '/..%2fsecret.txt', '/%2e%2e%2fsecret.txt'],
      ...['/assets/../../secret.txt', '/..\\secret.txt', '/.hidden', '/%00', '//secret.txt'],
      `/${'../'.repeat(20)}etc/passwd`,
    ]) {
      const answer = await app.inject({ url });
      expect([400, 403, 404], url).toContain(answer.statusCode);
      expect(answer.body, url).not.toMatch(/not for you|root:/);
      expect(answer.headers['content-type'], url).toContain('application/problem+json');
    }
    const method = 'DELETE';
    expect((await app.inject({ method, url: '/index.html' })).statusCode).toBe(404);
    expect((await app.inject({ url: '/-/reload' })).statusCode).toBe(405);
  });
});

describe('a fault of our own', () => {
  it('is told without its insides, and logged under the same id', async () => {
    const logged: Record<string, unknown>[] = [];
    const log = createLogger({ level: 'silent', pretty: false });
    log.error = (fields: object) => void logged.push(fields as Record<string, unknown>);
    const explode = () => {
      throw new Error('secret detail at /srv/threenines/file.ts');
    };
    const { app } = await openApi({ deps: { log, readiness: explode } });
    const answer = await app.inject({ url: '/readyz' });
    expect(answer.statusCode).toBe(500);
    expect(answer.body).not.toMatch(/secret|srv|at /);
    expect(logged).toHaveLength(1);
    expect(logged[0]).toMatchObject({ errorId: answer.json().errorId, route: '/readyz' });
    expect(String(logged[0]!.error)).toContain('secret detail');
  });
});
