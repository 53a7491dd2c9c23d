import { describe, expect, it } from 'vitest';
import { buildAvailabilityReport } from '../../reports/availability-report.ts';
import { renderAvailability, renderDeviceAvailability } from '../../reports/exposition.ts';
import { createLiveLedger } from '../../reports/live-ledger.ts';
import { REPORT_METRICS } from '../../reports/metrics.ts';
import { periodAt } from '../../reports/period.ts';
import { health, inOrder, leases, second, started, toEntries, topology } from './story.ts';

// The story starts with the month, the quarter's second month and the eleventh of the year (UTC).
const events = inOrder(
  started(0),
  topology(0, [
    { id: 'a', siteId: 's', role: 'core' },
    { id: 'b"\n', siteId: 't' },
  ]),
  health(0, 0, 'up'),
  health(0, 0, 'up', 'b"\n'),
  leases(0, 7200),
  [health(1030, 1000, 'down'), health(1105, 1100, 'up')],
);

function liveAt() {
  const live = createLiveLedger('UTC');
  for (const entry of toEntries(events)) live.apply(entry);
  return live;
}

const render = () => Array.from(renderAvailability(liveAt(), second(7200))).join('');

/** The value of the one sample with this name and labels. */
function sample(text: string, name: string, labels: string): number {
  const line = text.split('\n').find((found) => found.startsWith(`threenines_${name}{${labels}} `));
  if (line === undefined) throw new Error(`no ${name}{${labels}}`);
  return Number(line.slice(line.lastIndexOf(' ')));
}

describe('the promise as metrics', () => {
  it('says what the report says', () => {
    const report = buildAvailabilityReport(
      toEntries(events),
      periodAt('month', second(7200), 'UTC'),
      second(7200),
    );
    const text = render();
    // down 100 s of 2 × 7200 s: 99.3055… %.
    expect(report.fleet.service.ratioPpm).toBe(993_055);
    const fleet = 'scope="fleet",id="all",window="month"';
    for (const [bound, ppm] of [
      ['low', report.fleet.service.lowPpm],
      ['best', report.fleet.service.ratioPpm],
      ['high', report.fleet.service.highPpm],
    ] as const) {
      expect(sample(text, 'availability_ratio', `${fleet},bound="${bound}"`)).toBe(ppm! / 1e6);
    }
    expect(sample(text, 'coverage_ratio', fleet)).toBe(1);
    // Two devices, 30 days: 2 × 2592 s; the device that came with the month has all of it.
    expect(sample(text, 'error_budget_seconds', fleet)).toBe(5184);
    expect(sample(text, 'error_budget_remaining_seconds', fleet)).toBe(5084);
    expect(sample(text, 'objective_verdict', fleet)).toBe(2);
    expect(sample(text, 'objective_verdict_of_known_part', fleet)).toBe(0);
    expect(sample(text, 'objective_ratio', 'scope="fleet",id="all"')).toBe(0.999);
  });

  it('has every scope and window', () => {
    const text = render();
    for (const window of ['month', 'quarter', 'year']) {
      for (const scope of [
        'scope="fleet",id="all"',
        'scope="site",id="s"',
        'scope="device",id="a"',
      ]) {
        expect(sample(text, 'objective_verdict', `${scope},window="${window}"`)).toBe(2);
      }
      const other = `scope="site",id="t",window="${window}"`;
      expect(sample(text, 'objective_verdict', other)).toBe(0);
    }
  });

  it('counts seconds per state, five minutes behind', () => {
    const labels = 'device="a",site="s",role="core"';
    const text = render();
    expect(sample(text, 'state_seconds_total', `${labels},state="down"`)).toBe(100);
    expect(sample(text, 'state_seconds_total', `${labels},state="up"`)).toBe(7200 - 300 - 100);
    expect(text).not.toContain('out-of-service');
    expect(sample(text, 'site_state_seconds_total', 'site="s",state="down"')).toBe(100);
  });

  it('counts no second twice, however often it is read, and takes none back', () => {
    const live = createLiveLedger('UTC');
    const story = inOrder(
      started(0),
      topology(0),
      health(0, 0, 'up'),
      leases(0, 3600),
      // An outage that is confirmed only ten minutes after it began, when five are counted as up.
      [health(1600, 1000, 'down'), health(2005, 2000, 'up')],
    );
    let upBefore = 0;
    for (const entry of toEntries(story)) {
      live.apply(entry);
      const upMs = live.countStates('a')?.durations.up ?? 0;
      expect(upMs).toBeGreaterThanOrEqual(upBefore);
      upBefore = upMs;
    }
    // Counted to 3300. Up to 1300 was counted as up at 1600; down from there to 2000.
    expect(live.countStates('a')?.durations).toMatchObject({ up: 2_600_000, down: 700_000 });
    live.apply(toEntries([started(3602)])[0]!);
    // A new process counts anew, from where the one before had counted to.
    expect(live.countStates('a')?.durations).toMatchObject({ up: 2_000, down: 0 });
  });

  it('qualifies a verdict on a time of which little was measured', () => {
    const live = createLiveLedger('UTC');
    const story = inOrder(
      started(0),
      topology(0, ['a']),
      health(0, 0, 'up', 'a'),
      leases(0, 600),
      leases(7000, 7200),
    );
    for (const entry of toEntries(story)) live.apply(entry);
    const text = Array.from(renderAvailability(live, second(7200))).join('');
    for (const of of [
      'scope="fleet",id="all"',
      'scope="site",id="site-1"',
      'scope="device",id="a"',
    ]) {
      expect(sample(text, 'objective_verdict_of_known_part', `${of},window="month"`)).toBe(1);
    }
  });

  it('takes back nothing of a site whose device has left', () => {
    const live = createLiveLedger('UTC');
    const story = inOrder(
      started(0),
      topology(0, ['a', 'b']),
      health(0, 0, 'up', 'a'),
      health(0, 0, 'up', 'b'),
      leases(0, 3600),
    );
    for (const entry of toEntries(story)) live.apply(entry);
    const upOfSite = () => {
      const text = Array.from(renderAvailability(live, second(3600))).join('');
      return sample(text, 'site_state_seconds_total', 'site="site-1",state="up"');
    };
    const before = upOfSite();
    expect(before).toBe(2 * 3300);
    live.apply(toEntries([topology(3600, ['b'])])[0]!);
    expect(live.countStates('a')).toBeNull();
    expect(upOfSite()).toBeGreaterThanOrEqual(before);
  });

  it('writes each metric once, with escaped labels', () => {
    const lines = render().trimEnd().split('\n');
    const heads = lines
      .filter((line) => line.startsWith('# TYPE '))
      .map((line) => line.split(' ')[2]);
    expect(heads).toEqual(Object.values(REPORT_METRICS).map(({ name }) => name));
    for (const line of lines) {
      if (!line.startsWith('#')) expect(line).toMatch(/^[a-z_]+\{.*\} -?[\d.e+-]+$/);
    }
    expect(lines.some((line) => line.includes('id="b\\"\\n"'))).toBe(true);
  });

  it('writes one device alone', () => {
    const text = Array.from(renderDeviceAvailability(liveAt(), 'a', second(7200))).join('');
    expect(sample(text, 'objective_verdict', 'scope="device",id="a",window="year"')).toBe(2);
    expect(text).not.toContain('fleet');
    expect(text).not.toContain('id="b');
    expect(Array.from(renderDeviceAvailability(liveAt(), 'nobody', second(7200))).join('')).toBe(
      '',
    );
  });

  it('writes nothing before there is a device', () => {
    expect(Array.from(renderAvailability(createLiveLedger('UTC'), second(0))).join('')).toBe('');
  });
});
