import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { memberOf } from './draft.ts';
import { formatPath, type Path } from './problem-text.ts';
import { type AnySchema, type Departure, departureOf } from './schema-words.ts';

const ajv = new Ajv2020({
  allErrors: true,
  strict: true,
  verbose: true,
  discriminator: true,
  useDefaults: true,
  // The schemas are the program's own, held to the meta-schema by a test; at every start it would only cost time.
  validateSchema: false,
  // Each validator runs a few times: shortening its code takes longer than running it as it is.
  code: { optimize: false },
});
const validators = new WeakMap<object, ValidateFunction>();
const mergedBranches = new WeakMap<object, AnySchema>();

/** Which keys stand in the text, and which of them are read as another one that was meant. */
export interface WrittenKeys {
  /** Whether the text itself says something at the place; a default is not written. */
  has(path: Path): boolean;
  /** From now on the key in the mapping at `owner` is read as the one that was meant. */
  readAs(owner: Path, key: string, meant: string): void;
}

/**
 * Holds `value` against the schema and fills in its defaults, in place. Every departure is
 * reported, in plain words; the values of `writeOnly` properties (secrets) are never repeated.
 * A misspelt key is reported once and then read as the key that was meant, so that what it holds is
 * checked and not missed.
 */
export function checkAgainst(schema: object, value: unknown, written: WrittenKeys): Departure[] {
  const misspelt: Departure[] = [];
  for (;;) {
    const departures = withoutRepeats(departuresFrom(schema, value, [], written));
    const before = misspelt.length;
    for (const departure of departures) {
      const owner = departure.path.slice(0, -1);
      const key = String(departure.path.at(-1));
      const { meant } = departure;
      if (meant === null || written.has([...owner, meant])) continue;
      renameKey(value, owner, key, meant);
      written.readAs(owner, key, meant);
      misspelt.push(departure);
    }
    if (misspelt.length === before) return [...misspelt, ...departures];
  }
}

function departuresFrom(
  schema: object,
  value: unknown,
  base: Path,
  written: WrittenKeys,
): Departure[] {
  let validate = validators.get(schema);
  if (validate === undefined) {
    validate = ajv.compile(schema);
    validators.set(schema, validate);
  }
  if (validate(value)) return [];
  const isWritten = (path: Path) => written.has(path);
  return [...(validate.errors ?? [])].flatMap((error) => {
    const path = [...base, ...toPath(error.instancePath, value)];
    const departure = departureOf(error, path, isWritten);
    if (error.keyword !== 'discriminator') return [departure];
    return [departure, ...departuresFrom(mergeBranches(error), error.data, path, written)];
  });
}

/** A mapping whose kind is not known is held against all kinds together: any key of any of them. */
function mergeBranches(error: ErrorObject): AnySchema {
  const schema = error.parentSchema as AnySchema;
  let merged = mergedBranches.get(schema);
  if (merged === undefined) {
    const branches = schema.oneOf ?? [];
    const tag = String(error.params.tag);
    const inAll = (branches[0]?.required ?? []).filter(
      (key) => key !== tag && branches.every((branch) => branch.required?.includes(key)),
    );
    const properties = Object.assign({}, ...branches.map(propertiesWithoutDefaults));
    merged = {
      type: 'object',
      required: inAll,
      properties: { ...properties, [tag]: {} },
      additionalProperties: false,
    };
    mergedBranches.set(schema, merged);
  }
  return merged;
}

/** A default of one kind, filled in while the kind is not known, would be an unknown key of the kind that was meant. */
function propertiesWithoutDefaults({ properties = {} }: AnySchema): Record<string, AnySchema> {
  return Object.fromEntries(
    Object.entries(properties).map(([key, schema]) => {
      const { default: _, ...rest } = schema as AnySchema & { readonly default?: unknown };
      return [key, rest];
    }),
  );
}

function withoutRepeats(departures: readonly Departure[]): Departure[] {
  const seen = new Set<string>();
  return departures.filter(({ path, message }) => {
    const key = `${formatPath(path)} ${message}`;
    return seen.has(key) ? false : seen.add(key);
  });
}

function renameKey(root: unknown, owner: Path, key: string, meant: string): void {
  const mapping = owner.reduce<unknown>(memberOf, root) as Record<string, unknown>;
  mapping[meant] = mapping[key];
  delete mapping[key];
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
