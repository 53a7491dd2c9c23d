import { describe, expect, test } from 'vitest';
import type { HttpChannel } from '../../config/channels/model.ts';
import { base, HOSTILE, withProvider } from './channel-rig.ts';
import { secret } from './page-fixtures.ts';
import { answerJson } from './provider-server.ts';

describe('any HTTP gateway', () => {
  const HTTP: Omit<HttpChannel, 'url'> = {
    ...{ ...base, kind: 'http', method: 'POST', bodyType: 'json', successStatuses: [] },
    ...{ headers: [], secrets: new Map(), successText: null, successField: null },
    ...{ receiptField: null, body: '{"to":"{{address}}","text":"{{text}}"}' },
  };

  test('fills its templates, escaped by where they stand', async () => {
    const send = await withProvider(
      () => answerJson(200, { data: { code: 0, id: 'm-1' } }),
      (at) => ({
        ...{ ...HTTP, url: `${at.url('/sms')}?to={{address}}&site={{site}}` },
        headers: [{ name: 'Authorization', value: 'Key {{secret.key}} {{person}}' }],
        secrets: new Map([['key', secret('k\u00e9y')]]),
        ...{ successField: { name: 'data.code', value: '0' }, receiptField: 'data.id' },
      }),
    );
    const sent = await send({ address: '+86 138&x', page: { facts: HOSTILE } });
    expect(sent).toEqual({ result: 'sent', receipt: 'm-1' });
    const [request] = send.server.requests;
    expect(request!.url.searchParams.get('to')).toBe('+86 138&x');
    expect(request!.url.searchParams.get('site')).toContain('"site" & co');
    expect(request!.headers.authorization).toBe('Key k?y Primary on duty');
    expect(send.lastBody()).toMatchObject({ to: '+86 138&x' });
    expect(send.lastBody().text).toContain('New incident');
  });

  test.each([
    ['form', 'to={{address}}&text={{text}}', (body: string) => new URLSearchParams(body).get('to')],
    ['xml', '<m to="{{address}}">{{text}}</m>', (body: string) => /to="([^"]*)"/.exec(body)?.[1]],
    ['text', '{{address}}: {{short}}', (body: string) => body.split(': ')[0]],
  ] as const)('escapes a body of %s', async (bodyType, body, read) => {
    const send = await withProvider(
      () => ({ status: 200 }),
      (at) => ({ ...HTTP, url: at.url('/'), bodyType, body }),
    );
    expect(await send({ address: 'a&b=<"c">' })).toEqual({ result: 'sent', receipt: 'HTTP 200' });
    const escaped = bodyType === 'xml' ? 'a&amp;b=&lt;&quot;c&quot;&gt;' : 'a&b=<"c">';
    expect(read(send.server.requests[0]!.body)).toBe(escaped);
  });

  test.each([
    ['a bad status', { status: 204 }, { successStatuses: [200] }],
    ['a body without the text', { status: 200, body: 'no' }, { successText: 'OK' }],
    ['another code', answerJson(200, { code: 7 }), { successField: { name: 'code', value: '0' } }],
    ['no JSON', { status: 200, body: 'x' }, { successField: { name: 'code', value: '0' } }],
  ])('tells success by what is configured: %s', async (_, answer, expected) => {
    const send = await withProvider(
      () => answer,
      (at) => ({ ...HTTP, url: at.url('/'), ...expected }),
    );
    expect(await send()).toMatchObject({ result: 'failed', permanent: false });
  });
});
