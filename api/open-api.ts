import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import type { ApiApp } from './api-app.ts';

export const OPENAPI: FastifyDynamicSwaggerOptions = {
  openapi: {
    openapi: '3.1.0',
    info: {
      title: 'Threenines',
      version: '1.0.0',
      description:
        'Network health, graded incidents, response clocks and pages. Instants are RFC 3339 in ' +
        'UTC; lists are paged by cursor; errors are RFC 9457 problem details.',
    },
    tags: [
      { name: 'summary', description: 'The state of everything at a glance' },
      { name: 'incidents', description: 'What is wrong, how bad, who has it' },
      { name: 'devices', description: 'What is watched' },
      { name: 'sites', description: 'Where it stands' },
      { name: 'people', description: 'Who is paged' },
      { name: 'on call', description: 'Who is on call, and who would be paged' },
      { name: 'alerts', description: 'From Prometheus and Alertmanager' },
      { name: 'silences', description: 'What pages nobody for a while' },
      { name: 'customer reports', description: 'Faults that customers tell' },
      { name: 'reports', description: 'Reports that are made, sent and kept' },
      { name: 'inbox', description: 'Pages as they were sent' },
      { name: 'events', description: 'Live changes' },
      { name: 'metrics', description: 'For Prometheus' },
      { name: 'health', description: 'Of the service itself' },
      { name: 'service', description: 'For its operator' },
      { name: 'lab', description: 'The built-in demo network' },
    ],
  },
};

const schema = {
  operationId: 'getOpenApi',
  tags: ['service'],
  summary: 'This document',
  response: { 200: { type: 'object', additionalProperties: true } },
};

/** `GET /api/v1/openapi.json`: the document that Fastify gathers from the schemas of all routes. */
export function openApiRoutes(app: ApiApp): void {
  app.get('/api/v1/openapi.json', { schema }, async (_, reply) =>
    reply.type('application/json; charset=utf-8').serializer(JSON.stringify).send(app.swagger()),
  );
}
