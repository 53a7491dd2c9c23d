import Type, { type TProperties, type TSchema } from 'typebox';
import { ROLES, TIERS } from './model.ts';

/** Words that several configuration files share, as schemas. `$comment` says how to write a value. */

const LONGEST_TEXT = 200;
const LONGEST_SECRET_SOURCE = 4096;

/** A mapping that accepts these keys and no others. */
export function section<P extends TProperties>(
  properties: P,
  options: { description?: string; default?: unknown; title?: string } = {},
) {
  return Type.Object(properties, { ...options, additionalProperties: false });
}

/** A list that is empty when it is left out. */
export function listOf<S extends TSchema>(item: S, description: string, maxItems = 1000) {
  return Type.Array(item, { description, maxItems, default: [] });
}

/** The id of a thing: the same word in files, metrics, addresses and on the screen. */
export function id(noun: string, description: string, example: string) {
  return Type.String({
    title: noun,
    description,
    pattern: '^[a-z0-9][a-z0-9._-]{0,62}$',
    $comment: `up to 63 small letters, digits, ".", "_" and "-", such as ${example}`,
  });
}

/** A text for people, on one line. */
export function text(description: string, options: { minLength?: number } = {}) {
  const pattern = '^[^\\r\\n\\u2028\\u2029]*$';
  const written = { title: 'line of text', pattern, $comment: 'a text on one line' };
  return Type.String({ ...written, description, maxLength: LONGEST_TEXT, ...options });
}

/** A text for people in every language of the product; none may be left out. */
export function localText(description: string) {
  return section(
    {
      en: text('In English.', { minLength: 1 }),
      'zh-CN': text('In Simplified Chinese (简体中文).', { minLength: 1 }),
    },
    { title: 'text in en and zh-CN', description },
  );
}

/** `15s`, `1m30s`, `2h`: what parseDuration reads. Its bounds are checked after the schema. */
export function duration(description: string, options: { default?: string } = {}) {
  return Type.String({
    title: 'duration',
    description,
    pattern: '^([0-9]{1,9}(ms|[smhd]))+$',
    examples: ['15s', '1m30s', '2h'],
    ...options,
  });
}

/** A whole number within bounds. */
export function count(
  description: string,
  options: { minimum: number; maximum: number; default?: number },
) {
  return Type.Integer({ description, ...options });
}

/** One of a few words or numbers; `noun` is what a message calls them. */
export function choice<const V extends string | number>(
  noun: string,
  values: readonly V[],
  description: string,
  options: { default?: NoInfer<V> } = {},
) {
  return Type.Unsafe<V>({ enum: [...values], title: noun, description, ...options });
}

/** Yes or no; no when left out. */
export function flag(description: string) {
  return Type.Boolean({ description, default: false });
}

/** `99.9%`: what percentToPpm reads exactly. Above 100 % is found after the schema. */
export function percent(description: string, options: { default?: string } = {}) {
  return Type.String({
    title: 'percentage',
    description,
    pattern: '^[0-9]{1,3}(\\.[0-9]{1,4})?%$',
    examples: ['50%', '99.9%'],
    ...options,
  });
}

/** An IANA zone; whether Node knows it is checked after the schema. */
export function timeZone(description: string, options: { default?: string } = {}) {
  return Type.String({
    title: 'time zone',
    description,
    pattern: '^[A-Za-z][A-Za-z0-9_+/-]{1,49}$',
    examples: ['Asia/Shanghai', 'UTC'],
    ...options,
  });
}

/** A day of the calendar. Whether it exists is checked where it is used. */
export function day(description: string) {
  return Type.String({
    title: 'date',
    description,
    pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$',
    $comment: 'a date such as 2026-11-22',
    examples: ['2026-11-22'],
  });
}

/** The value stays out of every message (`writeOnly`), also when it is written wrongly. */
export function secret(description: string) {
  return Type.String({
    title: 'secret',
    description: `${description} One of env:NAME (environment variable), file:PATH (relative to the configuration folder) and plain:VALUE (for laboratories only).`,
    pattern: '^(env:[A-Za-z_][A-Za-z0-9_]*|file:[^\\s].*|plain:[\\s\\S]+)$',
    $comment: 'env:NAME, file:PATH or plain:VALUE',
    maxLength: LONGEST_SECRET_SOURCE,
    writeOnly: true,
  });
}

/** A language that the product speaks. */
export function language(description: string, options: { default?: 'en' | 'zh-CN' } = {}) {
  return choice('language', ['en', 'zh-CN'], description, options);
}

/** A device's role. */
export function role(description: string) {
  return choice('role', ROLES, description);
}

/** A tier, 1 to 4. */
export function tierNumber(description: string) {
  return choice('tier', TIERS, description);
}

/** A UDP or TCP port. */
export function port(description: string, defaultPort?: number) {
  const options = defaultPort === undefined ? {} : { default: defaultPort };
  return Type.Integer({
    title: 'port',
    description,
    minimum: 1,
    maximum: 65535,
    $comment: 'a whole number from 1 to 65535',
    ...options,
  });
}

/** How an address to listen on is written. */
export const LISTEN_FORM =
  'host:port (an IP address or localhost, and a port from 0 to 65535), such as 127.0.0.1:9909 or [::1]:9909';

/** Where the service listens; whether the host is an address is checked after the schema. */
export function listenAddress(description: string, options: { default?: string } = {}) {
  return Type.String({
    title: 'listen address',
    description,
    pattern: ':[0-9]{1,5}$',
    $comment: LISTEN_FORM,
    maxLength: 100,
    ...options,
  });
}

/** One of several mappings, told apart by the value of one key. */
export function oneOfBy<S extends TSchema[]>(key: string, branches: [...S], description: string) {
  return Type.Unsafe<{ [K in keyof S]: Type.Static<S[K]> }[number]>({
    type: 'object',
    description,
    discriminator: { propertyName: key },
    oneOf: branches,
  });
}
