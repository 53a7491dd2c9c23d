import type { HostileMode } from '../agent.ts';
import { type Answer, encodeAnswer, honestAnswer, refusal } from '../ask.ts';
import { END_OF_MIB_VIEW, integer, NULL, octetString } from '../ber.ts';
import { OBJECT } from '../honest-device.ts';
import type { StoredObject } from '../object-store.ts';
import { answering, type CommunityAsk, doing, finding, knowing } from '../saying.ts';

const TOO_BIG = 1;
const NO_SUCH_NAME = 2;
const GEN_ERR = 5;
const NO_SUCH_OBJECT_TAG = 0x80;
const MOST_AT_ONCE = 8;
/** RFC 3417 §3.2.1: what every agent takes. */
const VANISHING_OCTETS = 484;
const MANY_PORTS = 20_000;
const IGNORED_LIMIT_FACTOR = 3;

const isWalk = ({ question }: CommunityAsk) => question.operation !== 'get';
const isBulk = ({ question }: CommunityAsk) => question.operation === 'get-bulk';
const wantedCount = ({ question: { oids, maxRepetitions } }: CommunityAsk) =>
  oids.length * maxRepetitions;
const refuse = (status: number, index: number, ask: CommunityAsk) =>
  refusal(status, index, ask.question);

/** Rows 19 and 20: the one object with which something is wrong. */
const ODD_CELL = `${OBJECT.ifInErrors}.3`;

const EXTRA: readonly StoredObject[] = [
  { oid: '1.3.6.1.2.1.1.6.0', value: octetString('nobody asked') },
  { oid: '1.3.6.1.2.1.33.1.2.4.0', value: integer(1) },
];

/** Row 20: what an object that cannot be read does to the request it is in. */
function brokenColumn(name: string, does: string, errorIndex: (place: number) => number) {
  return answering({ row: 20, name, does }, (answer, ask) => {
    const place = answer.objects.findIndex(({ oid }) => oid.startsWith(`${OBJECT.ifInErrors}.`));
    return place < 0 ? answer : refuse(GEN_ERR, errorIndex(place + 1), ask);
  });
}

/** Rows 15 to 21: which objects an answer holds. */
export const OBJECT_MODES: readonly HostileMode[] = [
  answering(
    { row: 15, name: 'more-objects', does: 'adds objects nobody asked for' },
    (answer, ask) => (isWalk(ask) ? answer : withObjects(answer, [...answer.objects, ...EXTRA])),
  ),
  answering(
    { row: 15, name: 'fewer-objects', does: 'leaves out the last object' },
    (answer, ask) =>
      isWalk(ask) || answer.objects.length < 2
        ? answer
        : withObjects(answer, answer.objects.slice(0, -1)),
  ),
  answering({ row: 15, name: 'swapped-objects', does: 'answers in reverse order' }, (answer, ask) =>
    withObjects(answer, isBulk(ask) ? reversedRounds(answer, ask) : answer.objects.toReversed()),
  ),
  answering({ row: 15, name: 'other-objects', does: 'answers about other objects' }, (answer) =>
    withObjects(
      answer,
      answer.objects.map(({ value }, place) => ({
        oid: `1.3.6.1.2.1.2.2.1.2.${place + 900}`,
        value,
      })),
    ),
  ),
  finding({ row: 16, name: 'loop', does: 'finds the same object again' }, ({ device }) => ({
    get: (oid) => device.objects.get(oid),
    next: (oid) => device.objects.get(oid) ?? device.objects.next(oid),
  })),
  finding({ row: 16, name: 'cycle', does: 'begins each column anew at its end' }, ({ device }) => ({
    get: (oid) => device.objects.get(oid),
    next(oid) {
      const found = device.objects.next(oid);
      const column = columnOf(oid);
      const isPastEnd = device.objects.get(oid) !== null && found !== null;
      if (!isPastEnd || column === null || columnOf(found.oid) === column) return found;
      return device.objects.next(column);
    },
  })),
  finding({ row: 16, name: 'step-back', does: 'steps back within a column' }, ({ device }) => ({
    get: (oid) => device.objects.get(oid),
    next(oid) {
      const column = columnOf(oid);
      return column !== null && oid === `${column}.3`
        ? device.objects.get(`${column}.2`)
        : device.objects.next(oid);
    },
  })),
  finding({ row: 17, name: 'endless', does: 'has a next row for every row' }, ({ device }) => ({
    get: (oid) => device.objects.get(oid),
    next(oid) {
      const column = columnOf(oid);
      if (column === null || oid === column) return device.objects.next(oid);
      const index = Number(oid.slice(column.length + 1));
      return { oid: `${column}.${index + 1}`, value: integer(1) };
    },
  })),
  knowing({ row: 17, name: 'many-ports', does: 'has 20,000 ports' }, ({ device: { objects } }) => {
    objects.deleteBelow(OBJECT.ifXTable);
    objects.deleteBelow(OBJECT.ifTable);
    for (let index = 1; index <= MANY_PORTS; index += 1) {
      objects.set(`${OBJECT.ifDescr}.${index}`, octetString(`port ${index}`));
      objects.set(`${OBJECT.ifOperStatus}.${index}`, integer(1));
    }
  }),
  doing(
    { row: 17, name: 'limit-ignored', does: 'sends three times the rows' },
    (stage) => (ask) => {
      const maxRepetitions = ask.question.maxRepetitions * IGNORED_LIMIT_FACTOR;
      const question = isBulk(ask) ? { ...ask.question, maxRepetitions } : ask.question;
      const answer = honestAnswer(stage.device.objects, question, ask.version);
      stage.voice.send(ask, encodeAnswer(ask, answer));
    },
  ),
  answering(
    { row: 18, name: 'end-for-ever', does: 'says that the MIB ends here' },
    (answer, ask) =>
      isWalk(ask)
        ? withObjects(
            answer,
            ask.question.oids.map((oid) => ({ oid, value: END_OF_MIB_VIEW })),
          )
        : answer,
  ),
  answering(
    { row: 18, name: 'end-in-the-middle', does: 'ends the MIB at the second row' },
    (answer) =>
      withObjects(
        answer,
        answer.objects.map((object) =>
          object.oid === `${OBJECT.ifInErrors}.2` ? { ...object, value: END_OF_MIB_VIEW } : object,
        ),
      ),
  ),
  answering({ row: 18, name: 'null-tail', does: 'fills answers up with NULL' }, (answer) =>
    withObjects(
      answer,
      answer.objects.map((object) =>
        object.oid.startsWith(`${OBJECT.ifInErrors}.`) || object.oid === OBJECT.upsCharge
          ? { ...object, value: NULL }
          : object,
      ),
    ),
  ),
  answering(
    { row: 19, name: 'too-big-always', does: 'finds every table too big' },
    (answer, ask) =>
      isWalk(ask) || ask.question.oids.some((oid) => oid.startsWith(`${OBJECT.ifTable}.`))
        ? { errorStatus: TOO_BIG, errorIndex: 0, objects: [] }
        : answer,
  ),
  answering(
    { row: 19, name: 'too-big-above-8', does: 'answers 8 objects at most' },
    (answer, ask) =>
      wantedCount(ask) > MOST_AT_ONCE
        ? { errorStatus: TOO_BIG, errorIndex: 0, objects: [] }
        : answer,
  ),
  answering({ row: 19, name: 'big-answers-vanish', does: 'loses large answers' }, (answer, ask) =>
    encodeAnswer(ask, answer).length > VANISHING_OCTETS ? null : answer,
  ),
  answering({ row: 19, name: 'big-cell', does: 'has one object that fits nowhere' }, (answer) =>
    answer.objects.some(({ oid }) => oid === ODD_CELL)
      ? { errorStatus: TOO_BIG, errorIndex: 0, objects: [] }
      : answer,
  ),
  brokenColumn('broken-column', 'says genErr for one column', (place) => place),
  brokenColumn('error-index-99', 'says genErr of object 99', () => 99),
  brokenColumn('error-index-negative', 'says genErr of object -1', () => -1),
  answering(
    { row: 20, name: 'broken-cell', does: 'lists one object and gives genErr for it' },
    (answer, ask) => {
      const place = answer.objects.findIndex(({ oid }) => oid === ODD_CELL);
      return isWalk(ask) || place < 0 ? answer : refuse(GEN_ERR, place + 1, ask);
    },
  ),
  answering(
    { row: 20, name: 'no-such-name-in-v2c', does: 'refuses what it does not have as v1 does' },
    (answer, ask) => {
      const place = answer.objects.findIndex(({ value }) => value[0] === NO_SUCH_OBJECT_TAG);
      return place < 0 ? answer : refuse(NO_SUCH_NAME, place + 1, ask);
    },
  ),
  answering({ row: 21, name: 'bulk-refused', does: 'says genErr to GETBULK' }, (answer, ask) =>
    isBulk(ask) ? refuse(GEN_ERR, 0, ask) : answer,
  ),
  answering({ row: 21, name: 'bulk-ignored', does: 'does not answer GETBULK' }, (answer, ask) =>
    isBulk(ask) ? null : answer,
  ),
];

function withObjects(answer: Answer, objects: readonly StoredObject[]): Answer {
  return answer.errorStatus === 0 ? { ...answer, objects } : answer;
}

/** Each round of a GETBULK answer with its columns in reverse order. */
function reversedRounds(answer: Answer, ask: CommunityAsk): StoredObject[] {
  const width = ask.question.oids.length;
  const rounds: StoredObject[] = [];
  for (let at = 0; at < answer.objects.length; at += width) {
    rounds.push(...answer.objects.slice(at, at + width).toReversed());
  }
  return rounds;
}

/** The column of ifTable or ifXTable that the OID is, or is in; null outside. */
function columnOf(oid: string): string | null {
  return /^1\.3\.6\.1\.2\.1\.(2\.2\.1|31\.1\.1\.1)\.\d+/.exec(oid)?.[0] ?? null;
}
