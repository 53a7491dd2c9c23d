import { parse } from 'yaml';
import type { FieldValue } from '../../config/devices-edit.ts';
import { loadDevices } from '../../config/load-devices.ts';
import type { Credential } from '../../config/model.ts';
import { formatProblem } from '../../config/problem.ts';
import type { CommandLine } from './command-line.ts';
import type { GivenCredential } from './discover-text.ts';

const SHORT_FORM = /^(v1|v2c):((?:env|file|plain):.+)$/s;
const FORMS =
  'expected v2c:env:NAME, or an entry as in devices.yaml: "{ id: …, version: v3, user: … }"';

/**
 * Credentials of the command line: `v2c:env:NAME` for a community, or a whole entry as it stands in
 * devices.yaml. Null when one is wrong, which was complained about.
 */
export function readCredentials(
  line: CommandLine,
  texts: readonly string[],
  taken: ReadonlyMap<string, Credential>,
): GivenCredential[] | null {
  const given: GivenCredential[] = [];
  const ids = new Set(taken.keys());
  for (const text of texts) {
    const entry = entryOf(text, ids);
    if (entry === null) {
      // The text may hold a secret: it is not repeated.
      line.complain(`threenines: a --credential is not understood; ${FORMS}`);
      return null;
    }
    const { part, problems } = loadDevices(JSON.stringify({ credentials: [entry] }), {
      folder: '.',
      environment: line.environment,
      mayBeEmpty: true,
      file: '--credential',
    });
    for (const problem of problems) line.complain(formatProblem(problem));
    const credential = part?.credentials.values().next().value;
    if (credential === undefined) return null;
    if (ids.has(credential.id)) {
      line.complain(`threenines: there are two credentials with the id "${credential.id}"`);
      return null;
    }
    ids.add(credential.id);
    given.push({ credential, fields: Object.entries(entry) as [string, FieldValue][] });
  }
  return given;
}

function entryOf(text: string, taken: ReadonlySet<string>): Record<string, unknown> | null {
  const [, version, community] = SHORT_FORM.exec(text) ?? [];
  if (version !== undefined) return { id: freeId(version, taken), version, community };
  try {
    const entry: unknown = parse(text);
    const isEntry = typeof entry === 'object' && entry !== null && !Array.isArray(entry);
    return isEntry ? (entry as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** `v2c`, `v2c-2`, … */
function freeId(version: string, taken: ReadonlySet<string>): string {
  for (let count = 1; ; count += 1) {
    const id = count === 1 ? version : `${version}-${count}`;
    if (!taken.has(id)) return id;
  }
}
