import { MINUTE, SECOND } from '../lib/time.ts';
import type { Draft, Maybe } from './draft.ts';
import { checkDuration, durationOf, type Findings } from './findings.ts';
import type { Channel } from './model.ts';
import type { ChannelEntry } from './oncall-schema.ts';
import { type Path, show } from './problem-text.ts';
import { checkSecret, type SecretSources, secretOf } from './secret.ts';

const DEFAULT_TIMEOUT = '10s';
const TIMEOUT_BOUNDS = { least: SECOND, most: 2 * MINUTE };
const DEFAULT_SECURITY = 'starttls';
const DEFAULT_PORTS = { tls: 465, starttls: 587, none: 25 } as const;
const SHORTEST_SIGNING_KEY = 16;

type WebhookEntry = Extract<ChannelEntry, { kind: 'webhook' }>;
type EmailEntry = Extract<ChannelEntry, { kind: 'email' }>;

/** Checks one channel beyond its schema. */
export function checkChannel(
  findings: Findings,
  path: Path,
  entry: Draft<ChannelEntry>,
  secrets: SecretSources,
): void {
  if (entry.kind === 'webhook') checkWebhook(findings, path, entry, secrets);
  else if (entry.kind === 'email') checkEmail(findings, path, entry, secrets);
}

function checkTimeout(findings: Findings, path: Path, timeout: Maybe<string>): void {
  checkDuration(findings, [...path, 'timeout'], timeout, TIMEOUT_BOUNDS);
}

function checkWebhook(
  findings: Findings,
  path: Path,
  entry: Draft<WebhookEntry>,
  secrets: SecretSources,
): void {
  checkTimeout(findings, path, entry.timeout);
  const url = checkSecret(findings, [...path, 'url'], entry.url, secrets);
  if (url !== null && !/^https?:$/.test(URL.parse(url)?.protocol ?? '')) {
    // The address may hold a token, so the message does not repeat it.
    const message = 'the secret is not a web address; expected https://… or http://…';
    findings.error([...path, 'url'], message);
  }
  const place = [...path, 'signingKey'];
  const signingKey = checkSecret(findings, place, entry.signingKey, secrets);
  if (signingKey !== null && signingKey.length < SHORTEST_SIGNING_KEY) {
    const message = `the key is short; ${SHORTEST_SIGNING_KEY} characters or more are hard to guess`;
    findings.warning(place, message);
  }
}

function checkEmail(
  findings: Findings,
  path: Path,
  entry: Draft<EmailEntry>,
  secrets: SecretSources,
): void {
  checkTimeout(findings, path, entry.timeout);
  const { from, user, password, security } = entry;
  if (from !== null && !isMailAddress(from) && !/^[^<>]*<[^<>]+>$/.test(from)) {
    const message = `${show(from)} is not a mail address; expected one such as noc@example.org`;
    findings.error([...path, 'from'], message);
  }
  if ((user === undefined) !== (password === undefined)) {
    const missing = user === undefined ? 'user' : 'password';
    findings.error(path, `"${missing}" is missing; user and password go together`);
  }
  if (security === 'none' && password !== undefined) {
    findings.warning([...path, 'security'], 'the password crosses the network in the clear');
  }
  checkSecret(findings, [...path, 'password'], password, secrets);
}

/** Whether the text is one bare mail address. Only the mail server knows whether it exists. */
export function isMailAddress(text: string): boolean {
  return /^[^\s@<>,;:"]+@[^\s@<>,;:"]+$/.test(text);
}

/** The channel of an entry without errors. */
export function deriveChannel(entry: ChannelEntry, secrets: SecretSources): Channel {
  if (entry.kind === 'inbox') return { id: entry.id, kind: 'inbox' };
  const timeoutMs = durationOf(entry.timeout ?? DEFAULT_TIMEOUT);
  if (entry.kind === 'webhook') {
    return {
      id: entry.id,
      kind: 'webhook',
      url: secretOf(entry.url, secrets),
      signingKey: secretOf(entry.signingKey, secrets),
      timeoutMs,
    };
  }
  const { security = DEFAULT_SECURITY, password } = entry;
  return {
    id: entry.id,
    kind: 'email',
    host: entry.host,
    port: entry.port ?? DEFAULT_PORTS[security],
    security,
    from: entry.from,
    user: entry.user ?? null,
    password: password === undefined ? null : secretOf(password, secrets),
    timeoutMs,
  };
}
