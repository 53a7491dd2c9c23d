import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import type { FastifyInstance, RouteOptions } from 'fastify';

/** `verbose`: complaints come with the schema they are about, which says what was expected. */
const OPTIONS = { allErrors: true, strict: false, verbose: true };
/** A body is taken as it stands: the number 5 is not the name "5", and an unknown member is an error. */
const bodyAjv = new Ajv(OPTIONS);
bodyAjv.addFormat('date', isDate);
/** Text is all that a path or query can carry, so numbers are read out of it. */
const textAjv = new Ajv({ ...OPTIONS, coerceTypes: true, useDefaults: true });

/** Where a query parameter that is not known is an error: a misspelt filter must not answer with everything. */
const STRICT_PATHS = ['/api/v1/', '/sd/'];

/** RFC 3339 full-date, of a day that there is. */
function isDate(text: string): boolean {
  try {
    return Temporal.PlainDate.from(text).toString() === text;
  } catch {
    return false;
  }
}

/** Checks every part of a request against its schema and reports all that is wrong at once. */
export function validateRequests(app: FastifyInstance): void {
  app.addHook('onRoute', refuseUnknownParameters);
  app.setValidatorCompiler(({ schema, httpPart }) =>
    compiledWhenAsked(httpPart === 'body' ? bodyAjv : textAjv, schema as object),
  );
}

/** The schemas of all routes take a good part of a start to compile; most are not asked for in hours. */
function compiledWhenAsked(ajv: Ajv, schema: object) {
  let compiled: ValidateFunction | undefined;
  const check = Object.assign(
    (data: unknown) => {
      compiled ??= ajv.compile(schema);
      const isValid = compiled(data);
      check.errors = compiled.errors ?? null;
      return isValid;
    },
    { errors: null as ErrorObject[] | null },
  );
  return check;
}

function refuseUnknownParameters(route: RouteOptions): void {
  if (!STRICT_PATHS.some((path) => route.url.startsWith(path))) return;
  // What a provider adds of its own is covered by its signature.
  if (route.url.startsWith('/api/v1/callbacks/')) return;
  const known = route.schema?.querystring ?? { type: 'object', properties: {} };
  const querystring = { ...(known as object), additionalProperties: false };
  route.schema = { ...route.schema, querystring };
}
