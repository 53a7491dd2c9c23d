import type { FastifyInstance } from 'fastify';
import type { ApiApp } from './api-app.ts';

/** A form as a browser or a message provider posts it; beyond so many fields it is nobody's form. */
const MOST_FIELDS = 200;

/** A form with the text it came in, which signatures are over. */
export interface FormBody {
  readonly fields: URLSearchParams;
  readonly raw: string;
}

/** Whether a body is a form. */
export function isForm(body: unknown): body is FormBody {
  return typeof body === 'object' && body !== null && 'fields' in body && 'raw' in body;
}

/** Reads forms beside JSON in this scope: the body is then a `FormBody`. Plain text is read as no form. */
export function readForms(app: ApiApp): void {
  const scope = app as unknown as FastifyInstance;
  const options = { parseAs: 'string' } as const;
  scope.addContentTypeParser(
    'application/x-www-form-urlencoded',
    options,
    (_request, body, done) => {
      const fields = new URLSearchParams(String(body));
      if (fields.size > MOST_FIELDS) done(tooManyFields(), undefined);
      else done(null, { fields, raw: String(body) } satisfies FormBody);
    },
  );
  scope.addContentTypeParser('text/plain', options, (_request, _body, done) => done(null, null));
}

function tooManyFields(): Error {
  return Object.assign(new Error('too many fields'), { statusCode: 413 });
}
