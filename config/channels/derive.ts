import { durationOf } from '../findings.ts';
import type { Secret } from '../model.ts';
import { type SecretSources, secretOf } from '../secret.ts';
import type { Channel } from './model.ts';
import type { ChannelEntry, HttpChannelEntry } from './schema.ts';

const DEFAULT_TIMEOUT = '10s';
const DEFAULT_SECURITY = 'starttls';
const DEFAULT_PORTS = { tls: 465, starttls: 587, none: 25 } as const;

const DEFAULT_URLS = {
  slack: 'https://slack.com/api',
  pagerduty: 'https://events.pagerduty.com/v2/enqueue',
  twilio: 'https://api.twilio.com',
  ntfy: 'https://ntfy.sh',
} as const;

/** The channel of an entry without errors, every default filled in. */
export function deriveChannel(entry: ChannelEntry, secrets: SecretSources): Channel {
  if (entry.kind === 'inbox') return { id: entry.id, kind: 'inbox' };
  const secret = (source: string) => secretOf(source, secrets);
  const optional = (source: string | undefined) => (source === undefined ? null : secret(source));
  const shared = { id: entry.id, timeoutMs: durationOf(entry.timeout ?? DEFAULT_TIMEOUT) };
  switch (entry.kind) {
    case 'webhook': {
      const { kind, url, signingKey } = entry;
      return { ...shared, kind, url: secret(url), signingKey: secret(signingKey) };
    }
    case 'email': {
      const { kind, host, from, security = DEFAULT_SECURITY, user = null } = entry;
      const { port = DEFAULT_PORTS[security], password } = entry;
      return { ...shared, kind, host, port, security, from, user, password: optional(password) };
    }
    case 'slack': {
      const { kind, room = null, apiUrl = DEFAULT_URLS.slack, signingSecret } = entry;
      const ways = { url: optional(entry.url), token: optional(entry.token) };
      return { ...shared, kind, ...ways, room, signingSecret: optional(signingSecret), apiUrl };
    }
    case 'teams':
    case 'wecom':
      return { ...shared, kind: entry.kind, url: secret(entry.url) };
    case 'dingtalk': {
      const { kind, url } = entry;
      const appSecret = optional(entry.appSecret);
      const signingSecret = optional(entry.signingSecret);
      return { ...shared, kind, url: secret(url), signingSecret, appSecret };
    }
    case 'feishu': {
      const { kind, url, signingSecret } = entry;
      return { ...shared, kind, url: secret(url), signingSecret: optional(signingSecret) };
    }
    case 'pagerduty': {
      const { kind, url = DEFAULT_URLS.pagerduty, routingKey } = entry;
      return { ...shared, kind, routingKey: secret(routingKey), url };
    }
    case 'twilio-sms':
    case 'twilio-voice': {
      const { kind, accountSid, authToken, from, apiUrl = DEFAULT_URLS.twilio } = entry;
      return { ...shared, kind, accountSid, authToken: secret(authToken), from, apiUrl };
    }
    case 'ntfy': {
      const { kind, url = DEFAULT_URLS.ntfy, topic, token } = entry;
      return { ...shared, kind, url, topic: optional(topic), token: optional(token) };
    }
    case 'http':
      return { ...shared, ...httpChannel(entry, secret) };
  }
}

function httpChannel(entry: HttpChannelEntry, secret: (source: string) => Secret) {
  const { success, receiptField = null } = entry;
  return {
    kind: entry.kind,
    method: entry.method ?? 'POST',
    url: entry.url,
    headers: entry.headers,
    bodyType: entry.bodyType ?? 'json',
    body: entry.body ?? '',
    secrets: new Map(entry.secrets.map(({ name, value }) => [name, secret(value)])),
    successStatuses: success?.statuses ?? [],
    successText: success?.bodyContains ?? null,
    successField:
      success?.field === undefined ? null : { name: success.field, value: success.equals ?? '' },
    receiptField,
  } as const;
}
