import type { FastifyError } from 'fastify';
import { cleanText } from '../lib/device-text.ts';
import { type ProblemDetails, problem } from './problem.ts';

/** Complaints told in full; the rest are counted. */
const MOST_SENTENCES = 5;
const LONGEST_NAME = 64;

const PARTS: Readonly<Record<string, readonly [one: string, whole: string]>> = {
  params: ['path parameter', 'path'],
  querystring: ['query parameter', 'query'],
  headers: ['header', 'headers'],
  body: ['member', 'body'],
};

const TYPES: Readonly<Record<string, string>> = {
  integer: 'a whole number',
  number: 'a number',
  string: 'text',
  boolean: 'true or false',
  object: 'a JSON object',
  array: 'a list',
  null: 'null',
};

type Failure = NonNullable<FastifyError['validation']>[number] & {
  /** What Ajv adds with `verbose`. */
  readonly parentSchema?: {
    readonly description?: string;
    readonly properties?: Readonly<Record<string, unknown>>;
  };
};

/** 400 with a sentence for each part of the request that is wrong: which, and what was expected of it. */
export function validationProblem(error: FastifyError): ProblemDetails {
  const context = error.validationContext ?? 'request';
  const failures = (error.validation ?? []) as readonly Failure[];
  const errors = failures.map((failure) => ({
    pointer: `/${context}${failure.instancePath}${memberSuffix(failure)}`,
    message: expectation(failure),
  }));
  const sentences = failures.slice(0, MOST_SENTENCES).map((failure, index) => {
    return `${subject(context, failure)} ${errors[index]!.message}.`;
  });
  const more = failures.length - sentences.length;
  if (more > 0) sentences.push(`There are ${more} more problems.`);
  return problem(400, sentences.join(' '), { errors });
}

/** `The query parameter "limit"`; `The body` for the whole of it. */
function subject(context: string, failure: Failure): string {
  const [one, whole] = PARTS[context] ?? ['part', 'request'];
  const path = `${failure.instancePath}${memberSuffix(failure)}`.slice(1).replaceAll('/', '.');
  return path === '' ? `The ${whole}` : `The ${one} "${cleanText(path, LONGEST_NAME)}"`;
}

/** The member a complaint is about, when it is one that is missing or one too many. */
function memberSuffix({ params }: Failure): string {
  const name = params.missingProperty ?? params.additionalProperty;
  return typeof name === 'string' ? `/${name}` : '';
}

/** What was expected, to follow the name of what is wrong. */
function expectation({ keyword, params, message, parentSchema }: Failure): string {
  switch (keyword) {
    case 'required':
      return 'is missing';
    case 'additionalProperties':
      return `is not known here${knownNames(parentSchema?.properties)}`;
    case 'enum':
      return `must be one of ${(params.allowedValues as readonly unknown[]).join(', ')}`;
    case 'type':
      return `must be ${[params.type].flat().map(typeName).join(' or ')}`;
    case 'minimum':
      return `must be at least ${params.limit}`;
    case 'maximum':
      return `must be at most ${params.limit}`;
    case 'minLength':
      return `must have at least ${params.limit} characters`;
    case 'maxLength':
      return `must have at most ${params.limit} characters`;
    case 'format':
    case 'pattern':
      return `must be ${parentSchema?.description ?? `text of the form ${params.pattern ?? params.format}`}`;
    default:
      return message ?? 'is not valid';
  }
}

function knownNames(properties: Readonly<Record<string, unknown>> = {}): string {
  const names = Object.keys(properties);
  return names.length === 0 ? '; none is' : `; known are ${names.join(', ')}`;
}

function typeName(type: unknown): string {
  return TYPES[String(type)] ?? String(type);
}
