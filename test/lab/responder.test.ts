import { describe, expect, test } from 'vitest';
import { createMibView, instance } from '../../lab/mib-view.ts';
import { VALUE_TYPE } from '../../lab/net-snmp.ts';
import {
  answerGet,
  answerGetBulk,
  answerGetNext,
  LARGEST_VARBIND_LIST_OCTETS,
  refuseSet,
} from '../../lab/responder.ts';

let isRowThere = true;
const view = createMibView([
  instance.integer('1.3.6.1.2.1.10.2.10', () => 210),
  instance.integer('1.3.6.1.2.1.10.2.9', () => 29),
  instance.counter64('1.3.6.1.2.1.10.3.1', () => 2 ** 40),
  instance.integer('1.3.6.1.2.1.10.4.1', () => (isRowThere ? 41 : undefined)),
  instance.text('1.3.6.1.2.1.9.1.0', () => 'x'.repeat(1000)),
  instance.counter32('1.3.6.1.2.1.11.1.0', () => 2 ** 32 + 5),
]);

function question(oids: readonly string[], version = 1) {
  const varbinds = oids.map((oid) => ({ oid, type: VALUE_TYPE.null, value: null }));
  return { version, varbinds, largestOctets: LARGEST_VARBIND_LIST_OCTETS, nowMs: 0 };
}

test('a walk by GETNEXT meets every instance once, in the order of numbers', () => {
  const seen: string[] = [];
  let oid = '1.3';
  for (;;) {
    const found = answerGetNext(view, question([oid])).varbinds[0]!;
    if (found.type === VALUE_TYPE.endOfMibView) break;
    seen.push(found.oid);
    oid = found.oid;
  }
  expect(seen.map((one) => one.replace('1.3.6.1.2.1.', ''))).toEqual([
    '9.1.0',
    '10.2.9',
    '10.2.10',
    '10.3.1',
    '10.4.1',
    '11.1.0',
  ]);
});

test('a row that is gone is passed over and is no instance', () => {
  isRowThere = false;
  const next = answerGetNext(view, question(['1.3.6.1.2.1.10.3.1']));
  const got = answerGet(view, question(['1.3.6.1.2.1.10.4.1']));
  isRowThere = true;
  expect(next.varbinds[0]!.oid).toBe('1.3.6.1.2.1.11.1.0');
  expect(got.varbinds[0]!.type).toBe(VALUE_TYPE.noSuchInstance);
});

test('GET tells a missing instance from a missing object', () => {
  const answer = answerGet(view, question(['1.3.6.1.2.1.10.2.7', '1.3.6.1.2.1.10.7.1']));
  expect(answer.varbinds.map((one) => one.type)).toEqual([
    VALUE_TYPE.noSuchInstance,
    VALUE_TYPE.noSuchObject,
  ]);
});

test('a 32-bit counter wraps and a 64-bit one has eight octets', () => {
  const answer = answerGet(view, question(['1.3.6.1.2.1.11.1.0', '1.3.6.1.2.1.10.3.1']));
  expect(answer.varbinds[0]!.value).toBe(5);
  expect(answer.varbinds[1]!.value).toEqual(Buffer.from('0000010000000000', 'hex'));
});

describe('GETBULK', () => {
  test('takes non-repeaters once and the others row by row', () => {
    const asked = question(['1.3.6.1.2.1.9', '1.3.6.1.2.1.10.2', '1.3.6.1.2.1.11']);
    const { varbinds } = answerGetBulk(view, asked, 1, 2);
    expect(varbinds.map((one) => one.oid.replace('1.3.6.1.2.1.', ''))).toEqual([
      '9.1.0',
      '10.2.9',
      '11.1.0',
      '10.2.10',
      '11.1.0',
    ]);
    expect(varbinds.at(-1)!.type).toBe(VALUE_TYPE.endOfMibView);
  });

  test('stops when every column has reached the end, whatever was asked', () => {
    const { varbinds } = answerGetBulk(view, question(['1.3.6.1.2.1.11']), 0, 2 ** 31 - 1);
    expect(varbinds.map((one) => one.type)).toEqual([
      VALUE_TYPE.counter32,
      VALUE_TYPE.endOfMibView,
    ]);
  });

  test.each([
    [-5, 3],
    [0, -1],
    [9, 3],
  ])('non-repeaters %i, max-repetitions %i do no harm', (nonRepeaters, maxRepetitions) => {
    const { varbinds } = answerGetBulk(view, question(['1.3']), nonRepeaters, maxRepetitions);
    expect(varbinds.length).toBeLessThanOrEqual(3);
  });

  test('is cut to what the asker can take', () => {
    const asked = question(['1.3.6.1.2.1.10']);
    const all = answerGetBulk(view, asked, 0, 3).varbinds;
    expect(all.length).toBe(3);
    const cut = answerGetBulk(view, { ...asked, largestOctets: 70 }, 0, 3);
    expect(cut).toEqual({ varbinds: all.slice(0, 2), errorStatus: 0, errorIndex: 0 });
  });
});

test('a GET whose answer would be too large is refused, not cut', () => {
  const oids = Array.from({ length: 9 }, () => '1.3.6.1.2.1.9.1.0');
  expect(answerGet(view, question(oids))).toEqual({ varbinds: [], errorStatus: 1, errorIndex: 0 });
});

describe('SNMPv1', () => {
  test('has no Counter64: GETNEXT passes it over, GET does not know it', () => {
    const next = answerGetNext(view, question(['1.3.6.1.2.1.10.2.10'], 0));
    expect(next.varbinds[0]!.oid).toBe('1.3.6.1.2.1.10.4.1');
    const got = answerGet(view, question(['1.3.6.1.2.1.10.2.9', '1.3.6.1.2.1.10.3.1'], 0));
    expect([got.errorStatus, got.errorIndex]).toEqual([2, 2]);
    expect(got.varbinds.map((one) => one.value)).toEqual([null, null]);
  });

  test('says noSuchName at the end of the MIB', () => {
    expect(answerGetNext(view, question(['1.3.6.1.2.1.11.1.0'], 0)).errorStatus).toBe(2);
  });
});

test('writing is refused in the words of each version', () => {
  expect(refuseSet(question(['1.3.6.1.2.1.9.1.0'])).errorStatus).toBe(17);
  expect(refuseSet(question(['1.3.6.1.2.1.9.1.0'], 0)).errorStatus).toBe(2);
});
