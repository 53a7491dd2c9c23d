import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

import type { Board, Panel } from '../../dashboards/board.ts';
import { ALL_METRICS } from '../../dashboards/metrics.ts';
import { BOARDS } from '../../dashboards/render-boards.ts';
import { WORDS } from '../../dashboards/words/words.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import { fillVariables } from './fill-variables.ts';
import { grafanaStepMs, rangeMsOf } from './grafana-steps.ts';
import { type LiveService, startLiveService } from './live-service.ts';
import { hasTool, promtool } from './prometheus-tools.ts';

/** The demo's first incident comes within half a minute of its start; a slow machine gets more. */
const PATIENCE_MS = 3 * MINUTE;
const untilSo = { timeout: PATIENCE_MS, interval: 500 };

/** Prometheus reads the service every second here, and every ten where the boards are used. */
const REAL_MS_PER_SCRAPE = 10 * SECOND;
const SCREEN_PIXELS = 1920;
/** Grafana asks for what a counter grew by over at least four scrapes. */
const LEAST_RATE_SCRAPES = 4;

/** Each question as Grafana asks it when its board opens, with a scrape of a second for each of ten. */
const panels = BOARDS.map((boardIn) => boardIn(WORDS.en)).flatMap((board) =>
  board.rows
    .flatMap((row) => row.panels)
    .map((panel) => ({
      name: `${board.uid} / ${panel.title}`,
      panel,
      questions: questionsOf(board, panel),
    })),
);

function questionsOf(board: Board, panel: Panel) {
  const rangeMs = rangeMsOf(board.from);
  const rangeSeconds = rangeMs / REAL_MS_PER_SCRAPE;
  const stepSeconds = grafanaStepMs(rangeMs, panel, SCREEN_PIXELS) / REAL_MS_PER_SCRAPE;
  const rateSeconds = Math.max(stepSeconds + 1, LEAST_RATE_SCRAPES);
  return panel.questions.map(({ ask, over }) => ({
    expr: fillVariables(ask, {
      ...{ site: 'hq', device: 'core-1', portName: 'Te1/1' },
      rateInterval: `${rateSeconds}s`,
      interval: `${stepSeconds}s`,
      range: `${rangeSeconds}s`,
    }),
    over: over === 'now' ? over : { rangeSeconds, stepSeconds },
  }));
}

const withDuty = (duty: (panel: Panel) => boolean) => panels.filter(({ panel }) => duty(panel));

describe.skipIf(!hasTool('prometheus') || !hasTool('promtool'))('a real Prometheus', () => {
  let live: LiveService;
  beforeAll(async () => {
    live = await startLiveService();
    const isOpen = 'threenines_incident_info{stage="open"}';
    await vi.waitUntil(async () => (await live.ask(isOpen, 'now')).length > 0, untilSo);
  }, 2 * PATIENCE_MS);
  afterAll(() => live?.stop());

  test.each(panels)('understands $name', async ({ questions }) => {
    for (const { expr, over } of questions) await live.ask(expr, over);
  });

  test.each(withDuty(({ expectData }) => expectData !== 'may-be-empty'))(
    'has data for $name',
    async ({ questions }) => {
      for (const { expr, over } of questions) {
        await expect
          .poll(() => live.ask(expr, over), { ...untilSo, message: expr })
          .not.toEqual([]);
      }
    },
    PATIENCE_MS,
  );

  test('is told what hangs on a battery through others', async () => {
    const path = 'threenines_power_path_info{source="ups-hq",target="core-1"}';
    expect(await live.ask(path, 'now')).toHaveLength(1);
  });

  test('reads metrics that promtool finds well named', async () => {
    const exposition = await (await fetch(`${live.serviceUrl}/metrics`)).text();
    const native = exposition
      .split('\n')
      .filter((line) => /^(# (HELP|TYPE) )?threenines_/.test(line))
      .join('\n');
    const { output, isOk } = promtool(['check', 'metrics'], `${native}\n`);
    expect(isOk, output).toBe(true);
  });

  test('reads declared metrics only', async () => {
    const declared = new Set(ALL_METRICS.map(({ name }) => name));
    const exposition = await (await fetch(`${live.serviceUrl}/metrics`)).text();
    const exposed = [...exposition.matchAll(/^# TYPE (threenines_\S+)/gm)].map(([, name]) => name);
    expect(exposed.length).toBeGreaterThan(0);
    expect(exposed.filter((name) => !declared.has(name as string))).toEqual([]);
  });
});
