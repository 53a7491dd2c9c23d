import { describe, expect, test } from 'vitest';
import { say } from '../../lib/local-text.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import { Network } from './network.ts';

/** An aggregation device with two switches behind it has died. */
function withDeadAggregation(): Network {
  const network = new Network();
  network.run(MINUTE);
  for (const id of ['agg-1', 'acc-1', 'acc-2']) network.silence(id);
  network.run(2 * MINUTE);
  return network;
}

const MILDER = 'it was worse, and a milder tier follows once this has lasted';

describe('the sentence of a tier that stands', () => {
  test('says at once that a device which was down answers, though it cannot be read', () => {
    const network = withDeadAggregation();
    const [incident] = network.incidents();
    expect(incident).toMatchObject({ tier: 2, rootKind: 'device-down' });
    for (const id of ['acc-1', 'acc-2']) network.restore(id);
    network.silence('agg-1', 'auth-failed', say('credentials refused', '凭据被拒绝'));
    network.run(30 * SECOND);
    expect(incident).toMatchObject({ tier: 2, rootKind: 'monitoring-blind' });
    expect(incident!.evidence.ruleId).toBe('aggregation-lost');
    expect(incident!.evidence.sentence).toEqual({
      en: `agg-1 (aggregation): credentials refused; ${MILDER}`,
      'zh-CN': 'agg-1（汇聚）：凭据被拒绝；此前更严重，持续如此则降级',
    });
    network.run(10 * MINUTE);
    expect(incident!.tier).toBe(4);
    expect(incident!.evidence.sentence.en).toBe('agg-1 (aggregation): credentials refused');
    expect(network.liveText()).toBe(network.replayedText());
  });

  test('tells pages what is so now, not what was', () => {
    const network = withDeadAggregation();
    for (const id of ['acc-1', 'acc-2']) network.restore(id);
    network.silence('agg-1', 'auth-failed', say('credentials refused', '凭据被拒绝'));
    network.run(5 * MINUTE);
    const escalated = network.pages().find((page) => page.kind === 'escalated');
    expect(escalated!.facts.because.en).toBe(`agg-1 (aggregation): credentials refused; ${MILDER}`);
  });

  test('does not promise a milder tier while a rule as bad only waits for its time', () => {
    const network = withDeadAggregation();
    const before = network.incidents()[0]!.evidence.sentence.en;
    network.run(5 * MINUTE);
    expect(network.incidents()[0]!.evidence.sentence.en).toBe(before);
  });

  test('says of a device that was down and is not polled any more that it is not observed', () => {
    const network = withDeadAggregation();
    const [incident] = network.incidents();
    const was = incident!.evidence.sentence;
    // The collector goes on without these devices: nobody asks them.
    for (let minutes = 0; minutes < 4; minutes += 1 / 6) {
      network.now += 10 * SECOND;
      network.tick([{ kind: 'lease' }]);
      for (const id of ['core-1', 'core-2', 'agg-2', 'ups-1', 'srv-1']) network.poll(id);
    }
    expect(network.state.devices.get('agg-1')!.health).toBe('unknown');
    expect(incident).toMatchObject({ tier: 2, resolvedAt: null });
    expect(incident!.evidence.sentence).toEqual({
      en: `${was.en}, not observed any more`,
      'zh-CN': `${was['zh-CN']}，目前无法观测`,
    });
    network.run(MINUTE);
    expect(incident!.evidence.sentence.en).not.toContain('not observed');
    expect(network.liveText()).toBe(network.replayedText());
  });

  test('says nothing of the moment after a start in which no device has been polled', () => {
    const network = withDeadAggregation();
    const was = network.incidents()[0]!.evidence.sentence.en;
    network.restart();
    network.run(MINUTE);
    const told = network.eventsOf('incident-graded').map((event) => event.evidence.sentence.en);
    expect(told.filter((sentence) => sentence.includes('not observed'))).toEqual([]);
    expect(network.incidents()[0]!.evidence.sentence.en).toBe(was);
  });
});
