import type { AnsweredInstance, MibView } from './mib-view.ts';
import { type PackageVarbind, VALUE_TYPE } from './net-snmp.ts';

/** Largest list of varbinds an agent sends; a larger GET is refused with tooBig, a larger GETBULK cut. */
export const LARGEST_VARBIND_LIST_OCTETS = 8 * 1024;
const MOST_REPETITIONS = 128;
const MOST_REQUESTED_VARBINDS = 256;

/** RFC 3416 §3 and RFC 1157 §4.1.6 error-status. */
const ERROR = { none: 0, tooBig: 1, noSuchName: 2, notWritable: 17 } as const;

export interface Question {
  /** 0 for SNMPv1, 1 for v2c, 3 for v3: the number on the wire. */
  readonly version: number;
  readonly varbinds: readonly PackageVarbind[];
  /** What the asker said it can take, in octets of varbind list. */
  readonly largestOctets: number;
  readonly nowMs: number;
}

export interface Answer {
  readonly varbinds: PackageVarbind[];
  readonly errorStatus: number;
  /** Counted from 1; 0 when nothing is to blame. */
  readonly errorIndex: number;
}

/** RFC 3416 §4.2.1; for SNMPv1 RFC 1157 §4.1.2 with RFC 3584 §4.2.2.1: Counter64 does not exist there. */
export function answerGet(view: MibView, question: Question): Answer {
  return answerEach(question, (oid) => {
    const found = visible(view.get(oid, question.nowMs), question.version);
    if (found !== undefined) return found;
    if (question.version === 0) return undefined;
    return view.isObject(oid)
      ? missing(oid, VALUE_TYPE.noSuchInstance)
      : missing(oid, VALUE_TYPE.noSuchObject);
  });
}

/** RFC 3416 §4.2.2; for SNMPv1 the end of the MIB is noSuchName: RFC 1157 §4.1.3. */
export function answerGetNext(view: MibView, question: Question): Answer {
  return answerEach(question, (oid) => {
    const found = nextVisible(view, oid, question);
    if (found !== undefined || question.version === 0) return found;
    return missing(oid, VALUE_TYPE.endOfMibView);
  });
}

/** RFC 3416 §4.2.3. Rounds end when the answer is full or every column has reached the end of the MIB. */
export function answerGetBulk(
  view: MibView,
  question: Question,
  nonRepeaters: number,
  maxRepetitions: number,
): Answer {
  const asked = question.varbinds.slice(0, MOST_REQUESTED_VARBINDS).map((varbind) => varbind.oid);
  const once = Math.min(Math.max(0, nonRepeaters), asked.length);
  const limit = Math.min(LARGEST_VARBIND_LIST_OCTETS, question.largestOctets);
  const varbinds: PackageVarbind[] = [];
  let octets = 0;
  const step = (oid: string): AnsweredInstance | null => {
    const found = nextVisible(view, oid, question) ?? missing(oid, VALUE_TYPE.endOfMibView);
    octets += found.octets;
    if (octets > limit) return null;
    varbinds.push(varbindOf(found));
    return found;
  };
  for (const oid of asked.slice(0, once)) {
    if (step(oid) === null) return complete(varbinds);
  }
  const columns = asked.slice(once);
  const rounds = columns.length === 0 ? 0 : Math.min(maxRepetitions, MOST_REPETITIONS);
  for (let round = 0; round < rounds; round++) {
    let ended = 0;
    for (const [column, oid] of columns.entries()) {
      const found = step(oid);
      if (found === null) return complete(varbinds);
      if (found.type === VALUE_TYPE.endOfMibView) ended++;
      columns[column] = found.oid;
    }
    if (ended === columns.length) break;
  }
  return complete(varbinds);
}

/** The lab's agents are read-only. */
export function refuseSet(question: Question): Answer {
  const errorStatus = question.version === 0 ? ERROR.noSuchName : ERROR.notWritable;
  return { varbinds: [...question.varbinds], errorStatus, errorIndex: 1 };
}

function answerEach(
  question: Question,
  find: (oid: string) => AnsweredInstance | undefined,
): Answer {
  const tooBig: Answer = { varbinds: [], errorStatus: ERROR.tooBig, errorIndex: 0 };
  if (question.varbinds.length > MOST_REQUESTED_VARBINDS) return tooBig;
  const limit = Math.min(LARGEST_VARBIND_LIST_OCTETS, question.largestOctets);
  const varbinds: PackageVarbind[] = [];
  let octets = 0;
  for (const [position, { oid }] of question.varbinds.entries()) {
    const found = find(oid);
    if (found === undefined) {
      const asked = [...question.varbinds];
      return { varbinds: asked, errorStatus: ERROR.noSuchName, errorIndex: position + 1 };
    }
    octets += found.octets;
    if (octets > limit) return tooBig;
    varbinds.push(varbindOf(found));
  }
  return complete(varbinds);
}

function nextVisible(view: MibView, oid: string, question: Question): AnsweredInstance | undefined {
  let found = view.next(oid, question.nowMs);
  while (found !== undefined && visible(found, question.version) === undefined) {
    found = view.next(found.oid, question.nowMs);
  }
  return found;
}

function visible(
  found: AnsweredInstance | undefined,
  version: number,
): AnsweredInstance | undefined {
  return version === 0 && found?.type === VALUE_TYPE.counter64 ? undefined : found;
}

function missing(oid: string, type: number): AnsweredInstance {
  return { oid, type, value: 0, octets: oid.length + 8 };
}

function varbindOf(found: AnsweredInstance): PackageVarbind {
  return { oid: found.oid, type: found.type, value: found.value };
}

function complete(varbinds: PackageVarbind[]): Answer {
  return { varbinds, errorStatus: ERROR.none, errorIndex: 0 };
}
