import { describe, expect, test } from 'vitest';
import { renderPage } from '../../alerting/page-text.ts';
import { NO_FACTS } from '../../collector/observation.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import { Network, rule, topology } from './network.ts';

/** What a power system on battery tells; null: it does not. */
function tells(network: Network, batteryMinutes: number | null, chargeRatio: number | null): void {
  const facts = { ...NO_FACTS, batteryMinutes, chargeRatio };
  network.setConditions('ups-1', [
    { kind: 'on-battery', facts },
    { kind: 'battery-low', facts },
  ]);
  network.pollAll();
}

function network(): Network {
  const rules = [rule('low', 1, { faultKinds: ['battery-low', 'on-battery'] })];
  return new Network(topology({ gradingRules: rules }));
}

const minutes = (sentence: string) => Number(/(\d+) min/.exec(sentence)?.[1] ?? Number.NaN);
const sentences = (told: Network) =>
  told
    .eventsOf('incident-graded')
    .map(({ evidence }) => evidence.sentence.en)
    .filter((each) => each.includes('battery'));

describe('what a battery is said to last', () => {
  test('is never more than it told last, less the time since', () => {
    const story = network();
    for (const [left, charge] of [
      [4, 0.09],
      [2, 0.06],
      [1, 0.04],
      [null, 0.02],
      [null, 0],
    ] as const) {
      tells(story, left, charge);
      story.run(20 * SECOND);
    }
    story.silence('ups-1');
    story.silence('srv-1');
    story.run(6 * MINUTE);
    const [incident] = story.incidents();
    expect(Math.max(...sentences(story).map(minutes).filter(Number.isFinite))).toBeLessThan(4);
    expect(sentences(story).join()).not.toContain('it was worse');
    expect(incident!.evidence.sentence.en).toMatch(
      /^hq \(core site\): the battery has run out, what hangs on it is dark since 00:01 GMT/,
    );
    expect(incident!.evidence.sentence['zh-CN']).toMatch(
      /电池已耗尽，自 00:01 GMT\+0 起其供电的设备已断电/,
    );
    expect(story.replayedText()).toBe(story.liveText());
  });

  test('is what the site is said to last where nothing better was ever told', () => {
    const story = network();
    const facts = { ...NO_FACTS, batteryMinutes: null, chargeRatio: 0.8 };
    story.setConditions('ups-1', [{ kind: 'on-battery', level: 'warning', facts }]);
    story.run(MINUTE);
    expect(story.incidents()[0]!.evidence.inputs.batteryMinutes).toBeGreaterThan(25);
  });

  test.each([
    [0.08, 2],
    [null, 5],
  ])('is little where it is low, at charge %s', (charge, most) => {
    const story = network();
    tells(story, null, charge);
    expect(story.incidents()[0]!.evidence.inputs.batteryMinutes).toBeLessThanOrEqual(most);
  });

  test('is not said to run out where nobody tells that the load hangs on it', () => {
    const story = network();
    const facts = { ...NO_FACTS, batteryMinutes: 2, chargeRatio: 0.04 };
    story.setConditions('ups-1', [{ kind: 'battery-low', facts }]);
    story.run(MINUTE);
    const { sentence } = story.incidents()[0]!.evidence;
    expect(sentence.en).toContain(
      'has a low battery, and is not told to run on it: 2 min once it does',
    );
    expect(sentence['zh-CN']).toContain('未报告由电池供电：一旦由电池供电，可维持 2 分钟');
    story.silence('ups-1');
    story.run(2 * MINUTE);
    expect(sentences(story).at(-1)).toContain('left (ups-1 does not answer any more)');
  });

  test('is less than a minute on mains again while nothing else is told', () => {
    const story = network();
    tells(story, 1, 0.02);
    story.run(MINUTE);
    tells(story, null, 0.01);
    const facts = { ...NO_FACTS, batteryMinutes: null, chargeRatio: 0.15 };
    story.setConditions('ups-1', [{ kind: 'battery-low', facts }]);
    story.run(2 * MINUTE);
    expect(sentences(story).at(-1)).toMatch(/on mains again, its battery is low: 1 min if they/);
  });

  test('is told on the pages as run out, and since when it is dark', () => {
    const story = network();
    tells(story, 1, 0.02);
    story.silence('ups-1');
    story.silence('srv-1');
    story.run(8 * MINUTE);
    const page = story.pages().findLast(({ facts }) => facts.batteryMinutes === 0)!;
    expect(page.facts.darkSince).toBeDefined();
    const told = (language: 'en' | 'zh-CN') =>
      renderPage(page, language, 'UTC', page.queuedAt, { incident: '', acknowledge: null }).text;
    expect(told('en')).toContain(
      'has run out; what hangs on it has been dark since 2026-11-01 00:00:10 GMT+0',
    );
    expect(told('zh-CN')).toContain('已耗尽，自 2026-11-01 00:00:10 GMT+0 起其供电的设备已断电');
    expect(told('en')).not.toContain('min left');
  });

  test('counts what is cut off with it as the page does, without the power system itself', () => {
    const rules = [rule('low', 1, { faultKinds: ['battery-low', 'on-battery'] })];
    const base = topology({ gradingRules: rules });
    const north = ['agg-1', 'acc-1', 'acc-2'];
    const devices = base.devices.map((each) => {
      if (each.id === 'ups-1') return { ...each, parents: [{ deviceId: 'agg-1', port: null }] };
      return north.includes(each.id) ? { ...each, powerFeeds: ['ups-1'] } : each;
    });
    const story = new Network({ ...base, devices });
    tells(story, 1, 0.02);
    for (const id of ['ups-1', ...north]) story.silence(id);
    story.run(8 * MINUTE);
    const { facts } = story.pages().findLast((page) => page.facts.batteryMinutes === 0)!;
    expect(facts.affectedNames).toEqual(expect.arrayContaining(['agg-1', 'acc-1', 'acc-2']));
    expect(facts.because.en).toContain(', 3 devices unreachable behind it');
  });
});
