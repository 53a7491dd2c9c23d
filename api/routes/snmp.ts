import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import type { ApiApp, RouteContext } from '../api-app.ts';
import { textAnswer } from '../schemas.ts';
import { parseSnmpRequest } from '../snmp-request.ts';
import { streamText } from '../text-stream.ts';

const PROMETHEUS_TEXT = 'text/plain; version=0.0.4; charset=utf-8';

const NOT_HEARD =
  'The thread that polls the device does not answer; it is ended and starts again within a minute.';

const Values = Type.Unsafe<string | readonly string[]>({
  anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }],
});

const schema = {
  operationId: 'getSnmp',
  tags: ['metrics'],
  summary: 'The last poll of one device under the names, labels and scales of snmp_exporter',
  querystring: Type.Object(
    {
      /** Id of a device, its address, or its address and port. */
      target: Type.Optional(Values),
      module: Type.Optional(Values),
      auth: Type.Optional(Values),
    },
    { additionalProperties: true },
  ),
  response: {
    200: textAnswer('text/plain', 'Prometheus text format 0.0.4'),
    400: textAnswer('text/plain', 'What is wrong with the request'),
    500: textAnswer('text/plain', 'There is no poll of the device that could be shown'),
    503: textAnswer('text/plain', 'The thread that polls the device does not answer at present'),
  },
};

/**
 * `GET /snmp?target=…&module=…`: what snmp_exporter would answer, out of the last poll. Nothing is sent
 * to a device for it. 500 while there is nothing to show, 503 while the thread that has it does not
 * answer, so that `up` is 0.
 */
export function snmpRoutes(app: ApiApp, { collector, getConfig }: RouteContext): void {
  app.get('/snmp', { schema }, async ({ query }, reply) => {
    const request = parseSnmpRequest(query, getConfig().devices);
    if (!request.ok) return sendText(reply, 400, request.message);
    const { device, modules } = request;
    const chunks = await collector.renderSnmp(device.id, modules);
    if (chunks !== null) return reply.type(PROMETHEUS_TEXT).send(streamText(chunks));
    if (!collector.isHeard(device.id)) return sendText(reply, 503, NOT_HEARD);
    const reason = (await collector.detail(device.id))?.lastDetail.en ?? '';
    return sendText(reply, 500, `Nothing read from the device can be shown. ${reason}`.trim());
  });
}

function sendText(reply: FastifyReply, status: number, text: string): FastifyReply {
  return reply.code(status).type('text/plain; charset=utf-8').send(`${text}\n`);
}
