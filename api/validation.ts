import { Ajv } from 'ajv';
import type { FastifyInstance } from 'fastify';

/** A body is taken as it stands: the number 5 is not the name "5", and an unknown member is an error. */
const bodyAjv = new Ajv({ allErrors: true, strict: false });
/** Text is all that a path or query can carry, so numbers are read out of it. */
const textAjv = new Ajv({ allErrors: true, strict: false, coerceTypes: true, useDefaults: true });

/** Checks every part of a request against its schema and reports all that is wrong at once. */
export function validateRequests(app: FastifyInstance): void {
  app.setValidatorCompiler(({ schema, httpPart }) =>
    (httpPart === 'body' ? bodyAjv : textAjv).compile(schema as object),
  );
}
