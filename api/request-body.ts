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
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (isDeeperThan(String(body), DEEPEST_JSON)) return done(tooDeep(), undefined);
    const { hasOthersNames } = request.routeOptions.config;
    const parse = hasOthersNames === true ? parseAny : parseOurs;
    return parse(request, String(body), done);
  });
}

function tooDeep(): Error {
  const error = new Error('body is nested too deep');
  return Object.assign(error, { statusCode: 400, code: 'FST_ERR_CTP_INVALID_JSON_BODY' });
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
