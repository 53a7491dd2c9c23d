import fastJsonStringify from 'fast-json-stringify';
import type { FastifyInstance } from 'fastify';

type Serialize = (data: unknown) => string;

/**
 * Answers are written by their schemas, which leave out what is not in them. The code for a schema is
 * made when the first answer needs it: for all routes together it takes longer than all else that is
 * done before the service listens.
 */
export function serializeResponses(app: FastifyInstance): void {
  app.setSerializerCompiler(({ schema }) => {
    let compiled: Serialize | undefined;
    return (data) => {
      compiled ??= compileResponse(schema as object);
      return compiled(data);
    };
  });
}

/** What writes an answer of this schema. Throws where the schema is none. */
export function compileResponse(schema: object): Serialize {
  return fastJsonStringify(schema);
}
