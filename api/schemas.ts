import { Type } from 'typebox';
import { LARGEST_PAGE, USUAL_PAGE } from './limits.ts';
import { ProblemSchema } from './problem.ts';

/** Ids of devices, sites, people and incidents. Nothing that could mean a path, a query or a topic. */
export const Id = Type.String({
  pattern: '^[a-z0-9][a-z0-9._-]{0,62}$',
  maxLength: 63,
  description:
    'an id: up to 63 small letters, digits, ".", "_" and "-", the first a letter or a digit',
});

/** RFC 3339 in UTC with milliseconds. */
export const Instant = Type.String({ format: 'date-time', examples: ['2026-03-01T08:30:00.000Z'] });

const DATE = '\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])';
const TIME = '([01]\\d|2[0-3]):[0-5]\\d(:[0-5]\\d(\\.\\d{1,9})?)?';

/** An instant in a request: RFC 3339, seconds may be left out. Always something that `Date.parse` reads. */
export const GivenInstant = Type.String({
  pattern: `^${DATE}T${TIME}(Z|[+-]([01]\\d|2[0-3]):[0-5]\\d)$`,
  description: 'an instant with its offset, such as 2026-11-30T08:00:00Z',
  examples: ['2026-11-30T08:00:00Z', '2026-11-30T16:00+08:00'],
});

export const NullableInstant = Type.Unsafe<string | null>({
  type: ['string', 'null'],
  format: 'date-time',
});
export const NullableString = Type.Unsafe<string | null>({ type: ['string', 'null'] });
export const NullableNumber = Type.Unsafe<number | null>({ type: ['number', 'null'] });
export const NullableInteger = Type.Unsafe<number | null>({ type: ['integer', 'null'] });

/** One sentence in each language of the product. */
export const LocalTextSchema = Type.Object({ en: Type.String(), 'zh-CN': Type.String() });

export const TierNumber = Type.Unsafe<1 | 2 | 3 | 4>({ type: 'integer', enum: [1, 2, 3, 4] });

/** A text out of a closed set. */
export function oneOf<const Values extends readonly string[]>(values: Values) {
  return Type.Unsafe<Values[number]>({ type: 'string', enum: [...values] });
}

export const HealthName = oneOf(['up', 'degraded', 'down', 'unreachable', 'unknown']);
export const RoleName = oneOf(['core', 'aggregation', 'access', 'power', 'server', 'cpe']);

export const PageQuery = {
  limit: Type.Integer({ minimum: 1, maximum: LARGEST_PAGE, default: USUAL_PAGE }),
  /** The `nextCursor` of the page before. */
  cursor: Type.Optional(Id),
};

/** Text of a person that says something: what is only white space or cannot be seen is refused. */
export function words(longest: number) {
  return Type.String({
    minLength: 1,
    maxLength: longest,
    pattern: '[^\\s\\p{C}]',
    description: 'text that can be read',
  });
}

export const IdParams = Type.Object({ id: Id });

/** A page of a list; `nextCursor` is null on the last one. */
export function listOf<Item extends ReturnType<typeof Type.Object>>(item: Item) {
  return Type.Object({ items: Type.Array(item), nextCursor: NullableString });
}

const problemContent = {
  description: 'RFC 9457 problem details',
  content: { 'application/problem+json': { schema: ProblemSchema } },
};

/** The error answers that every route may give. */
export const PROBLEMS = { '4xx': problemContent, '5xx': problemContent };

/** A text answer of the given media type. */
export function textAnswer(mediaType: string, description: string) {
  return {
    description,
    content: { [mediaType]: { schema: Type.Unsafe<unknown>({ type: 'string' }) } },
  };
}
