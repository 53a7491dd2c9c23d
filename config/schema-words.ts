import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import type { TSchema } from 'typebox';
import { formatPath, listWords, type Path, show, suggestion, withArticle } from './problem-text.ts';

/** One departure from a schema: the place and a sentence about it. */
export interface SchemaProblem {
  readonly path: Path;
  readonly message: string;
}

const ajv = new Ajv2020({
  allErrors: true,
  strict: true,
  verbose: true,
  discriminator: true,
  useDefaults: true,
  // The schemas are the program's own, held to the meta-schema by a test; at every start it would only cost time.
  validateSchema: false,
});
const validators = new WeakMap<TSchema, ValidateFunction>();

/**
 * Holds `value` against the schema and fills in its defaults, in place. Every departure is
 * reported, in plain words; the values of `writeOnly` properties (secrets) are never repeated.
 */
export function checkAgainst(schema: TSchema, value: unknown): SchemaProblem[] {
  let validate = validators.get(schema);
  if (validate === undefined) {
    validate = ajv.compile(schema);
    validators.set(schema, validate);
  }
  if (validate(value)) return [];
  const seen = new Set<string>();
  const problems: SchemaProblem[] = [];
  for (const error of validate.errors ?? []) {
    const problem = inWords(error, value);
    const key = `${formatPath(problem.path)} ${problem.message}`;
    if (!seen.has(key)) problems.push(problem);
    seen.add(key);
  }
  return problems;
}

interface AnySchema {
  readonly title?: string;
  readonly examples?: readonly unknown[];
  /** How the value is written, for people; takes the place of examples. */
  readonly $comment?: string;
  readonly pattern?: string;
  readonly writeOnly?: boolean;
  readonly type?: string;
  readonly properties?: Readonly<Record<string, AnySchema>>;
  readonly oneOf?: readonly AnySchema[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
}

function inWords(error: ErrorObject, root: unknown): SchemaProblem {
  const path = toPath(error.instancePath, root);
  const schema = (error.parentSchema ?? {}) as AnySchema;
  const value = schema.writeOnly === true ? 'the secret' : show(error.data);
  switch (error.keyword) {
    case 'additionalProperties': {
      const key = String(error.params.additionalProperty);
      return {
        path: [...path, key],
        message: unknownKey(key, Object.keys(schema.properties ?? {})),
      };
    }
    case 'required': {
      const key = String(error.params.missingProperty);
      const meaning = schema.properties?.[key]?.title;
      const hint =
        meaning === undefined ? '' : `; expected ${expectation(schema.properties![key]!)}`;
      return { path, message: `${show(key)} is missing${hint}` };
    }
    case 'discriminator':
      return discriminatorProblem(error, schema, path);
    case 'type':
      return { path, message: wrongType(error, schema, value) };
    case 'const':
    case 'enum':
    case 'pattern':
      return { path, message: notA(schema, value) };
    case 'minimum':
      return { path, message: `${value} is too small; expected at least ${error.params.limit}` };
    case 'maximum':
      return { path, message: `${value} is too large; expected at most ${error.params.limit}` };
    case 'minLength':
    case 'minItems':
      return { path, message: tooFew(error) };
    case 'maxLength':
      return { path, message: `is longer than ${error.params.limit} characters` };
    case 'maxItems':
      return { path, message: `has more than ${error.params.limit} entries` };
    case 'uniqueItems':
      return { path, message: `entries ${error.params.j} and ${error.params.i} are the same` };
    default:
      return { path, message: error.message ?? 'is not valid' };
  }
}

function tooFew(error: ErrorObject): string {
  if (error.params.limit === 1) return 'is empty';
  const unit = error.keyword === 'minItems' ? 'entries' : 'characters';
  return `has fewer than ${error.params.limit} ${unit}`;
}

function unknownKey(key: string, known: readonly string[]): string {
  const meant = suggestion(key, known);
  return `unknown key ${show(key)}${meant === '' ? `; expected ${listWords(known)}` : meant}`;
}

function wrongType(error: ErrorObject, schema: AnySchema, value: string): string {
  const expected = expectation(schema);
  if (error.data === null) return `has no value; expected ${expected}`;
  const isPlain = typeof error.data === 'number' || typeof error.data === 'boolean';
  if (schema.type === 'string' && isPlain) {
    if (schema.title === undefined) return `${value} is not a text; put it in quotes`;
    const wouldFit = new RegExp(schema.pattern ?? '', 'u').test(String(error.data));
    return `${notA(schema, value)}${wouldFit ? '; put it in quotes' : ''}`;
  }
  if (schema.type === 'object' || schema.type === 'array') {
    const found = typeof error.data === 'string' ? 'a text' : value;
    return `found ${found}; expected ${expected}`;
  }
  return notA(schema, value);
}

/** `"corr" is not a role; expected core, access or power`. */
function notA(schema: AnySchema, value: string): string {
  const expected = expectation(schema);
  if (schema.writeOnly === true)
    return `the text does not say where the secret is; expected ${expected}`;
  if (schema.title === undefined) return `found ${value}; expected ${expected}`;
  const noun = withArticle(schema.title);
  const more = expected === noun ? '' : `; expected ${expected}`;
  return `${value === 'nothing' ? 'has no value' : `${value} is not ${noun}`}${more}`;
}

function expectation(schema: AnySchema): string {
  const choices = choicesOf(schema);
  if (choices.length > 0) return listWords(choices);
  if (schema.$comment !== undefined) return schema.$comment;
  if (schema.examples !== undefined) {
    return `${schema.title === undefined ? 'something' : withArticle(schema.title)} such as ${listWords(schema.examples.map(String))}`;
  }
  if (schema.title !== undefined) return withArticle(schema.title);
  switch (schema.type) {
    case 'object':
      return 'a mapping (lines of "key: value")';
    case 'array':
      return 'a list';
    case 'integer':
      return 'a whole number';
    case 'boolean':
      return 'true or false';
    case 'string':
      return 'a text';
    default:
      return 'a value';
  }
}

function choicesOf(schema: AnySchema): string[] {
  if (schema.const !== undefined) return [String(schema.const)];
  return (schema.enum ?? []).map(String);
}

function discriminatorProblem(error: ErrorObject, schema: AnySchema, path: Path): SchemaProblem {
  const tag = String(error.params.tag);
  const branches = (schema.oneOf ?? []).map((branch) => branch.properties?.[tag] ?? {});
  const expected = listWords(branches.flatMap(choicesOf));
  const found = error.params.tagValue;
  if (found === undefined)
    return { path, message: `${show(tag)} is missing; expected ${expected}` };
  const message = `${show(found)} is not ${withArticle(tag)}; expected ${expected}`;
  return { path: [...path, tag], message };
}

/** RFC 6901 JSON pointer to a path; the value tells list indexes from keys. */
function toPath(pointer: string, root: unknown): Path {
  const path: (string | number)[] = [];
  let current = root;
  for (const escaped of pointer.split('/').slice(1)) {
    const key = escaped.replaceAll('~1', '/').replaceAll('~0', '~');
    path.push(Array.isArray(current) ? Number(key) : key);
    current = (current as Record<string, unknown>)[key];
  }
  return path;
}
