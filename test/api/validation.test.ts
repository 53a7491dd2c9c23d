import { describe, expect, it } from 'vitest';
import { openApi } from './open-api.ts';

const json = { 'content-type': 'application/json' };
const ID_WORDS =
  'an id: up to 63 small letters, digits, ".", "_" and "-", the first a letter or a digit';

/** Address and what is said of it. */
const WRONG: readonly (readonly [string, string])[] = [
  [
    '/api/v1/incidents?cursor=xxx',
    'The query parameter "cursor" must be the nextCursor of the page before, such as inc-000017.',
  ],
  [
    '/api/v1/incidents?stauts=open',
    'The query parameter "stauts" is not known here; known are limit, cursor, status, tier.',
  ],
  [
    '/api/v1/incidents?status=closed&tier=5',
    'The query parameter "status" must be one of open, acknowledged, resolved, all. The query parameter "tier" must be at most 4.',
  ],
  ['/api/v1/devices?limit=many', 'The query parameter "limit" must be a whole number.'],
  ['/api/v1/summary?pretty', 'The query parameter "pretty" is not known here; none is.'],
  ['/sd/devices?fromat=snmp', 'The query parameter "fromat" is not known here; known are format.'],
  ['/api/v1/incidents/INC-1', `The path parameter "id" must be ${ID_WORDS}.`],
];

describe('a request that is not as expected', () => {
  it.each(WRONG)('%s: names the parameter and what was expected', async (url, detail) => {
    const { app } = await openApi();
    const answer = await app.inject({ url });
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.json()).toMatchObject({ status: 400, detail });
  });

  it('names members of a body that are missing, wrong or unknown', async () => {
    const { app } = await openApi();
    const url = '/api/v1/incidents/inc-000006/acknowledgement';
    const payload = JSON.stringify({ By: 5, '<script>\u202e': 1 });
    const answer = await app.inject({ method: 'POST', url, headers: json, payload });
    expect(answer.statusCode).toBe(400);
    const { detail, errors } = answer.json();
    expect(detail).toContain('The member "by" is missing.');
    expect(detail).toMatch(/The member "By" is not known here; known are by/);
    expect(detail).not.toContain('\u202e');
    expect(errors).toContainEqual({ pointer: '/body/by', message: 'is missing' });
  });

  it('with very many problems is answered with a few of them in words', async () => {
    const { app } = await openApi();
    const query = Array.from({ length: 40 }, (_, index) => `q${index}`).join('&');
    const { detail, errors } = (await app.inject({ url: `/api/v1/sites?${query}` })).json();
    expect(detail).toMatch(/There are 35 more problems\.$/);
    expect(errors).toHaveLength(40);
  });

  it('leaves scrapes alone: what a proxy or Prometheus adds to them says nothing', async () => {
    const { app } = await openApi();
    for (const url of ['/metrics?x=1', '/healthz?x=1', '/-/ready?x=1'])
      expect((await app.inject({ url })).statusCode, url).toBe(200);
  });

  it('does not look for incidents that were never numbered', async () => {
    const { app } = await openApi();
    const answer = await app.inject({ url: '/api/v1/incidents?cursor=inc-999999999999' });
    const usual = await app.inject({ url: '/api/v1/incidents' });
    expect(answer.json().items.length).toBe(usual.json().items.length);
  });
});
