import { describe, expect, it } from 'vitest';
import type { DomainEvent } from '../../alerting/events.ts';
import { SECOND } from '../../lib/time.ts';
import type { Amendment } from '../../reports/amendments.ts';
import { buildAvailabilityReport, type ReportOptions } from '../../reports/availability-report.ts';
import { composeDocument } from '../../reports/documents/compose.ts';
import { renderCsv } from '../../reports/documents/render-csv.ts';
import { readReportJson } from '../../reports/read-report-json.ts';
import { renderReportJson } from '../../reports/report-json.ts';
import { renderReportText } from '../../reports/report-text.ts';
import { running } from './ledger-case.ts';
import {
  health,
  inOrder,
  leases,
  STORY_START,
  second,
  started,
  stopped,
  stretch,
  toEntries,
  topology,
  window,
} from './story.ts';

// An hour, [0, 3600), of device a, which is at north first and comes to south; b and c stay. Seconds.

const at = (siteId: string) => [
  { id: 'a', siteId },
  { id: 'b', siteId: 'north' },
  { id: 'c', siteId: 'south' },
];
const begin = [
  started(-600),
  topology(-600, at('north')),
  ...['a', 'b', 'c'].map((id) => health(-590, -595, 'up', id)),
];
const PLANNED = [window('w', 1200, 1800)];
const reportOf = (events: readonly DomainEvent[], options: ReportOptions = {}) =>
  buildAvailabilityReport(toEntries(events), stretch(0, 3600), second(3660), options);
const secondOf = (instant: number) => (instant - STORY_START) / SECOND;

interface MoveCase {
  readonly name: string;
  readonly events: readonly DomainEvent[];
  /** State, lost since, moved at, lost until. */
  readonly expected: readonly (readonly [string, number, number, number | null])[];
  /** Lost at north and at south. */
  readonly lost: readonly [number, number];
}

const cases: readonly MoveCase[] = [
  {
    // Down [1000, 2000), moved at 1500: 500 s here, 500 s there.
    name: 'moved while down',
    events: inOrder(
      begin,
      running,
      health(1009, 1000, 'down'),
      topology(1500, at('south')),
      health(2005, 2000, 'up'),
    ),
    expected: [['down', 1000, 1500, 2000]],
    lost: [500, 500],
  },
  {
    name: 'moved while unreachable, and still so at the end',
    events: inOrder(begin, running, health(1009, 1000, 'unreachable'), topology(1500, at('south'))),
    expected: [['unreachable', 1000, 1500, null]],
    lost: [500, 2100],
  },
  {
    // Last lease at 1050: unknown [1050, 1085), in which the configuration was changed. Down again from 1085.
    name: 'moved while down, with the service stopped for it',
    events: inOrder(
      begin,
      leases(-600, 1050),
      health(1009, 1000, 'down'),
      stopped(1055),
      started(1079),
      topology(1080, at('south')),
      health(1095, 1085, 'down'),
      ['b', 'c'].map((id) => health(1085, 1081, 'up', id)),
      health(2005, 2000, 'up'),
      leases(1080, 3660),
    ),
    expected: [['down', 1000, 1080, 2000]],
    lost: [50, 915],
  },
  {
    // Down [1000, 3000): there, back again, and down all the while.
    name: 'moved away and back while down',
    events: inOrder(
      begin,
      running,
      health(1009, 1000, 'down'),
      topology(1500, at('south')),
      topology(2500, at('north')),
      health(3005, 3000, 'up'),
    ),
    expected: [
      ['down', 1000, 1500, 3000],
      ['down', 1000, 2500, 3000],
    ],
    lost: [1000, 1000],
  },
  {
    // Down [1000, 2000), planned work [1200, 1800), moved at 1500: [1000, 1200) and [1800, 2000) count.
    name: 'moved in planned work, not having answered on either side of it',
    events: inOrder(
      [started(-600), topology(-600, at('north'), PLANNED)],
      begin.slice(2),
      running,
      health(1009, 1000, 'down'),
      topology(1500, at('south'), PLANNED),
      health(2005, 2000, 'up'),
    ),
    expected: [['down', 1000, 1500, 2000]],
    lost: [200, 200],
  },
  {
    // It answered in the work at 1400, and was lost anew from 1450 on: nothing was cut in two.
    name: 'moved in planned work, having answered in it before',
    events: inOrder(
      [started(-600), topology(-600, at('north'), PLANNED)],
      begin.slice(2),
      running,
      health(1009, 1000, 'down'),
      health(1405, 1400, 'up'),
      health(1459, 1450, 'down'),
      topology(1500, at('south'), PLANNED),
      health(2005, 2000, 'up'),
    ),
    expected: [],
    lost: [200, 200],
  },
  {
    // It answered in the work at 1600: the outage was to there.
    name: 'moved in planned work, and back in it',
    events: inOrder(
      [started(-600), topology(-600, at('north'), PLANNED)],
      begin.slice(2),
      running,
      health(1009, 1000, 'down'),
      topology(1500, at('south'), PLANNED),
      health(1605, 1600, 'up'),
    ),
    expected: [['down', 1000, 1500, 1600]],
    lost: [200, 0],
  },
  {
    name: 'moved while it works, between two outages',
    events: inOrder(
      begin,
      running,
      health(509, 500, 'down'),
      health(605, 600, 'up'),
      topology(700, at('south')),
      health(809, 800, 'down'),
      health(905, 900, 'up'),
    ),
    expected: [],
    lost: [100, 100],
  },
];

describe('devices that move to another site, worked out by hand', () => {
  it.each(cases)('$name', ({ events, expected, lost }) => {
    const told = ({ lostMoves }: ReturnType<typeof reportOf>) =>
      lostMoves.listed.map((move) => [
        ...[move.state, secondOf(move.lostSince), secondOf(move.at)],
        move.until === null ? null : secondOf(move.until),
      ]);
    const whole = reportOf(events);
    expect(told(whole)).toEqual(expected);
    expect(whole.lostMoves.count).toBe(expected.length);
    for (const [index, siteId] of ['north', 'south'].entries()) {
      const own = reportOf(events, { siteId });
      expect(told(own)).toEqual(expected);
      expect(own.fleet.service.usedMs).toBe(lost[index]! * SECOND);
      const used = whole.sites.find(({ id }) => id === siteId)!.service.usedMs;
      expect(used).toBe(lost[index]! * SECOND);
    }
  });
});

describe('a device that moved while it was down', () => {
  const { events } = cases[0]!;
  const english =
    'Device a moved from Site north to Site south on 2026-11-01 00:25:00 +00:00 while down: the 8m 20s before that count at Site north, the 8m 20s after it at Site south, because time counts at the site that a device was at.';
  const chinese =
    'Device a 于 2026-11-01 00:25:00 +00:00 在中断状态下由 Site north 迁至 Site south：此前的 8分 20秒 计入 Site north，此后的 8分 20秒 计入 Site south，因为时间按设备当时所在站点统计。';

  it.each(['north', 'south'])('is told beside the verdict of %s, in every form', (siteId) => {
    const report = reportOf(events, { siteId });
    for (const [language, sentence] of [
      ['en', english],
      ['zh-CN', chinese],
    ] as const) {
      const [block] = composeDocument(report, language, null).blocks;
      expect(block?.kind === 'verdict' ? block.sentences : []).toContain(sentence);
      expect(renderReportText(report, language)).toContain(sentence);
    }
    expect(renderReportText(report, 'en')).toContain('site a: north → south, while down\n');
    expect(renderCsv(report, 'changes')).toContain('Z,site,a,north,south,down\r\n');
    const json = renderReportJson(report);
    expect(JSON.parse(json)).toMatchObject({
      lostMoves: {
        count: 1,
        listed: [{ deviceId: 'a', fromSiteId: 'north', toSiteName: 'Site south' }],
      },
      ruleChanges: { listed: [{ what: 'site', whileIn: 'down' }] },
    });
    expect(renderReportJson(readReportJson(json))).toBe(json);
  });

  it('is told once in the report of everything, beside the verdicts of the sites', () => {
    const report = reportOf(events);
    const { blocks } = composeDocument(report, 'en', null);
    const place = blocks.findIndex((block) => block.kind === 'paragraph' && block.text === english);
    expect(blocks[place - 2]).toMatchObject({ kind: 'heading', text: 'By site (service)' });
    expect(JSON.stringify(blocks).split(english)).toHaveLength(2);
    expect(renderReportText(report, 'en').split(english)).toHaveLength(2);
  });

  it('is in no report of a third site, nor where nothing moved', () => {
    const elsewhere = [...at('north'), { id: 'd', siteId: 'west' }];
    const told = [topology(-600, elsewhere), health(-590, -595, 'up', 'd')];
    const west = reportOf(inOrder(events.slice(), told), { siteId: 'west' });
    expect(west.lostMoves.count).toBe(0);
    expect(renderReportJson(west)).not.toContain('lostMoves');
  });
});

describe('an outage of which not all is in the state at the move', () => {
  const notesOf = (report: ReturnType<typeof reportOf>) =>
    [renderReportText(report, 'en'), renderReportText(report, 'zh-CN')] as const;

  it('is told with since when it did not answer', () => {
    // Unreachable from 1000 on, and its own fault from 1300 on.
    const events = inOrder(
      begin,
      running,
      health(1009, 1000, 'unreachable'),
      health(1305, 1300, 'down'),
      topology(1500, at('south')),
      topology(
        1600,
        ['b', 'c'].map((id) => ({ id })),
      ),
    );
    const report = reportOf(events);
    const told = { state: 'down', lostSince: second(1000), stateSince: second(1300) };
    expect(report.lostMoves.listed).toMatchObject([told]);
    expect(report.serviceEnds.listed).toMatchObject([told]);
    const [english, chinese] = notesOf(report);
    const since = 'while down, not answering since 2026-11-01 00:16:40 +00:00';
    expect(english).toContain(`on 2026-11-01 00:25:00 +00:00 ${since}: the 8m 20s`);
    expect(english).toContain(`on 2026-11-01 00:26:40 +00:00 ${since} (for 10m by then)`);
    expect(chinese).toContain('在中断（自 2026-11-01 00:16:40 +00:00 起无应答）状态下退网');
    const json = renderReportJson(report);
    expect(json).toContain('"stateSince": "2026-11-01T00:21:40.000Z"');
    expect(renderReportJson(readReportJson(json))).toBe(json);
  });

  it('is told with the planned work in it', () => {
    const { events } = cases.find(({ name }) => name.startsWith('moved in planned work, not'))!;
    const report = reportOf(events);
    const [english, chinese] = notesOf(report);
    expect(english).toContain('while down (partly in planned work, which is in no figure): the 8m');
    expect(chinese).toContain('在中断（其中计划维护时间不计入任何数字）状态下由');
    const json = renderReportJson(report);
    expect(json).toContain('"hasMaintenance": true');
    expect(renderReportJson(readReportJson(json))).toBe(json);
  });

  it('goes on through time that a person made planned work', () => {
    const amendment: Amendment = {
      ...{ number: 1, at: second(4000), by: 'chief', reason: 'agreed', deviceIds: ['a'] },
      ...{ from: second(1400), to: second(1700), state: 'maintenance' },
    };
    const { lostMoves } = reportOf(cases[0]!.events, { amendments: [amendment] });
    expect(lostMoves.listed).toMatchObject([
      { lostSince: second(1000), at: second(1500), until: second(2000), hasMaintenance: true },
    ]);
  });
});
