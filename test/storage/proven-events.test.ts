import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { DomainEvent } from '../../alerting/events.ts';
import { visitProven } from '../../storage/proven-events.ts';
import { readJournal } from '../../storage/read-journal.ts';
import { openOrFail, temporaryFolder } from './journal-folder.ts';
import { falsify } from './report-story.ts';

const LONG_TEXT = 'long '.repeat(900);
const longEvent = (at: number) => ({ type: 'noted', at, text: LONG_TEXT }) as never;
const START = Date.UTC(2026, 10, 1);

/** Leases, short and long events, and subjects and texts that JSON escapes. */
async function journalOf(entryCount: number): Promise<string> {
  const folder = temporaryFolder();
  using journal = openOrFail(folder);
  const subjects = [
    null,
    'acc-7',
    'sl\\ash "quoted"',
    '中文 \u{1F50C}',
    'line\nfeed\ttab\u0001\u007f',
  ];
  const events = [
    (at: number) => ({ type: 'lease-renewed', at }),
    (at: number) => ({ type: 'noted', at, text: 'up' }),
    (at: number) => ({ type: 'noted', at, text: 'ends,"sequence":3,"subject":null}' }),
    (at: number) => ({ type: 'noted', at, text: '中文\n\u2028' }),
    longEvent,
    (at: number) => ({ type: 'lease-renewed', at, more: at }),
  ];
  await journal.append(
    Array.from({ length: entryCount }, (_, index) => {
      const at = index % 101 === 0 ? index - 50 : START + index * 1000;
      const isLease = index % 7 !== 0;
      const event = isLease ? events[0]!(at) : events[index % events.length]!(at);
      return {
        at,
        subject: isLease ? null : subjects[index % subjects.length]!,
        event: event as never,
      };
    }),
  );
  return folder;
}

async function visited(folder: string, through: number) {
  const found: unknown[] = [];
  const isProven = await visitProven(join(folder, 'journal.sqlite'), through, (event, sequence) =>
    found.push({ sequence, event }),
  );
  return { isProven, found };
}

function entriesOf(folder: string, through: number) {
  const opened = readJournal<DomainEvent>(folder);
  if (!opened?.ok) throw new Error('the journal must open');
  using reader = opened.reader;
  return Array.from(reader.entries(), ({ sequence, event }) => ({ sequence, event })).slice(
    0,
    through,
  );
}

describe('events that are proven while they are read', () => {
  it.each([0, 1, 2, 999, 1000, 1001, 3999, 4001, 9005])(
    'are all that were written: %i',
    async (count) => {
      const folder = await journalOf(count);
      expect(await visited(folder, count)).toEqual({
        isProven: true,
        found: entriesOf(folder, count),
      });
    },
  );

  it('end where they are wanted to', async () => {
    const folder = await journalOf(4500);
    for (const through of [1, 1000, 4100]) {
      expect(await visited(folder, through)).toEqual({
        isProven: true,
        found: entriesOf(folder, through),
      });
    }
  });

  it.each([
    ['an instant', 'UPDATE entries SET at = at + 1 WHERE sequence = 2500'],
    ['a text', `UPDATE entries SET event = replace(event, '"up"', '"ux"')`],
    ['a text of other length', `UPDATE entries SET event = replace(event, '"up"', '"upp"')`],
    ['a long text', `UPDATE entries SET event = replace(event, 'long', 'lonh')`],
    ['a subject', "UPDATE entries SET subject = 'x' WHERE sequence = 2500"],
    ['a hash inside', `UPDATE entries SET hash = '${'ab'.repeat(32)}' WHERE sequence = 3000`],
    ['a hash of another form', 'UPDATE entries SET hash = upper(hash) WHERE sequence = 3000'],
    ['one entry less', 'DELETE FROM entries WHERE sequence = 2500'],
    ['the last ones missing', 'DELETE FROM entries WHERE sequence > 4400'],
    ['the head record', 'UPDATE head SET sequence = 4499'],
    [
      'two entries written into one',
      `UPDATE entries SET event = (SELECT group_concat(event || ',"sequence":' || sequence ||
         ',"subject":null}', char(10) || '{"at":' || (at + 1000) || ',"event":') FROM
         (SELECT * FROM entries WHERE sequence IN (2501, 2502) ORDER BY sequence))
       WHERE sequence = 2501`,
    ],
  ])('are not proven when changed: %s', async (_, sql) => {
    const folder = await journalOf(4500);
    falsify(folder, sql);
    expect((await visited(folder, 4500)).isProven).toBe(false);
  });

  it('hands out nothing of a stretch that is not proven', async () => {
    const folder = await journalOf(9000);
    falsify(folder, 'UPDATE entries SET at = at + 1 WHERE sequence = 4001');
    expect(await visited(folder, 9000)).toEqual({
      isProven: false,
      found: entriesOf(folder, 4000),
    });
  });
});

describe('a large journal', () => {
  const COUNT = 100_050;

  it('is read and proven in a thread of its own, and given up there too', async () => {
    const folder = temporaryFolder();
    {
      using journal = openOrFail(folder);
      const event = (at: number) => ({ type: 'lease-renewed', at }) as never;
      await journal.append(
        Array.from({ length: COUNT }, (_, index) => {
          const at = START + index * 10_000;
          const isLong = index === 50_000;
          return { at, subject: null, event: isLong ? longEvent(at) : event(at) };
        }),
      );
    }
    const file = join(folder, 'journal.sqlite');
    const seen = { count: 0, sum: 0, long: '' };
    const see = (event: { at: number; text?: string }, sequence: number) => {
      seen.count += 1;
      seen.sum += event.at - START - (sequence - 1) * 10_000;
      seen.long += event.text ?? '';
    };
    expect(await visitProven(file, COUNT, see)).toBe(true);
    expect(seen).toEqual({ count: COUNT, sum: 0, long: LONG_TEXT });
    const broken = visitProven(file, COUNT, () => {
      throw new Error('not today');
    });
    await expect(broken).rejects.toThrow('not today');
    falsify(folder, 'UPDATE entries SET at = at + 1 WHERE sequence = 77000');
    expect(await visitProven(file, COUNT, see)).toBe(false);
  });
});
