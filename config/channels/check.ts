import { SECOND } from '../../lib/time.ts';
import { type Draft, entriesOf, isWhole, type Maybe } from '../draft.ts';
import { checkDuration, checkNoRepeats, type Findings } from '../findings.ts';
import { type Path, show, suggestion } from '../problem-text.ts';
import { checkSecret, type SecretSources } from '../secret.ts';
import { isMailAddress } from './contact-address.ts';
import { LONGEST_TRY_MS } from './model.ts';
import type { ChannelEntry } from './schema.ts';
import { placeholdersIn, TEMPLATE_FIELDS } from './template.ts';

const TIMEOUT_BOUNDS = { least: SECOND, most: LONGEST_TRY_MS };
const SHORTEST_SIGNING_KEY = 16;

type EntryOf<Kind extends ChannelEntry['kind']> = Draft<Extract<ChannelEntry, { kind: Kind }>>;

/** Checks one channel beyond its schema. */
export function checkChannel(
  findings: Findings,
  path: Path,
  entry: Draft<ChannelEntry>,
  secrets: SecretSources,
): void {
  if (entry.kind === null || entry.kind === 'inbox') return;
  const { timeout } = entry as EntryOf<'webhook'>;
  checkDuration(findings, [...path, 'timeout'], timeout, TIMEOUT_BOUNDS);
  const check = (key: string, source: Maybe<string>) =>
    checkSecret(findings, [...path, key], source, secrets);
  switch (entry.kind) {
    case 'webhook':
      checkWebhook(findings, path, entry as EntryOf<'webhook'>, check);
      return;
    case 'email':
      checkEmail(findings, path, entry as EntryOf<'email'>, check);
      return;
    case 'slack':
      checkSlack(findings, path, entry as EntryOf<'slack'>, check);
      return;
    case 'teams':
    case 'wecom':
      checkUrl(findings, path, check('url', (entry as EntryOf<'teams'>).url));
      return;
    case 'dingtalk':
    case 'feishu': {
      const robot = entry as EntryOf<'dingtalk'>;
      checkUrl(findings, path, check('url', robot.url));
      check('signingSecret', robot.signingSecret);
      check('appSecret', robot.appSecret);
      return;
    }
    case 'pagerduty':
      check('routingKey', (entry as EntryOf<'pagerduty'>).routingKey);
      return;
    case 'twilio-sms':
    case 'twilio-voice':
      check('authToken', (entry as EntryOf<'twilio-sms'>).authToken);
      return;
    case 'ntfy':
      check('topic', (entry as EntryOf<'ntfy'>).topic);
      check('token', (entry as EntryOf<'ntfy'>).token);
      return;
    case 'http':
      checkHttp(findings, path, entry as EntryOf<'http'>, secrets);
      return;
  }
}

type CheckOne = (key: string, source: Maybe<string>) => string | null;

function checkUrl(findings: Findings, path: Path, url: string | null): void {
  if (url === null || /^https?:$/.test(URL.parse(url)?.protocol ?? '')) return;
  // The address may hold a token, so the message does not repeat it.
  const message = 'the secret is not a web address; expected https://… or http://…';
  findings.error([...path, 'url'], message);
}

function checkWebhook(
  findings: Findings,
  path: Path,
  entry: EntryOf<'webhook'>,
  check: CheckOne,
): void {
  checkUrl(findings, path, check('url', entry.url));
  const signingKey = check('signingKey', entry.signingKey);
  if (signingKey !== null && signingKey.length < SHORTEST_SIGNING_KEY) {
    const message = `the key is short; ${SHORTEST_SIGNING_KEY} characters or more are hard to guess`;
    findings.warning([...path, 'signingKey'], message);
  }
}

function checkEmail(
  findings: Findings,
  path: Path,
  entry: EntryOf<'email'>,
  check: CheckOne,
): void {
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
  check('password', password);
}

function checkSlack(
  findings: Findings,
  path: Path,
  entry: EntryOf<'slack'>,
  check: CheckOne,
): void {
  checkUrl(findings, path, check('url', entry.url));
  check('token', entry.token);
  check('signingSecret', entry.signingSecret);
  if ((entry.url === undefined) === (entry.token === undefined)) {
    findings.error(path, 'expected either "url" (incoming webhook) or "token" (bot)');
  }
  if (entry.room !== undefined && entry.token === undefined) {
    findings.error([...path, 'room'], 'goes with "token"; an incoming webhook has its own channel');
  }
}

function checkHttp(
  findings: Findings,
  path: Path,
  entry: EntryOf<'http'>,
  secrets: SecretSources,
): void {
  const names = entriesOf(entry.secrets).map(([, { name }]) => name);
  checkNoRepeats(findings, [...path, 'secrets'], names);
  for (const [index, { value }] of entriesOf(entry.secrets)) {
    checkSecret(findings, [...path, 'secrets', index, 'value'], value, secrets);
  }
  const known = isWhole(names)
    ? [...TEMPLATE_FIELDS, ...names.map((each) => `secret.${each}`)]
    : null;
  checkTemplate(findings, [...path, 'url'], entry.url, known);
  checkTemplate(findings, [...path, 'body'], entry.body, known);
  for (const [index, { value }] of entriesOf(entry.headers)) {
    checkTemplate(findings, [...path, 'headers', index, 'value'], value, known);
  }
  checkHttpParts(findings, path, entry);
}

function checkHttpParts(findings: Findings, path: Path, entry: EntryOf<'http'>): void {
  const { url, body, bodyType, method, success } = entry;
  if (url !== null && !/^https?:\/\/[^{\s]/.test(url)) {
    findings.error([...path, 'url'], 'expected an address that begins with https:// or http://');
  }
  if (method === 'GET' && body !== undefined) {
    findings.error([...path, 'body'], 'a GET request has no body');
  }
  if (typeof body === 'string' && (bodyType ?? 'json') === 'json' && !isJson(body)) {
    findings.error(
      [...path, 'body'],
      'is not JSON once it is filled in; {{…}} stands inside quotes',
    );
  }
  if (success && (success.field === undefined) !== (success.equals === undefined)) {
    findings.error([...path, 'success'], 'field and equals go together');
  }
}

function checkTemplate(
  findings: Findings,
  path: Path,
  template: Maybe<string>,
  known: readonly string[] | null,
): void {
  if (template === null || template === undefined || known === null) return;
  for (const name of placeholdersIn(template)) {
    if (known.includes(name)) continue;
    const hint = suggestion(name, known) || `; expected one of ${TEMPLATE_FIELDS.join(', ')}`;
    findings.error(path, `{{${name}}} stands for nothing${hint}`);
  }
}

function isJson(template: string): boolean {
  try {
    JSON.parse(template.replace(/\{\{[^{}]*\}\}/g, '0'));
    return true;
  } catch {
    return false;
  }
}
