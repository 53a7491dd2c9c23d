import { describe, expect, test } from 'vitest';
import { becauseSentence } from '../../alerting/grading-sentence.ts';
import { NO_FACTS } from '../../collector/observation.ts';
import { say } from '../../lib/local-text.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import { Network, RULES, rule, topology } from './network.ts';
import { tellsDown } from './ports-down.ts';

const LOW = rule('battery-low', 1, { faultKinds: ['battery-low'] });
const DEGRADED = rule('aggregation-degraded', 3, { faultKinds: ['device-down'] });

function onBattery(network: Network, deviceId: string, batteryMinutes: number): void {
  const facts = { ...NO_FACTS, batteryMinutes };
  network.setConditions(deviceId, [{ kind: 'on-battery', facts }]);
}

/** What the pages of one kind gave as their reason. */
const reasons = (network: Network, kind: string) =>
  network.pages().flatMap((page) => (page.kind === kind ? [page.facts.because.en] : []));

describe('a page gives the reason of now', () => {
  test('when the incident is open again, not what its last time ended with', () => {
    const network = new Network();
    onBattery(network, 'ups-1', 10);
    network.run(MINUTE);
    onBattery(network, 'ups-1', 20);
    network.run(MINUTE);
    expect(network.incidents()).toMatchObject([{ tier: 1 }]);
    expect(network.incidents()[0]!.evidence.sentence.en).toContain('it was worse');
    network.setConditions('ups-1', []);
    network.run(10 * MINUTE);
    onBattery(network, 'ups-1', 40);
    network.run(30 * SECOND);
    const told = network.pages().filter(({ kind }) => kind === 'reopened');
    expect(told.map(({ facts }) => [facts.tier, facts.because.en])).toEqual([
      [2, 'hq (core site) runs on battery, 40 min left'],
    ]);
    expect(network.incidents()).toHaveLength(1);
    network.setConditions('ups-1', []);
    network.run(10 * MINUTE);
    expect(reasons(network, 'resolved').at(-1)).toBe('hq (core site) runs on battery, 40 min left');
    expect(network.liveText()).toBe(network.replayedText());
  });

  test('when a dead core has a standby that does not reach what is behind it', () => {
    const network = new Network();
    for (const id of ['core-1', 'agg-1', 'acc-1', 'acc-2']) network.silence(id);
    network.run(3 * MINUTE);
    const { sentence } = network.incidents()[0]!.evidence;
    expect(sentence.en).toContain('its standby is up, but 3 devices behind it are cut off');
    expect(sentence.en).not.toContain('carries the service');
    expect(sentence.en).not.toContain('unreachable behind it');
    expect(sentence['zh-CN']).toContain('备用设备正常，但其后 3 台设备不可达');
  });

  test('when a standby carries all of it', () => {
    const network = new Network();
    network.silence('core-2');
    network.run(10 * SECOND);
    network.run(MINUTE);
    expect(network.incidents()[0]!.evidence.sentence.en).toContain(
      'its standby carries the service',
    );
  });

  test('of the battery, with the site where it stands', () => {
    const base = topology();
    const devices = base.devices.map((each) =>
      ['agg-1', 'acc-1', 'acc-2'].includes(each.id) ? { ...each, powerFeeds: ['ups-1'] } : each,
    );
    const network = new Network({ ...base, devices, gradingRules: [LOW, ...RULES] });
    const facts = { ...NO_FACTS, batteryMinutes: 5 };
    network.setConditions('ups-1', [
      { kind: 'battery-low', facts },
      { kind: 'on-battery', facts },
    ]);
    network.run(20 * SECOND);
    for (const id of ['agg-1', 'acc-1', 'acc-2']) network.silence(id);
    network.run(3 * MINUTE);
    const [incident] = network.incidents();
    expect(incident!.evidence.inputs.siteId).toBe('north');
    expect(incident!.evidence.sentence.en).toMatch(
      /^hq \(core site\) runs on battery, 5 min left, .*100 % of site north down/,
    );
  });
});

describe('a device without any path left', () => {
  test('names every way that is lost, the one that was lost last too', () => {
    const network = new Network();
    network.run(MINUTE);
    tellsDown(network, 'core-1', 'Te2');
    network.run(MINUTE);
    tellsDown(network, 'core-2', 'Te2');
    network.run(MINUTE);
    const [because] = network
      .pages()
      .flatMap(({ kind, facts }) => (kind === 'upgraded' ? [facts.because] : []));
    expect(because).toMatchObject({
      en: 'agg-2 (aggregation) has no path left (port Te2 is down; core-2: port Te2 is down)',
      'zh-CN': 'agg-2（汇聚）已无可用路径（端口 Te2 已断开；core-2：端口 Te2 已断开）',
    });
    expect(network.liveText()).toBe(network.replayedText());
  });

  test('names a parent that does not answer', () => {
    const network = new Network();
    network.run(MINUTE);
    network.silence('core-2');
    network.run(MINUTE);
    tellsDown(network, 'core-1', 'Te2');
    network.run(MINUTE);
    const [, link] = network.incidents();
    expect(link!.evidence.sentence.en).toContain(
      'has no path left (port Te2 is down; core-2 does not answer)',
    );
  });
});

test('the first page of a dead device waits for what hangs on it to be judged', () => {
  const network = new Network({ ...topology(), gradingRules: [...RULES.slice(0, -1), DEGRADED] });
  network.run(MINUTE);
  // Its own polls are the first to fail for long enough.
  network.silence('agg-1');
  network.run(10 * SECOND);
  for (const id of ['acc-1', 'acc-2']) network.silence(id);
  network.run(2 * MINUTE);
  const kinds = network.pageList().filter((each) => each.startsWith('first '));
  expect(kinds).toEqual(['first opened']);
  expect(network.pages()[0]!.facts).toMatchObject({ tier: 2 });
  expect(reasons(network, 'opened')[0]).not.toContain('no device behind it has failed');
});

test('a lost link is not said to be milder while what hangs on its far end is not judged', () => {
  const network = new Network();
  network.run(MINUTE);
  tellsDown(network, 'core-1', 'Te1');
  network.silence('agg-1');
  network.run(10 * SECOND);
  for (const id of ['acc-1', 'acc-2']) network.silence(id);
  network.run(2 * MINUTE);
  const told = network.eventsOf('incident-graded').map(({ evidence }) => evidence.sentence.en);
  expect(told.join()).not.toContain('no device behind it has failed');
  expect(told.join()).not.toContain('it was worse');
  expect(network.liveText()).toBe(network.replayedText());
});

test('a device that answers is not said to be down for what a link of it means', () => {
  const network = new Network();
  tellsDown(network, 'core-1', 'Te2');
  network.run(30 * SECOND);
  const { inputs } = network.incidents()[0]!.evidence;
  // Another device that the same incident is about is down; agg-2 answers.
  const sentence = becauseSentence(
    { ...inputs, devicesDown: 3 },
    {
      ...{ subject: 'agg-2', site: 'south', isSubjectSilent: false, isLink: true, battery: null },
      ...{ faultText: say('port Te2 is down', '端口 Te2 已断开'), hasStandby: false, groups: [] },
      ...{ isGroup: false, membersDown: 0, pathsLeft: [], darkFeed: null, doubtfulFeeds: [] },
      isPowerSuspected: false,
      planned: null,
    },
  );
  expect(sentence.en).toBe(
    'agg-2 (aggregation) has lost a redundant part (port Te2 is down), 3 devices down or unreachable',
  );
});
