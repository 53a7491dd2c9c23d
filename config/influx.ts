import type { Draft } from './draft.ts';
import type { Findings } from './findings.ts';
import type { InfluxConfig } from './model.ts';
import { show } from './problem-text.ts';
import { checkSecret, type SecretSources, secretOf } from './secret.ts';
import { Influx, type InfluxSection } from './service-schema.ts';

const MEGABYTE = 1024 ** 2;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Names the server where threenines.yaml has no section `influx`, so that who starts the service can
 * give it one without another file; empty as if it were not set. What the file says counts before it.
 */
const URL_VARIABLE = 'THREENINES_INFLUX_URL';

/** Checks the section beyond its schema; without one, the variable that stands for it. */
export function checkInflux(
  findings: Findings,
  section: Draft<InfluxSection> | undefined | null,
  secrets: SecretSources,
  environment: Environment,
): void {
  if (section === null) return;
  const url = section === undefined ? urlIn(environment) : section.url;
  if (url != null && !isServer(url)) {
    const expected = 'expected http(s)://name[:port] without user or password';
    // What the variable holds may be a password, and is not repeated.
    if (section === undefined) findings.error([], `${URL_VARIABLE} is no server; ${expected}`);
    else findings.error(['influx', 'url'], `${show(url)} is no server; ${expected}`);
  }
  if (section?.password) checkSecret(findings, ['influx', 'password'], section.password, secrets);
}

function urlIn(environment: Environment): string | undefined {
  return environment[URL_VARIABLE] || undefined;
}

function isServer(text: string): boolean {
  const url = URL.parse(text);
  const isWeb = url?.protocol === 'http:' || url?.protocol === 'https:';
  return isWeb && url.username + url.password === '';
}

/** The section without errors, or what the variable stands for; null: nothing is written anywhere. */
export function deriveInflux(
  section: InfluxSection | undefined,
  secrets: SecretSources,
  environment: Environment,
): InfluxConfig | null {
  const url = section?.url ?? urlIn(environment);
  if (url === undefined) return null;
  const { database, bufferMegabytes } = section ?? DEFAULTS;
  return {
    url,
    database,
    user: section?.user ?? null,
    password: section?.password === undefined ? null : secretOf(section.password, secrets),
    bufferBytes: bufferMegabytes * MEGABYTE,
  };
}

const DEFAULTS = {
  database: defaultOf<string>(Influx.properties.database),
  bufferMegabytes: defaultOf<number>(Influx.properties.bufferMegabytes),
};

/** A default that the schema declares with a value of the property's own type. */
function defaultOf<T>(property: object): T {
  return (property as { readonly default: T }).default;
}
