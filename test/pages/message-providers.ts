import { answerJson, type Provider } from './provider-server.ts';

/** Services that carry messages to telephones and on-call systems, as their documentation describes them. */

/** PagerDuty Events API v2: 202 with the key it files the event under; 400 with what is wrong. */
export function pagerDuty(routingKey: string): Provider & { readonly open: Map<string, string> } {
  const open = new Map<string, string>();
  const provider: Provider = ({ method, url, body }) => {
    const event = JSON.parse(body);
    const errors: string[] = [];
    if (method !== 'POST' || url.pathname !== '/v2/enqueue') return { status: 404 };
    if (event.routing_key !== routingKey) errors.push('Invalid routing key');
    const actions = ['trigger', 'acknowledge', 'resolve'];
    if (!actions.includes(event.event_action)) errors.push("'event_action' is missing or invalid");
    const key = event.dedup_key;
    if (typeof key !== 'string' || key.length > 255) errors.push("'dedup_key' is too long");
    if (event.event_action === 'trigger') {
      const { summary, source, severity } = event.payload ?? {};
      const severities = ['critical', 'error', 'warning', 'info'];
      if (!summary || summary.length > 1024) errors.push("'payload.summary' is missing");
      if (!source) errors.push("'payload.source' is missing");
      if (!severities.includes(severity)) errors.push("'payload.severity' is invalid");
    }
    if (errors.length > 0)
      return answerJson(400, {
        status: 'invalid event',
        message: 'Event object is invalid',
        errors,
      });
    if (event.event_action === 'trigger') open.set(key, 'triggered');
    else if (event.event_action === 'acknowledge') open.set(key, 'acknowledged');
    else open.delete(key);
    return answerJson(202, { status: 'success', message: 'Event processed', dedup_key: key });
  };
  return Object.assign(provider, { open });
}

/** Twilio's REST API: basic auth, forms, E.164; 201 with a SID, or 4xx with a code. */
export function twilioApi(accountSid: string, authToken: string): Provider {
  return ({ method, url, headers, body }) => {
    const refuse = (status: number, code: number) => answerJson(status, { code, status });
    const expected = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`;
    if (headers.authorization !== expected) return refuse(401, 20003);
    const path = `/2010-04-01/Accounts/${accountSid}/`;
    const [, resource] = /(Messages|Calls)\.json$/.exec(url.pathname) ?? [];
    if (method !== 'POST' || !url.pathname.startsWith(path) || resource === undefined)
      return refuse(404, 20404);
    if (headers['content-type'] !== 'application/x-www-form-urlencoded') return refuse(400, 21602);
    const form = new URLSearchParams(body);
    if (!/^\+[1-9]\d{5,14}$/.test(form.get('To') ?? '')) return refuse(400, 21211);
    if (form.get('To') === '+15005550001') return refuse(400, 21211);
    if (!form.has('From') && !form.has('MessagingServiceSid')) return refuse(400, 21603);
    const callback = form.get('StatusCallback');
    if (callback !== null && !URL.canParse(callback)) return refuse(400, 21609);
    if (resource === 'Messages') {
      const text = form.get('Body') ?? '';
      if (text === '' || text.length > 1600) return refuse(400, 21602);
      return answerJson(201, { sid: `SM${'0'.repeat(31)}1`, status: 'queued' });
    }
    const twiml = form.get('Twiml') ?? '';
    if (twiml.length > 4000 || !/^<Response>.*<\/Response>$/s.test(twiml))
      return refuse(400, 21218);
    return answerJson(201, { sid: `CA${'0'.repeat(31)}2`, status: 'queued' });
  };
}

/** ntfy: JSON to the root with a topic, priority 1 to 5, at most three actions; the message it published. */
export function ntfyServer(token: string | null): Provider {
  return ({ method, url, headers, body }) => {
    if (token !== null && headers.authorization !== `Bearer ${token}`)
      return answerJson(403, { code: 40301, http: 403, error: 'forbidden' });
    const message = JSON.parse(body);
    const actions = message.actions ?? [];
    const isGood =
      method === 'POST' &&
      url.pathname === '/' &&
      /^[-_A-Za-z0-9]{1,64}$/.test(message.topic) &&
      Number.isInteger(message.priority) &&
      message.priority >= 1 &&
      message.priority <= 5 &&
      Buffer.byteLength(message.message) <= 4096 &&
      actions.length <= 3 &&
      actions.every((each: { action: string }) => ['view', 'http'].includes(each.action));
    if (!isGood) return answerJson(400, { code: 40017, http: 400, error: 'invalid request' });
    return answerJson(200, { id: 'sPs71M8A2T', event: 'message', topic: message.topic });
  };
}
