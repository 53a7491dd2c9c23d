import { describe, expect, it } from 'vitest';
import { buildAvailabilityReport } from '../../reports/availability-report.ts';
import { composeDocument } from '../../reports/documents/compose.ts';
import { renderReportText } from '../../reports/report-text.ts';
import { health, inOrder, leases, second, started, stretch, toEntries, topology } from './story.ts';

// An hour of a hundred devices, one of them at a site of its own and down for 180 s of it: 5 % there,
// 0.05 % of all, which keeps the promise of 99.9 %.

const MANY = Array.from({ length: 99 }, (_, index) => ({ id: `n${index}`, siteId: 'north' }));
const sketch = (far: object) => [...MANY, { id: 'a', siteId: 'south', ...far }];

function reportOf(devices: ReturnType<typeof sketch>, downUntil = 1180, judgedTo = 3660) {
  const events = inOrder(
    [started(-600), topology(-600, devices)],
    devices.map(({ id }) => health(-590, -595, 'up', id)),
    leases(-600, judgedTo),
    downUntil === 1000 ? [] : [health(1009, 1000, 'down'), health(downUntil + 5, downUntil, 'up')],
  );
  return buildAvailabilityReport(toEntries(events), stretch(0, 3600), second(judgedTo));
}

function sentencesOf(report: ReturnType<typeof reportOf>, language: 'en' | 'zh-CN') {
  const [block] = composeDocument(report, language, null).blocks;
  if (block?.kind !== 'verdict') throw new Error('no verdict');
  return block;
}

describe('a part that missed the objective which all together met', () => {
  it('is named beside the answer, in every form and language', () => {
    const report = reportOf(sketch({}));
    const english = 'In a part of it the objective is missed: site Site south (95.000 %).';
    const chinese = '其中部分范围未达标：站点 Site south（95.000 %）。';
    expect(sentencesOf(report, 'en')).toMatchObject({ verdict: 'met' });
    expect(sentencesOf(report, 'en').sentences).toContain(english);
    expect(sentencesOf(report, 'zh-CN').sentences).toContain(chinese);
    expect(renderReportText(report, 'en')).toContain(`\n${english}\n`);
    expect(renderReportText(report, 'zh-CN')).toContain(`\n${chinese}\n`);
  });

  it('is one of the worst three, with how many more there are', () => {
    const report = reportOf(sketch({ role: 'core', tags: ['gold', 'ring', 'x'] }));
    const [, note] = sentencesOf(report, 'en').sentences;
    expect(note).toMatch(/site Site south \(95.*role core \(95.*tag gold \(95.* and 2 more\.$/);
    expect(sentencesOf(report, 'zh-CN').sentences[1]).toMatch(/，另有 2 项。$/);
  });

  it('is so only so far while the period runs', () => {
    const running = reportOf(sketch({}), 1180, 3000);
    expect(sentencesOf(running, 'en').sentences[1]).toContain(
      'the objective is missed so far: site',
    );
  });

  it('is not told where there is none, or it is all there is', () => {
    const none = reportOf(sketch({}), 1000);
    expect(renderReportText(none, 'en')).not.toContain('In a part of it');
    const all = reportOf([{ id: 'a', siteId: 'south' }]);
    expect(sentencesOf(all, 'en').verdict).toBe('missed');
    expect(renderReportText(all, 'en')).not.toContain('In a part of it');
  });
});
