import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import type { PanelWords } from '../../dashboards/board.ts';
import { BOARDS } from '../../dashboards/render-boards.ts';
import { WORDS } from '../../dashboards/words/words.ts';
import { fillVariables } from './fill-variables.ts';
import { hasTool, promtool } from './prometheus-tools.ts';

export const words = WORDS.en;
const panels = BOARDS.flatMap((boardIn) => boardIn(words).rows).flatMap((row) => row.panels);

const STORY = {
  ...{ site: 'x', device: 'a', portName: '1' },
  ...{ rateInterval: '4m', interval: '5m', range: '10m' },
};

/**
 * The query at `index` of the panel with that title, for the last ten minutes at every site, or at
 * site x, or about device a and its port 1.
 */
export function queryOf({ title, description }: PanelWords, index = 0): string {
  const found = panels.find((panel) => panel.title === title && panel.description === description);
  const ask = found?.questions[index]?.ask;
  if (ask === undefined) throw new Error(`no query ${index} in a panel named ${title}`);
  return fillVariables(ask, STORY);
}

export interface Story {
  readonly name: string;
  readonly query: string;
  /** Series with their values, one a minute, in promtool's notation. */
  readonly series: Readonly<Record<string, string>>;
  /** When it is asked, in minutes; ten unless told. */
  readonly at?: number;
  /** What the query answers then, labels with their value. */
  readonly answers: Readonly<Record<string, number>>;
}

/** Site x with a device down, site y with one degraded. */
export const TWO_SITES = {
  'threenines_device_state{device="a",site="x",role="core"}': '6x10',
  'threenines_device_state{device="b",site="x",role="core"}': '0x10',
  'threenines_device_state{device="c",site="y",role="access"}': '3x10',
  'threenines_site_devices{site="x",state="up"}': '1x10',
  'threenines_site_devices{site="x",state="down"}': '1x10',
  'threenines_site_devices{site="x",state="unreachable"}': '0x10',
  'threenines_site_devices{site="y",state="down"}': '0x10',
  'threenines_site_devices{site="y",state="unreachable"}': '0x10',
  'threenines_site_state{site="x"}': '6x10',
  'threenines_site_state{site="y"}': '3x10',
};

/** A test of each story, by promtool; none of them without it. */
export function tellStories(stories: readonly Story[]): void {
  describe.skipIf(!hasTool('promtool'))('the boards answer', () => {
    const folder = mkdtempSync(join(tmpdir(), 'threenines-answers-'));
    afterAll(() => rmSync(folder, { recursive: true }));

    test.each(stories)('$name', (story) => {
      const path = join(folder, 'story.yml');
      writeFileSync(path, stringify(asUnitTest(story)));
      const { isOk, output } = promtool(['test', 'rules', path]);
      expect(isOk, output).toBe(true);
    });
  });
}

/** promtool reads series up to the last question only, and some look ahead of their own time. */
const LOADS_TWENTY_MINUTES = {
  expr: 'vector(1)',
  eval_time: '20m',
  exp_samples: [{ labels: '{}', value: 1 }],
};

function asUnitTest({ query, series, at = 10, answers }: Story) {
  return {
    evaluation_interval: '1m',
    tests: [
      {
        interval: '1m',
        input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
        promql_expr_test: [
          LOADS_TWENTY_MINUTES,
          {
            expr: query,
            eval_time: `${at}m`,
            exp_samples: Object.entries(answers).map(([labels, value]) => ({ labels, value })),
          },
        ],
      },
    ],
  };
}
