import { describe, expect, test } from 'vitest';
import { type PagePlan, planForDevice, planForIncident } from '../../alerting/page-plan.ts';
import { stateText } from '../../alerting/state-text.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../lib/time.ts';
import { Network, topology } from './network.ts';

function shown(plan: PagePlan | null, from: number) {
  return plan?.pages.map(({ at, personId, kind }) => [
    Math.ceil((at - from) / SECOND),
    personId,
    kind,
  ]);
}

describe('who would be paged', () => {
  test('foretells exactly what then happens', () => {
    const network = new Network();
    network.run(MINUTE);
    network.silence('core-1');
    network.run(30 * SECOND);
    const openedAt = network.now;
    const foretold = planForIncident(network.state, 'inc-000001', openedAt);
    const before = network.pages().length;
    for (const until = openedAt + 17 * MINUTE; network.now < until; network.now += SECOND) {
      if (network.now % (10 * SECOND) === 0) network.pollAll();
      network.tick([]);
    }
    const happened = network
      .pages()
      .slice(before)
      .map(({ queuedAt, personId, kind }) => [
        Math.floor((queuedAt - openedAt) / SECOND),
        personId,
        kind,
      ]);
    expect(shown(foretold, openedAt)).toEqual(happened);
    expect(happened.length).toBeGreaterThan(6);
  });

  test('for a device that works: the tier, why, and each person in order', () => {
    const network = new Network();
    network.run(MINUTE);
    const plan = planForDevice(network.state, 'agg-1', network.now);
    expect(plan).toMatchObject({ isOpen: false, tier: 2, rootDeviceId: 'agg-1' });
    expect(plan!.because.en).toContain('2 devices unreachable behind it');
    expect(shown(plan, network.now)!.slice(0, 2)).toEqual([
      [0, 'first', 'opened'],
      [300, 'second', 'escalated'],
    ]);
  });

  test('changes nothing', () => {
    const network = new Network();
    network.silence('core-2');
    network.run(2 * MINUTE);
    const before = stateText(network.state);
    planForDevice(network.state, 'agg-1', network.now);
    planForIncident(network.state, 'inc-000001', network.now);
    expect(stateText(network.state)).toBe(before);
  });

  test('a device that is down already: the incident it belongs to', () => {
    const network = new Network();
    for (const id of ['agg-1', 'acc-1', 'acc-2']) network.silence(id);
    network.run(2 * MINUTE);
    const plan = planForDevice(network.state, 'acc-1', network.now);
    expect(plan).toMatchObject({ isOpen: true, rootDeviceId: 'agg-1', incidentId: 'inc-000001' });
  });

  test('no such device, work planned on it, or resolved: nobody', () => {
    const network = new Network();
    const window = {
      ...{ id: 'work', reason: '', owner: '', siteIds: [], tags: [] },
      deviceIds: ['core-1', 'agg-1', 'acc-1', 'acc-2'],
      startsAt: network.now - HOUR,
      endsAt: network.now + DAY,
    };
    network.tick([{ kind: 'topology', topology: topology({ maintenanceWindows: [window] }) }]);
    expect(planForDevice(network.state, 'core-9', network.now)).toBeNull();
    expect(planForDevice(network.state, 'core-1', network.now)).toBeNull();
    const core = { ...window, deviceIds: ['core-1'] };
    network.tick([{ kind: 'topology', topology: topology({ maintenanceWindows: [core] }) }]);
    expect(planForDevice(network.state, 'core-1', network.now)?.pages).not.toEqual([]);
    expect(planForIncident(network.state, 'inc-000001', network.now)).toBeNull();
  });

  test('once it is acknowledged nobody is', () => {
    const network = new Network();
    network.silence('core-1');
    network.run(MINUTE);
    network.acknowledge('inc-000001');
    const plan = planForIncident(network.state, 'inc-000001', network.now);
    expect(plan).toMatchObject({ acknowledgedBy: 'first', pages: [] });
  });
});
