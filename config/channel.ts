import { MINUTE, SECOND } from '../lib/time.ts';
import { type Findings, readDuration } from './findings.ts';
import type { Channel } from './model.ts';
import type { ChannelEntry } from './oncall-schema.ts';
import { type Path, show } from './problem-text.ts';
import { readSecret, type SecretSources } from './secret.ts';

const DEFAULT_TIMEOUT = '10s';
const TIMEOUT_BOUNDS = { least: SECOND, most: 2 * MINUTE };
const DEFAULT_PORTS = { tls: 465, starttls: 587, none: 25 } as const;
const SHORTEST_SIGNING_KEY = 16;

/** Checks one channel beyond its schema and reads its secrets. */
export function readChannel(
  findings: Findings,
  path: Path,
  entry: ChannelEntry,
  secrets: SecretSources,
): Channel {
  if (entry.kind === 'inbox') return { id: entry.id, kind: 'inbox' };
  const timeoutPath = [...path, 'timeout'];
  const timeoutText = entry.timeout ?? DEFAULT_TIMEOUT;
  const timeoutMs = readDuration(findings, timeoutPath, timeoutText, TIMEOUT_BOUNDS);
  if (entry.kind === 'webhook') {
    const url = readSecret(findings, [...path, 'url'], entry.url, secrets);
    checkWebhookUrl(findings, [...path, 'url'], url.reveal());
    const signingKey = readSecret(findings, [...path, 'signingKey'], entry.signingKey, secrets);
    const keyLength = signingKey.reveal().length;
    if (keyLength > 0 && keyLength < SHORTEST_SIGNING_KEY) {
      const message = `the key is short; ${SHORTEST_SIGNING_KEY} characters or more are hard to guess`;
      findings.warning([...path, 'signingKey'], message);
    }
    return { id: entry.id, kind: 'webhook', url, signingKey, timeoutMs };
  }
  const security = entry.security ?? 'starttls';
  if (!isMailAddress(entry.from) && !/^[^<>]*<[^<>]+>$/.test(entry.from)) {
    const message = `${show(entry.from)} is not a mail address; expected one such as noc@example.org`;
    findings.error([...path, 'from'], message);
  }
  if ((entry.user === undefined) !== (entry.password === undefined)) {
    const missing = entry.user === undefined ? 'user' : 'password';
    findings.error(path, `"${missing}" is missing; user and password go together`);
  }
  if (security === 'none' && entry.password !== undefined) {
    findings.warning([...path, 'security'], 'the password crosses the network in the clear');
  }
  const password = entry.password;
  return {
    id: entry.id,
    kind: 'email',
    host: entry.host,
    port: entry.port ?? DEFAULT_PORTS[security],
    security,
    from: entry.from,
    user: entry.user ?? null,
    password:
      password === undefined
        ? null
        : readSecret(findings, [...path, 'password'], password, secrets),
    timeoutMs,
  };
}

/** The address may hold a token, so the message does not repeat it. An empty one is found elsewhere. */
function checkWebhookUrl(findings: Findings, path: Path, text: string): void {
  if (text === '') return;
  const url = URL.parse(text);
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return;
  findings.error(path, 'the secret is not a web address; expected https://… or http://…');
}

/** Whether the text is one bare mail address. Only the mail server knows whether it exists. */
export function isMailAddress(text: string): boolean {
  return /^[^\s@<>,;:"]+@[^\s@<>,;:"]+$/.test(text);
}
