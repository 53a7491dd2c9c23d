import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import PDFDocument from 'pdfkit';
import { describe, expect, it } from 'vitest';
import {
  type AvailabilityReport,
  buildAvailabilityReport,
} from '../../reports/availability-report.ts';
import { outageChart } from '../../reports/documents/charts.ts';
import { composeDocument } from '../../reports/documents/compose.ts';
import { renderCell } from '../../reports/documents/csv-cell.ts';
import { COLOURS } from '../../reports/documents/drawing.ts';
import { CSV_TABLES, renderCsv } from '../../reports/documents/render-csv.ts';
import { PAGE_CSP, renderHtml } from '../../reports/documents/render-html.ts';
import { renderPdf } from '../../reports/documents/render-pdf.ts';
import { documentWords } from '../../reports/documents/words.ts';
import { parsePeriod } from '../../reports/period.ts';
import { temporaryFolder } from '../storage/journal-folder.ts';
import { incident } from './incident-story.ts';
import { down } from './ledger-case.ts';
import {
  health,
  inOrder,
  leases,
  second,
  started,
  stopped,
  toEntries,
  topology,
  window,
} from './story.ts';

const HOSTILE = '=HYPERLINK("http://x")<script>alert(1)</script>';
const HOUR = 3_600;

function reportOf(name = 'Device a') {
  const told = topology(
    -600,
    ['a', { id: 'b', powerFeeds: ['a'], tags: ['ring'], customers: 7 }],
    [window('w', 2000, 2300)],
  );
  if (told.type !== 'topology-loaded') throw new Error('not a topology');
  const devices = told.topology.devices.map((device) => {
    return device.id === 'a' ? { ...device, name } : device;
  });
  const pair = { id: 'pair', name: 'Pair', deviceIds: ['a', 'b'], need: 1 };
  const changed = { ...told, topology: { ...told.topology, devices, redundancyGroups: [pair] } };
  const [one, two] = [incident('INC-1'), incident('INC-2')];
  const events = inOrder(
    [started(-600), changed, health(-590, -595, 'up'), health(-590, -595, 'up', 'b')],
    leases(-600, 26 * HOUR),
    down(HOUR, 2 * HOUR),
    [one.opened(HOUR + 60, 2), one.breached(HOUR + 960), one.acknowledged(HOUR + 1000)],
    [one.resolved(2 * HOUR), two.opened(3 * HOUR, 4), two.resolved(3 * HOUR + 60)],
  );
  const period = parsePeriod('2026-11-01', 'UTC');
  if (!period.ok) throw new Error(period.message);
  return buildAvailabilityReport(toEntries(events), period.period, second(26 * HOUR));
}

/** One line of UTF-8 CSV as its cells, by the rules of RFC 4180. */
function cellsOf(line: string): string[] {
  const found = line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g);
  return Array.from(found, ([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare ?? '');
}

const METER = new PDFDocument();
METER.registerFont(
  'sans',
  join(
    dirname(createRequire(import.meta.url).resolve('@embedpdf/fonts-sc')),
    '../fonts/NotoSansHans-Regular.otf',
  ),
);

/** Debian's poppler-utils. */
const hasPdftotext = spawnSync('pdftotext', ['-v']).status === 0 || process.env.CI === 'true';

/** As a PDF sets it, in points. */
function widthOf(text: string, size: number): number {
  return METER.font('sans').fontSize(size).widthOfString(text);
}

/** What the first row of the timeline shows at an hour of the day. */
function colours(report: AvailabilityReport): (hour: number) => string | undefined {
  const { shapes, width } = outageChart(report, documentWords('en', false))!;
  const bars = shapes.filter((shape) => shape.kind === 'rect').filter(({ y }) => y < 26);
  const start = Math.min(...bars.map(({ x }) => x));
  return (hour) => {
    const x = start + (hour / 24) * (width - start);
    return bars.findLast((each) => each.x <= x && x < each.x + each.width)?.fill;
  };
}

describe('a document', () => {
  it.each(['en', 'zh-CN'] as const)('answers first, in %s, and shows every part', (language) => {
    const content = composeDocument(reportOf(), language, null);
    const kinds = content.blocks.map(({ kind }) => kind);
    expect(kinds.slice(0, 2)).toEqual(['verdict', 'figures']);
    expect(kinds.filter((kind) => kind === 'drawing')).toHaveLength(4);
    const verdict = content.blocks[0];
    // 48 h less the 300 s of maintenance: 172,500 s, of which 3,600 down leave 97.9130 %.
    expect(verdict).toMatchObject({ verdict: 'missed' });
    const html = renderHtml(content);
    expect(html).toContain('97.913 %');
    expect(html).toContain(language === 'en' ? 'response time ran out' : '响应超时');
    for (const screen of ['on-wide', 'on-narrow']) {
      expect(html.split(`<svg class="${screen}"`)).toHaveLength(5);
    }
    for (const block of content.blocks) {
      if (block.kind !== 'drawing') continue;
      const { width, shapes } = block.narrow;
      // 358 points are what a telephone of 390 leaves beside the margins.
      for (const shape of shapes) {
        if (shape.kind !== 'text') continue;
        expect((shape.size * 358) / width).toBeGreaterThanOrEqual(10);
        const [letter, text] = [shape.size * 0.55, shape.text.replaceAll(/[⺀-￿]/g, 'WW')];
        const room = { start: width - shape.x, end: shape.x, middle: width }[shape.anchor];
        expect(text.length * letter).toBeLessThanOrEqual(room + letter);
      }
    }
  });

  it('lets no name from outside become markup', () => {
    const html = renderHtml(composeDocument(reportOf(HOSTILE), 'en', null));
    expect(html).not.toContain('<script');
    expect(html).toContain('&lt;script&gt;');
    expect(PAGE_CSP).toContain("default-src 'none'");
  });

  it('says what it was frozen from, and gives the same PDF for the same report', async () => {
    const mark = {
      ...{ revision: 1, frozenAt: second(30 * HOUR), inputsHash: 'ab'.repeat(32) },
      ...{ by: 'operator', throughSequence: 9 },
    };
    const make = () => renderPdf(composeDocument(reportOf('北局核心'), 'zh-CN', mark));
    const [one, two] = [await make(), await make()];
    expect(Buffer.from(one.subarray(0, 5)).toString()).toBe('%PDF-');
    expect(Buffer.compare(one, two)).toBe(0);
    expect(composeDocument(reportOf(), 'en', mark).footer).toContain('revision 1');
  });
});

describe('what a document shows', () => {
  it.each(['en', 'zh-CN'] as const)('stays on the page, every legend whole, in %s', (language) => {
    const drawings = composeDocument(reportOf(), language, null).blocks.flatMap((block) =>
      block.kind === 'drawing' ? [block.drawing] : [],
    );
    const labels = drawings.flatMap(({ shapes }) =>
      shapes.flatMap((shape) => (shape.kind === 'text' ? [shape.text] : [])),
    );
    for (const label of documentWords(language, false).heatLegend('99.900 %')) {
      expect(labels).toContain(label);
    }
    for (const { width, height, shapes } of drawings) {
      for (const shape of shapes) {
        if (shape.kind === 'line') continue;
        const end =
          shape.kind === 'rect'
            ? shape.x + shape.width
            : shape.x + (shape.anchor === 'start' ? widthOf(shape.text, shape.size) : 0);
        expect(end, JSON.stringify(shape)).toBeLessThanOrEqual(width + 0.001);
        expect(shape.y).toBeLessThan(height);
      }
    }
  });

  it('paints in the timeline of outages only time that was up as up', () => {
    // Up, maintenance, down; from the 20th hour on nobody observed; device b came on the second day.
    const told = topology(-600, ['a'], [window('w', 4 * HOUR, 6 * HOUR)]);
    const events = inOrder(
      [started(-600), told, health(-590, -595, 'up')],
      leases(-600, 20 * HOUR),
      down(8 * HOUR, 12 * HOUR),
      [stopped(20 * HOUR + 1), started(25 * HOUR)],
    );
    const period = parsePeriod('2026-11-01', 'UTC');
    if (!period.ok) throw new Error(period.message);
    const report = buildAvailabilityReport(toEntries(events), period.period, second(26 * HOUR));
    const colourAt = colours(report);
    expect(colourAt(2)).toBe(COLOURS.good);
    expect(colourAt(5)).toBe(COLOURS.maintenance);
    expect(colourAt(10)).toBe(COLOURS.grave);
    expect(colourAt(15)).toBe(COLOURS.good);
    expect(colourAt(22)).toBe(COLOURS.unknown);
  });

  it('paints what has not begun, and time out of service, as the ground', () => {
    const late = topology(-600, [{ id: 'a', commissionedAt: 6 * HOUR }]);
    const events = inOrder(
      [started(-600), late, health(-590, -595, 'up')],
      leases(-600, 12 * HOUR),
      down(8 * HOUR, 10 * HOUR),
    );
    const period = parsePeriod('2026-11-01', 'UTC');
    if (!period.ok) throw new Error(period.message);
    const report = buildAvailabilityReport(toEntries(events), period.period, second(12 * HOUR));
    const colourAt = colours(report);
    expect([3, 7, 9, 11, 18].map(colourAt)).toEqual([
      ...[COLOURS.none, COLOURS.good, COLOURS.grave, COLOURS.good, COLOURS.none],
    ]);
  });

  it.runIf(hasPdftotext)('breaks no word of a table head in two', async () => {
    const bytes = await renderPdf(composeDocument(reportOf(), 'en', null));
    const path = join(temporaryFolder(), 'report.pdf');
    writeFileSync(path, bytes);
    const text = spawnSync('pdftotext', ['-layout', path, '-']).stdout.toString();
    for (const word of ['Acknowledged', 'unreachable', 'maintenance', 'Availability']) {
      expect(text).toMatch(new RegExp(`(^|\\s)${word}\\s`));
    }
    expect(text).not.toMatch(/\s(ed|le|ce|y)\s/);
  });
});

describe('CSV', () => {
  it('has the rows of the report, with numbers as they are', () => {
    const report = reportOf();
    const [head, first] = renderCsv(report, 'devices').slice(1).split('\r\n').map(cellsOf);
    const row = Object.fromEntries(head!.map((name, index) => [name, first![index]]));
    const { durations, service } = report.devices[0]!;
    expect(row).toMatchObject({
      device: 'a',
      down_ms: String(durations.down),
      maintenance_ms: '300000',
      service_ppm: String(service.ratioPpm),
      left_ms: String(service.leftMs),
    });
    expect(Number(row.left_ms)).toBeLessThan(0);
  });

  it.each(CSV_TABLES)('gives every row of %s as many cells as its head', (table) => {
    const lines = renderCsv(reportOf(HOSTILE), table).trimEnd().split('\r\n').map(cellsOf);
    // Nothing was amended or changed in it.
    if (!['amendments', 'changes'].includes(table)) expect(lines.length).toBeGreaterThan(1);
    for (const line of lines) expect(line).toHaveLength(lines[0]!.length);
  });

  it.each([
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\tx', "'\tx"],
    ['  =1', "'  =1"],
    ['＝1', "'＝1"],
    ['a;=1+1', `"a;'=1+1"`],
    ['a; =1', `"a;' =1"`],
    ['a;b', '"a;b"'],
    ['a,"b"', '"a,""b"""'],
    ['core-1', 'core-1'],
  ])('makes %j harmless', (text, cell) => {
    expect(renderCell(text)).toBe(cell);
  });

  it('leaves numbers numbers', () => {
    expect(renderCell(-5)).toBe('-5');
    expect(renderCell(null)).toBe('');
  });
});
