import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { openApi } from './open-api.ts';

interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly responses: Readonly<
    Record<string, { readonly content?: Record<string, { schema: object }> }>
  >;
}

async function operations() {
  const opened = await openApi();
  const document = await opened.read('/api/v1/openapi.json');
  const list = Object.entries(document.paths as Record<string, Record<string, Operation>>).flatMap(
    ([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  return { ...opened, document, list };
}

describe('the OpenAPI document', () => {
  it('says that it is JSON', async () => {
    const { app } = await openApi();
    const { headers } = await app.inject({ url: '/api/v1/openapi.json' });
    expect(headers['content-type']).toBe('application/json; charset=utf-8');
  });

  it('has every route of the application, and no other', async () => {
    const { list } = await operations();
    expect(list.map(({ method, path }) => `${method.toUpperCase()} ${path}`).toSorted()).toEqual(
      [
        ...['GET /-/healthy', 'GET /-/ready', 'GET /api/v1/devices', 'GET /api/v1/devices/{id}'],
        'GET /api/v1/devices/{id}/plan',
        ...['GET /api/v1/events', 'GET /api/v1/inbox', 'GET /api/v1/incidents'],
        ...['GET /api/v1/incidents/{id}/export', 'GET /api/v1/incidents/{id}/procedure'],
        ...['GET /api/v1/incidents/{id}', 'GET /api/v1/incidents/{id}/timeline', 'GET /api/v1/lab'],
        ...['GET /api/v1/oncall', 'GET /api/v1/oncall/plan'],
        ...['GET /api/v1/openapi.json', 'GET /api/v1/people', 'GET /api/v1/silences'],
        ...['GET /api/v1/reports', 'GET /api/v1/sites'],
        ...['GET /api/v1/summary', 'GET /healthz', 'GET /metrics', 'GET /metrics/devices/{id}'],
        ...['GET /readyz', 'GET /sd/devices', 'GET /snmp', 'POST /-/reload'],
        ...['POST /api/v1/alertmanager-webhook', 'POST /api/v2/alerts'],
        ...['alerts', 'alerts/groups', 'receivers', 'silence/{id}', 'silences', 'status'].map(
          (noun) => `GET /api/v2/${noun}`,
        ),
        ...['DELETE /api/v2/silence/{id}', 'POST /api/v2/silences'],
        'POST /api/v1/incidents/{id}/acknowledgement',
        'POST /api/v1/incidents/{id}/notes',
        'POST /api/v1/incidents/{id}/resolution',
        ...['POST /api/v1/lab/failures', 'POST /api/v1/lab/restorations', 'POST /api/v1/lab/story'],
        'POST /api/v1/oncall/overrides',
        'POST /api/v1/oncall/overrides/{id}/removal',
        'POST /api/v1/oncall/swaps',
        'POST /api/v1/silences',
        'POST /api/v1/silences/{id}/confirmation',
        'POST /api/v1/silences/{id}/end',
        'POST /api/v1/silences/{id}/extension',
        ...[
          'authority-reports',
          'closure',
          'notices',
          'review',
          'review-approval',
          'stages',
          'tier',
          'tier-confirmation',
          'tier-release',
        ].map((noun) => `POST /api/v1/incidents/{id}/${noun}`),
        ...[
          'GET /api/v1/customer-reports',
          'POST /api/v1/customer-reports',
          'POST /api/v1/customer-reports/{id}/answer',
          'POST /api/v1/customer-reports/{id}/response',
          'GET /api/v1/devices/{id}/history',
          'GET /api/v1/reports/jobs/{id}',
          'GET /api/v1/reports/jobs/{id}/document',
          'POST /api/v1/reports',
          'POST /api/v1/reports/dispatches',
        ],
      ].toSorted(),
    );
  });

  it('names and describes every operation, once', async () => {
    const { list, document } = await operations();
    expect(document.openapi).toBe('3.1.0');
    const ids = list.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    const tags = new Set(document.tags.map(({ name }: { name: string }) => name));
    for (const { path, operation } of list) {
      expect(operation.summary, path).toBeTruthy();
      expect(
        operation.tags.every((tag) => tags.has(tag)),
        path,
      ).toBe(true);
      expect(Object.keys(operation.responses).join(' '), path).toMatch(/\b2\d\d\b/);
      const declared = (operation.parameters ?? []).filter((each) => each.in === 'path');
      expect(
        declared.map(({ name }) => `{${name}}`),
        path,
      ).toEqual(path.match(/\{\w+\}/g) ?? []);
    }
  });

  it('has only schemas that compile', async () => {
    const { list } = await operations();
    const ajv = addFormats.default(new Ajv({ strict: false }));
    for (const { operation } of list)
      for (const answer of Object.values(operation.responses))
        for (const { schema } of Object.values(answer.content ?? {}))
          expect(() => ajv.compile(schema)).not.toThrow();
  });

  /** A plan, a job and a silence are made by a running engine. */
  const NOT_THERE = [
    '/api/v1/oncall/plan',
    '/api/v1/reports/jobs/{id}',
    '/api/v1/reports/jobs/{id}/document',
    '/api/v2/silence/{id}',
  ];

  it('describes what is really answered', async () => {
    const { list, app } = await operations();
    const ajv = addFormats.default(new Ajv({ strict: false }));
    let checked = 0;
    for (const { path, method, operation } of list) {
      const schema = operation.responses['200']?.content?.['application/json']?.schema;
      if (method !== 'get' || schema === undefined || NOT_THERE.includes(path)) continue;
      const url = path.replace('{id}', path.includes('incidents') ? 'inc-000006' : 'agg-harbour');
      const body = (await app.inject({ url })).json();
      const isValid = ajv.compile(schema);
      expect(isValid(body), `${url}: ${JSON.stringify(isValid.errors)}`).toBe(true);
      checked += 1;
    }
    expect(checked).toBeGreaterThan(12);
  });

  it('describes how it is said that there is no such thing', async () => {
    const { list, app } = await operations();
    for (const { path, method, operation } of list) {
      if (method !== 'get' || !path.includes('{id}')) continue;
      const answer = await app.inject({ url: path.replace('{id}', 'nothing-here') });
      const declared = operation.responses[answer.statusCode] ?? operation.responses['4XX'];
      const type = String(answer.headers['content-type']).split(';')[0];
      expect(Object.keys(declared?.content ?? {}), `${path} ${answer.statusCode}`).toContain(type);
    }
  });
});
