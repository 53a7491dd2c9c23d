import { POLL_DETAILS } from './poll-details.ts';
import type { SnmpError } from './snmp-client.ts';

/** RFC 3416 §3 error-status, by number. */
const NAMES: readonly string[] =
  'noError tooBig noSuchName badValue readOnly genErr noAccess wrongType wrongLength wrongEncoding wrongValue noCreation inconsistentValue resourceUnavailable commitFailed undoFailed authorizationError notWritable inconsistentName'.split(
    ' ',
  );

export const TOO_BIG = 1;
export const NO_SUCH_NAME = 2;

/** Statuses by which an agent refuses one object: noSuchName, genErr and noAccess. */
const OBJECT_STATUSES: ReadonlySet<number> = new Set([NO_SUCH_NAME, 5, 6]);

/** Whether the status is about one object of the request, and says nothing about the others. */
export function isAboutOneObject(status: number): boolean {
  return OBJECT_STATUSES.has(status);
}

/** The failure that a response with this status, which is not 0, stands for. */
export function errorOfStatus(status: number): SnmpError {
  if (status === TOO_BIG) return { failure: 'too-big', detail: POLL_DETAILS.answerTooBig };
  const name = NAMES[status];
  if (name === 'authorizationError') {
    return { failure: 'auth-failed', detail: POLL_DETAILS.accessRefused };
  }
  return {
    failure: name === 'noSuchName' ? 'no-such-name' : 'bad-response',
    detail: name === undefined ? POLL_DETAILS.unnamedStatus(status) : POLL_DETAILS.status(name),
  };
}
