import type { ErrorObject } from 'ajv/dist/2020.js';
import { closest, didYouMean, listWords, type Path, show, withArticle } from './problem-text.ts';

/** The parts of a JSON Schema that messages are made of. */
export interface AnySchema {
  readonly title?: string;
  readonly examples?: readonly unknown[];
  /** How the value is written, for people; takes the place of examples. */
  readonly $comment?: string;
  readonly pattern?: string;
  readonly writeOnly?: boolean;
  readonly type?: string;
  readonly required?: readonly string[];
  readonly additionalProperties?: unknown;
  readonly properties?: Readonly<Record<string, AnySchema>>;
  readonly oneOf?: readonly AnySchema[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
}

/** One departure from a schema: the place, a sentence about it, and what it leaves unusable. */
export interface Departure {
  readonly path: Path;
  readonly message: string;
  /** Where nothing usable stands; null when everything that is needed is there. */
  readonly hole: Path | null;
  /** For an unknown key: the known one that was probably meant, if it is not written itself. */
  readonly meant: string | null;
}

const MOST_ENTRIES_SHOWN = 5;

/** A validator's error in plain words; `isWritten` tells keys of the text from defaults. */
export function departureOf(
  error: ErrorObject,
  path: Path,
  isWritten: (path: Path) => boolean,
): Departure {
  const schema = (error.parentSchema ?? {}) as AnySchema;
  const { params } = error;
  const at = (place: Path, message: string, hole: Path | null = place): Departure => ({
    path: place,
    message,
    hole,
    meant: null,
  });
  switch (error.keyword) {
    case 'additionalProperties': {
      const key = String(params.additionalProperty);
      const known = Object.keys(schema.properties ?? {});
      const meant = closest(
        key,
        known.filter((each) => !isWritten([...path, each])),
      );
      return { path: [...path, key], message: unknownKey(key, known, meant), hole: null, meant };
    }
    case 'required': {
      const key = String(params.missingProperty);
      const expected = expectation(schema.properties?.[key] ?? {});
      return at(path, `${show(key)} is missing; expected ${expected}`, [...path, key]);
    }
    case 'discriminator':
      return discriminatorProblem(error, schema, path);
    case 'minItems':
      // What is missing is a hole, too: the list is not whole.
      return at(path, tooFew(error), [...path, (error.data as unknown[]).length]);
    case 'maxItems':
      return at(path, `${entriesFound(error)}; expected at most ${params.limit}`, null);
    case 'uniqueItems':
      return at(path, sameEntries(error), null);
    default:
      return at(path, aboutValue(error, schema));
  }
}

function aboutValue(error: ErrorObject, schema: AnySchema): string {
  const value = schema.writeOnly === true ? 'the secret' : show(error.data);
  switch (error.keyword) {
    case 'type':
      return wrongType(error, schema, value);
    case 'const':
    case 'enum':
    case 'pattern':
      return notA(schema, value);
    case 'minimum':
      return `${value} is too small; expected at least ${error.params.limit}`;
    case 'maximum':
      return `${value} is too large; expected at most ${error.params.limit}`;
    case 'minLength':
      if (error.params.limit === 1) return 'is empty; expected at least 1 character';
      return `${value} is too short; expected at least ${error.params.limit} characters`;
    case 'maxLength':
      if (schema.writeOnly === true)
        return `${value} is longer than ${error.params.limit} characters`;
      return `${value} has ${lengthOf(error)} characters; expected at most ${error.params.limit}`;
    default:
      return error.message ?? 'is not valid';
  }
}

function tooFew(error: ErrorObject): string {
  const { limit } = error.params;
  if ((error.data as unknown[]).length > 0)
    return `${entriesFound(error)}; expected at least ${limit}`;
  return `is empty; expected at least ${limit} ${limit === 1 ? 'entry' : 'entries'}`;
}

/** `has 1 entry ("core-1 Te1/1")`; of many or nested entries the number alone is told. */
function entriesFound({ data }: ErrorObject): string {
  const entries = data as readonly unknown[];
  const count = entries.length === 1 ? '1 entry' : `${entries.length} entries`;
  const isShown = entries.length <= MOST_ENTRIES_SHOWN && entries.every((each) => !isNested(each));
  return `has ${count}${isShown ? ` (${entries.map(show).join(', ')})` : ''}`;
}

function sameEntries({ data, params }: ErrorObject): string {
  const value = (data as readonly unknown[])[params.i];
  const both = `entries ${params.j} and ${params.i} are the same`;
  return `${both}${isNested(value) ? '' : ` (${show(value)})`}; expected each only once`;
}

function isNested(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

/** As JSON Schema counts: in code points. */
function lengthOf({ data }: ErrorObject): number {
  return Array.from(String(data)).length;
}

function unknownKey(key: string, known: readonly string[], meant: string | null): string {
  const hint = meant === null ? `; expected ${listWords(known)}` : didYouMean(meant);
  return `unknown key ${show(key)}${hint}`;
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
    case 'number':
      return 'a number';
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

function discriminatorProblem(error: ErrorObject, schema: AnySchema, path: Path): Departure {
  const tag = String(error.params.tag);
  const branches = (schema.oneOf ?? []).map((branch) => branch.properties?.[tag] ?? {});
  const expected = listWords(branches.flatMap(choicesOf));
  const found = error.params.tagValue;
  const hole = [...path, tag];
  if (found === undefined) {
    return { path, message: `${show(tag)} is missing; expected ${expected}`, hole, meant: null };
  }
  const message = `${show(found)} is not ${withArticle(tag)}; expected ${expected}`;
  return { path: hole, message, hole, meant: null };
}
