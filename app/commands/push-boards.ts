import type { HttpClient, HttpFailure, HttpOutcome } from '../../lib/http-client.ts';
import { type DurationMs, SECOND } from '../../lib/time.ts';

/** Where the boards lie in Grafana; the provisioning files name the same folder. */
const FOLDER = { uid: 'threenines', title: 'Threenines' };
const TIMEOUT_MS: DurationMs = 20 * SECOND;

/** A folder is there already: of this uid, changed since, or another of this title. */
const FOLDER_IS_THERE = new Set([409, 412]);

export interface Grafana {
  /** Without a slash at the end. */
  readonly url: string;
  /** Of a service account that may write dashboards and folders. */
  readonly token: string;
}

/**
 * Puts the boards, by file name, into the folder Threenines of a Grafana, over its HTTP API
 * (`POST /api/folders`, `POST /api/dashboards/db`). Boards of the same uid are replaced. Returns null,
 * or at the first failure a sentence that says which board and why; the token is never in it.
 */
export async function pushBoards(
  boards: ReadonlyMap<string, string>,
  grafana: Grafana,
  http: HttpClient,
): Promise<string | null> {
  const problem = await makeFolder(grafana, http);
  if (problem !== null) return `the folder ${FOLDER.title} could not be made: ${problem}`;
  for (const [name, text] of boards) {
    const board = { ...(JSON.parse(text) as object), id: null };
    const body = { dashboard: board, folderUid: FOLDER.uid, overwrite: true };
    const problem = problemOf(await post(http, grafana, '/api/dashboards/db', body), grafana);
    if (problem !== null) return `${name} could not be stored: ${problem}`;
  }
  return null;
}

/** null once there is a folder of our uid. */
async function makeFolder(grafana: Grafana, http: HttpClient): Promise<string | null> {
  const made = await post(http, grafana, '/api/folders', FOLDER);
  const isTaken = made.kind === 'response' && FOLDER_IS_THERE.has(made.status);
  if (!isTaken) return problemOf(made, grafana);
  const { url, token } = grafana;
  const found = await http.send({
    ...{ method: 'GET', url: `${url}/api/folders/${FOLDER.uid}`, body: '' },
    ...{ headers: { authorization: `Bearer ${token}` }, timeoutMs: TIMEOUT_MS },
  });
  const isOther = found.kind === 'response' && found.status === 404;
  if (!isOther) return problemOf(found, grafana);
  return `Grafana has another folder of that name, whose uid is not ${FOLDER.uid}; rename it and push again`;
}

function post(http: HttpClient, { url, token }: Grafana, path: string, body: object) {
  return http.send({
    method: 'POST',
    url: url + path,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
    timeoutMs: TIMEOUT_MS,
  });
}

const LONGEST_ANSWER = 200;

const FAILURES: Readonly<Record<HttpFailure, string>> = {
  timeout: 'no answer in time',
  refused: 'connection refused',
  'name-not-found': 'there is no such name',
  tls: 'its certificate is not trusted',
  'too-large': 'its answer is too long',
  failed: 'the request failed',
};

/** null when it was taken; Grafana says in `message` why not. */
function problemOf(outcome: HttpOutcome, { url }: Grafana): string | null {
  if (outcome.kind === 'failed') {
    return `${url} does not answer: ${FAILURES[outcome.failure]} (${outcome.detail})`;
  }
  if (outcome.status >= 200 && outcome.status < 300) {
    // A login page or a proxy answers 200 as well; Grafana says which folder or board it stored.
    if (typeof fieldIn(outcome.body, 'uid') === 'string') return null;
    return `the answer ${outcome.status} is not Grafana's: it names no uid; expected the address of Grafana itself`;
  }
  if (outcome.status === 401 || outcome.status === 403) {
    return `Grafana answers ${outcome.status}: the token may not do that; expected one of a service account with the role Editor`;
  }
  return `Grafana answers ${outcome.status} ${messageIn(outcome.body)}`.trimEnd();
}

function messageIn(body: string): string {
  const message = fieldIn(body, 'message');
  return typeof message === 'string' ? message.slice(0, LONGEST_ANSWER) : '';
}

/** A field of a JSON object; undefined when the body is none. */
function fieldIn(body: string, name: string): unknown {
  try {
    const answer: unknown = JSON.parse(body);
    return typeof answer === 'object' && answer !== null && Object.hasOwn(answer, name)
      ? (answer as Record<string, unknown>)[name]
      : undefined;
  } catch {
    return undefined;
  }
}
