import { describe, expect, it } from 'vitest';
import { OUTCOMES } from '../../collector/observation.ts';
import { OUTCOME_NAMES, POLL_DETAILS, partialDetail } from '../../collector/poll-details.ts';
import { chooseProfiles } from '../../collector/profile-choice.ts';
import { type LocalText, NO_TEXT, say } from '../../lib/local-text.ts';
import { expectBothLanguages } from './chinese.ts';
import { builtInProfiles } from './collector-fixtures.ts';

/** The parts that a detail is filled in with here: a name, and a reason in both languages. */
const GIVEN = 'x-1';
const REASON = say('some reason', '某种原因');

describe('why a poll failed', () => {
  it.each(Object.entries(POLL_DETAILS))('%s is said in both languages', (name, detail) => {
    const fill = detail as (given: string, more: LocalText | number) => LocalText;
    const more = name === 'moreSeries' ? 7 : REASON;
    const text = typeof detail === 'function' ? fill(GIVEN, more) : detail;
    expectBothLanguages(text, [GIVEN]);
    if (typeof detail === 'function') {
      expect(text.en).toContain(GIVEN);
      expect(text['zh-CN']).toContain(GIVEN);
    }
  });

  it.each(OUTCOMES)('%s alone has words in both languages', (outcome) => {
    expectBothLanguages(OUTCOME_NAMES[outcome]);
  });
});

describe('what a poll could not read', () => {
  const ofTables = (...tables: string[]) =>
    partialDetail(tables.map((table) => POLL_DETAILS.ofTable(table, POLL_DETAILS.noReply)));

  it('is blank when there is nothing', () => {
    expect(partialDetail([])).toEqual(NO_TEXT);
  });

  it('is told once for each reason, in both languages', () => {
    expect(ofTables('aTable', 'bTable', 'aTable')).toEqual({
      en: 'not everything could be read: aTable: no reply in time; bTable: no reply in time',
      'zh-CN': '部分内容未能读取：aTable：未在时限内应答；bTable：未在时限内应答',
    });
  });

  it('is cut after three, with the number of the rest', () => {
    const { en, 'zh-CN': zhCn } = ofTables('aTable', 'bTable', 'cTable', 'dTable', 'eTable');
    expect(en).toMatch(/; cTable: no reply in time; and 2 more$/);
    expect(zhCn).toMatch(/；cTable：未在时限内应答；另有 2 项$/);
  });
});

describe('why a profile was chosen', () => {
  it('is said in both languages', () => {
    const [first] = builtInProfiles;
    const blank = {
      always: false,
      sysObjectIdPrefixes: [],
      sysDescrContains: [],
      sysDescrExcept: [],
      probeOids: [],
    };
    const matches = [
      { always: true },
      { sysObjectIdPrefixes: ['1.3.6'] },
      { sysDescrContains: ['Rt-7'] },
      { probeOids: ['1.3.6.2'] },
    ];
    const profiles = matches.map((match, index) => ({
      ...first!,
      id: `p${index}`,
      isFamily: false,
      match: { ...blank, ...match },
    }));
    const identity = { sysObjectId: '1.3.6.1', sysDescr: 'a Rt-7', sysName: null };
    const named = { ...first!, id: 'named', isFamily: false, match: blank };
    const chosen = chooseProfiles([...profiles, named], ['named'], identity, new Set(['p3']));
    expect(chosen).toHaveLength(5);
    for (const { reason } of chosen) expectBothLanguages(reason, ['Rt-7']);
  });
});
