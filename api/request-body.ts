import { isUtf8 } from 'node:buffer';
import type { FastifyInstance } from 'fastify';
import { DEEPEST_JSON } from './limits.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Its body has names that others choose, labels, of which every one is data: `__proto__` as well. */
    readonly hasOthersNames?: true;
  }
}

/**
 * Only JSON is read. Bodies nested deeper than `DEEPEST_JSON` are refused, and where all names are ours
 * those with `__proto__` or `constructor.prototype` members. JSON.parse makes own members of them, which
 * change no prototype as long as they are copied by `Object.entries` or spread, never by assignment.
 */
export function readJsonOnly(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  const parseOurs = app.getDefaultJsonParser('error', 'error');
  const parseAny = app.getDefaultJsonParser('ignore', 'ignore');
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    const text = textOf(body as Buffer);
    if (text === null) return done(wrongJson('BODY_NOT_UTF8'), undefined);
    if (isDeeperThan(text, DEEPEST_JSON)) return done(wrongJson('BODY_TOO_DEEP'), undefined);
    const { hasOthersNames } = request.routeOptions.config;
    const parse = hasOthersNames === true ? parseAny : parseOurs;
    return parse(request, text, done);
  });
}

/** JSON is UTF-8 (RFC 8259 §8.1), whatever a charset says; null for octets that are none. */
function textOf(body: Buffer): string | null {
  return isUtf8(body) ? body.toString('utf8') : null;
}

function wrongJson(code: 'BODY_NOT_UTF8' | 'BODY_TOO_DEEP'): Error {
  return Object.assign(new Error(code), { statusCode: 400, code });
}

/** Counts brackets outside strings, without parsing: wrong JSON is found by the parser afterwards. */
export function isDeeperThan(json: string, limit: number): boolean {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < json.length; index++) {
    const character = json[index];
    if (inString) {
      if (character === '\\') index += 1;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '{' || character === '[') depth += 1;
    else if (character === '}' || character === ']') depth -= 1;
    if (depth > limit) return true;
  }
  return false;
}
