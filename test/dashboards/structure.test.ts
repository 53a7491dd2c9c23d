import * as units from '@grafana/grafana-foundation-sdk/units';
import { describe, expect, test } from 'vitest';
import { BOARDS, renderBoards } from '../../dashboards/render-boards.ts';
import { WORDS } from '../../dashboards/words/words.ts';
import { MINUTE } from '../../lib/time.ts';
import {
  type BoardJson,
  boards,
  filledIn,
  type LANGUAGES,
  type PanelJson,
  picturesOf,
} from './board-json.ts';
import { grafanaStepMs, rangeMsOf } from './grafana-steps.ts';

const KNOWN_UNITS = new Set<unknown>(Object.values(units));
const KNOWN_PANELS = ['row', 'stat', 'bargauge', 'timeseries', 'table', 'state-timeline'];
const GRID_WIDTH = 24;
/** Cells that fill a 1080p screen in kiosk mode. */
const WALL_HEIGHT = 27;

function repeated<T>(items: readonly T[]): T[] {
  return items.filter((item, index) => items.indexOf(item) !== index);
}

function overlaps({ gridPos: a }: PanelJson, { gridPos: b }: PanelJson): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

test('there are boards, each with its own uid and title', () => {
  expect(boards.map(({ uid }) => uid)).toEqual([
    'threenines-noc',
    'threenines-site',
    'threenines-device',
    'threenines-port',
    'threenines-power',
    'threenines-incidents',
    'threenines-uptime',
    'threenines-service',
  ]);
  expect(repeated(boards.map(({ title }) => title))).toEqual([]);
});

test('both languages have the same boards, panels and queries', () => {
  const skeleton = (language: (typeof LANGUAGES)[number]) =>
    [...renderBoards(language)].map(([name, text]) => {
      const board = JSON.parse(text) as BoardJson;
      return {
        name,
        uid: board.uid,
        panels: board.panels.map(({ id, gridPos }) => ({ id, gridPos })),
      };
    });
  expect(skeleton('zh-CN')).toEqual(skeleton('en'));
});

test('the wall board fits one screen without scrolling', () => {
  const bottoms = boards[0]?.panels.map(({ gridPos }) => gridPos.y + gridPos.h) ?? [];
  expect(Math.max(...bottoms)).toBeLessThanOrEqual(WALL_HEIGHT);
});

const pictureOf = (uid: string, title: string) =>
  boards.find((board) => board.uid === uid)?.panels.find((panel) => panel.title === title);

test('a budget may be drawn below nought, traffic that is only received may not', () => {
  const { burnDown } = WORDS.en.uptimeBoard;
  const overdrawn = pictureOf('threenines-uptime', burnDown.title);
  expect(overdrawn?.fieldConfig?.defaults.min).toBeUndefined();
  const { notUp } = WORDS.en.noc;
  expect(pictureOf('threenines-noc', notUp.title)?.fieldConfig?.defaults.min).toBe(0);
});

test('what has a bar for each day has few steps', () => {
  const ofDays = boards.flatMap(picturesOf).filter(({ maxDataPoints }) => maxDataPoints);
  expect(ofDays).toHaveLength(2);
  for (const { maxDataPoints, interval } of ofDays) {
    expect([interval, maxDataPoints]).toEqual(['1h', 7]);
  }
});

/**
 * Grafana rounds the end of the range down to a whole step: what stands at the end of its step shows
 * nothing of the running one. What begins at its step shows it at once.
 */
const beginsAtItsStep = (expr: string) =>
  /\[\$__interval(:1m)?\] offset -\$__interval\)/.test(expr);

describe.each(BOARDS.map((boardIn) => boardIn(WORDS.en)))('$uid as it opens', (board) => {
  const rangeMs = rangeMsOf(board.from);
  const panels = board.rows.flatMap((row) => row.panels);
  test.each([1920, 390])('shows on %i pixels what is a minute old', (pixels) => {
    const late = panels.flatMap((panel) =>
      grafanaStepMs(rangeMs, panel, pixels) <= MINUTE
        ? []
        : panel.questions.filter(({ over, ask }) => over === 'range' && !beginsAtItsStep(ask)),
    );
    expect(late.map(({ ask }) => ask)).toEqual([]);
  });
});

/** Every address that a board leads to, its own menu apart. */
function addressesOf(uid: string): readonly string[] {
  const board = boards.find((each) => each.uid === `threenines-${uid}`);
  return [...JSON.stringify(board).matchAll(/"url":"(\/d\/[^"]*)"/g)].map(
    ([, url]) => url as string,
  );
}

describe('from board to board', () => {
  test.each([
    ...[
      ['noc', 'site'],
      ['noc', 'device'],
      ['noc', 'port'],
    ],
    ...[
      ['site', 'device'],
      ['device', 'site'],
      ['device', 'port'],
      ['port', 'device'],
    ],
    ...[
      ['incidents', 'device'],
      ['incidents', 'site'],
      ['power', 'site'],
    ],
  ] as const)('%s leads to %s', (from, to) => {
    const addresses = addressesOf(from).filter((url) => url.startsWith(`/d/threenines-${to}?`));
    expect(addresses).not.toEqual([]);
    if (from === 'noc' && to !== 'site')
      for (const url of addresses) expect(url).toMatch(/var-site=|\$\{site:queryparam\}/);
  });

  test('the board of one site is never asked for all of them', () => {
    const ofAllSites = boards.filter(({ templating }) =>
      templating.list.some(({ name, includeAll }) => name === 'site' && includeAll),
    );
    expect(ofAllSites.length).toBeGreaterThan(5);
    const { tags: siteTags } = boards.find(({ uid }) => uid === 'threenines-site')!;
    for (const { uid, links } of ofAllSites) {
      const carried = addressesOf(uid.replace('threenines-', '')).filter(
        (url) => url.startsWith('/d/threenines-site?') && url.includes('site:queryparam'),
      );
      expect(carried).toEqual([]);
      const menu = links.find(({ type }) => type === 'dashboards');
      expect(menu?.tags.every((tag) => siteTags.includes(tag))).toBe(false);
    }
  });
});

test('what looks at a window of its own step begins at its step', () => {
  const asked = boards.flatMap(picturesOf).flatMap(({ targets = [] }) => targets);
  const byStep = asked.map(({ expr }) => expr).filter((expr) => /\[\$__interval\b/.test(expr));
  expect(byStep.length).toBeGreaterThan(10);
  expect(byStep.filter((expr) => !beginsAtItsStep(expr))).toEqual([]);
});

describe.each(boards.map((board) => [board.uid, board] as const))('%s', (_uid, board) => {
  const panels = board.panels;
  const pictures = picturesOf(board);

  test('is in the form that file provisioning takes', () => {
    expect(board.schemaVersion).toBe(42);
    expect(board.uid.length).toBeLessThanOrEqual(40);
    expect(board.editable).toBe(false);
  });

  test('numbers its panels in reading order', () => {
    expect(panels.map(({ id }) => id)).toEqual(panels.map((_, index) => index + 1));
    const order = panels.map(({ gridPos }) => gridPos.y * GRID_WIDTH + gridPos.x);
    expect(order).toEqual([...order].sort((a, b) => a - b));
  });

  test('lays its panels out without overlap, inside the grid', () => {
    for (const [index, panel] of panels.entries()) {
      expect(panel.gridPos.x + panel.gridPos.w).toBeLessThanOrEqual(GRID_WIDTH);
      const others = panels.slice(index + 1).filter((other) => overlaps(panel, other));
      expect(others.map(({ title }) => title)).toEqual([]);
    }
  });

  test('uses core panels only', () => {
    expect(panels.map(({ type }) => type).filter((type) => !KNOWN_PANELS.includes(type))).toEqual(
      [],
    );
  });

  test('has its own title for each panel', () => {
    expect(repeated(panels.map(({ title }) => title))).toEqual([]);
  });

  test('uses units that Grafana knows', () => {
    const used = pictures.flatMap(({ fieldConfig }) => [
      fieldConfig?.defaults.unit,
      ...(fieldConfig?.overrides ?? [])
        .flatMap(({ properties }) => properties)
        .filter(({ id }) => id === 'unit')
        .map(({ value }) => value),
    ]);
    expect(used.filter((unit) => !KNOWN_UNITS.has(unit))).toEqual([]);
  });

  test('orders thresholds from the lowest, the first without a lower end', () => {
    for (const { fieldConfig } of pictures) {
      const [first, ...rest] =
        fieldConfig?.defaults.thresholds?.steps.map(({ value }) => value) ?? [];
      expect(first).toBeNull();
      expect(rest).toEqual([...rest].sort((a, b) => Number(a) - Number(b)));
    }
  });

  test('defines every variable that it uses', () => {
    const own = new Set(board.templating.list.map(({ name }) => name));
    const used = [...JSON.stringify(board).matchAll(/\$\{?([a-z_]\w*)/gi)].map(([, name]) => name);
    const unknown = used.filter((name) => !name?.startsWith('__') && !own.has(name as string));
    expect(unknown).toEqual([]);
  });

  test('links to boards that exist', () => {
    const uids = [...JSON.stringify(board).matchAll(/\/d\/([\w-]+)/g)].map(([, uid]) => uid);
    expect(uids.filter((uid) => !boards.some((other) => other.uid === uid))).toEqual([]);
  });

  test('says in red that there is no data, and never makes up a nought', () => {
    for (const { fieldConfig, targets } of pictures) {
      expect(fieldConfig?.defaults.noValue).toBeTruthy();
      for (const { expr } of targets ?? []) expect(filledIn(expr)).not.toContain('vector(0)');
    }
    for (const panel of pictures.filter(({ type }) => type === 'stat')) {
      expect(panel.fieldConfig?.defaults.mappings?.map(({ type }) => type)).toContain('special');
    }
  });

  test('shows how old its data is', () => {
    const age = 'time() - max(threenines_engine_tick_timestamp_seconds)';
    expect(pictures.flatMap(({ targets }) => targets ?? []).map(({ expr }) => expr)).toContain(age);
  });

  test('sets what the builder library leaves empty', () => {
    for (const { options, type } of pictures) {
      if (options?.reduceOptions) expect(options.reduceOptions.calcs).toEqual(['lastNotNull']);
      if (type !== 'timeseries') continue;
      expect(options?.legend?.showLegend).toBe(true);
      expect(options?.tooltip?.mode).toBe('multi');
    }
    expect(JSON.stringify(board)).not.toContain('inControlsMenu');
    expect(board.annotations.list[0]?.builtIn).toBe(1);
  });
});

test('a board in Chinese shows titles and states in Chinese', () => {
  const text = (language: 'en' | 'zh-CN') => [...renderBoards(language).values()].join('');
  const [english, chinese] = [text('en'), text('zh-CN')];
  expect(english).not.toContain('title_zh');
  expect(chinese).not.toMatch(/\btitle, (site|device), /);
  for (const [said, word] of Object.entries({
    queued: '等待发送',
    timeout: '超时',
    heartbeat: '心跳',
    dropped: '已丢弃',
  })) {
    expect(english).not.toContain(`\\"${said}\\")`);
    expect(chinese).toContain(`\\"${word}\\", `);
    expect(chinese).toContain(`\\"${said}\\")`);
  }
  expect(renderBoards('zh-CN').get('threenines-site.json')).toContain('上联或供电');
});
