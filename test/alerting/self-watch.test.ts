import { describe, expect, test } from 'vitest';
import { audit } from '../../alerting/auditor.ts';
import { renderPage } from '../../alerting/page-text.ts';
import { withServiceRules } from '../../alerting/service-faults.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import { Network, RULES, START, topology } from './network.ts';

const NO_LINKS = { incident: '', acknowledge: null };

const topo = () => topology({ gradingRules: withServiceRules(RULES) });

/** Time passes and nothing is observed but what is polled by `poll`. */
function pass(network: Network, durationMs: number, poll: () => void): void {
  for (const until = network.now + durationMs; network.now < until; ) {
    network.now += 10 * SECOND;
    network.tick([{ kind: 'lease' }]);
    poll();
    network.deliverAll();
  }
}

describe('monitoring that is blind', () => {
  test('is one incident of its own after three minutes, and ends when it sees again', () => {
    const network = new Network(topo());
    network.run(MINUTE);
    pass(network, 8 * MINUTE, () => network.poll('core-1'));
    expect(network.incidents()).toMatchObject([
      { rootDeviceId: '_service', rootKind: 'collector-blind', tier: 3 },
    ]);
    expect(network.pages()[0]!.facts.because.en).toBe(
      'at least 80 % of the devices are not observed',
    );
    network.run(2 * MINUTE);
    expect(network.incidents()[0]!.resolvedAt).not.toBeNull();
    expect(network.replayedText()).toBe(network.liveText());
  });

  test('is none after a planned stop, as long as the first polls have their chance', () => {
    const network = new Network(topo());
    network.run(MINUTE);
    network.tick([{ kind: 'stopping', unreportedPageIds: [] }]);
    network.now += 4 * MINUTE;
    network.restart(topo());
    for (let second = 0; second < 60; second += 1) {
      network.now += SECOND;
      network.tick([]);
    }
    network.run(5 * MINUTE);
    expect(network.incidents()).toEqual([]);
    expect(network.pages()).toEqual([]);
  });

  test('is one after a start that sees nothing for three minutes', () => {
    const network = new Network(topo());
    network.run(MINUTE);
    network.now += 4 * MINUTE;
    network.restart(topo());
    pass(network, 4 * MINUTE, () => {});
    expect(network.incidents()).toMatchObject([{ rootKind: 'collector-blind', tier: 3 }]);
  });

  describe('for devices that leave the configuration', () => {
    const SEEN = ['core-1', 'core-2', 'agg-1'];

    /** Monitoring sees the first three devices only; then a configuration without `gone` is loaded. */
    function blindFor(gone: (id: string) => boolean): Network {
      const network = new Network(topo());
      network.run(MINUTE);
      pass(network, 8 * MINUTE, () => {
        for (const id of SEEN) network.poll(id);
      });
      expect(network.incidents()).toMatchObject([{ rootKind: 'collector-blind' }]);
      const { devices } = topo();
      const left = devices.filter(({ id }) => !gone(id)).map((each) => ({ ...each, parents: [] }));
      network.tick([{ kind: 'topology', topology: { ...topo(), devices: left } }]);
      pass(network, 2 * MINUTE, () => {
        for (const { id } of left) network.poll(id);
      });
      return network;
    }

    test('is told as no longer watched, not as resolved', () => {
      const network = blindFor((id) => !SEEN.includes(id));
      const [incident] = network.incidents();
      expect(incident).toMatchObject({ resolvedAt: expect.any(Number), restoredAt: null });
      expect(network.eventsOf('incident-resolved')).toMatchObject([{ reason: 'removed' }]);
      expect(network.eventsOf('member-removed')).toMatchObject([{ reason: 'removed' }]);
      const page = network.pages().find(({ kind }) => kind === 'resolved')!;
      const { subject, text } = renderPage(page, 'en', 'UTC', network.now, NO_LINKS);
      expect(subject).toContain('No longer watched');
      expect(text).not.toMatch(/Resolved|Lasted/);
      expect(network.replayedText()).toBe(network.liveText());
    });

    test('is resolved where it sees the others again, so that it would see enough with them', () => {
      const network = blindFor((id) => id === 'srv-1');
      expect(network.incidents()[0]!.restoredAt).not.toBeNull();
      expect(network.eventsOf('incident-resolved')).toMatchObject([{ reason: 'recovered' }]);
    });

    test('goes on for the others', () => {
      const network = new Network(topo());
      network.run(MINUTE);
      pass(network, 8 * MINUTE, () => network.poll('core-1'));
      const { devices } = topo();
      const left = devices.filter(({ id }) => id !== 'srv-1');
      network.tick([{ kind: 'topology', topology: { ...topo(), devices: left } }]);
      pass(network, 2 * MINUTE, () => network.poll('core-1'));
      expect(network.incidents()[0]!.resolvedAt).toBeNull();
    });
  });

  test('is none while a single device is not observed', () => {
    const network = new Network(topo());
    const ids = topo().devices.map(({ id }) => id);
    network.run(MINUTE);
    pass(network, 8 * MINUTE, () => {
      for (const id of ids) if (id !== 'srv-1') network.poll(id);
    });
    expect(network.incidents()).toEqual([]);
  });
});

describe('the auditor', () => {
  test('finds nothing in a network at work, with incidents open, paged, breached and over', () => {
    const network = new Network(topo());
    network.silence('core-1');
    for (let minutes = 0; minutes < 40; minutes += 1) {
      network.run(MINUTE);
      if (minutes === 30) network.restore('core-1');
      expect(audit(network.state, network.now, network.now)).toEqual([]);
    }
  });

  test('finds a page that nobody tries, but not one that waits for its next try or the morning', () => {
    const network = new Network(topo());
    network.delivers = false;
    network.silence('core-1');
    network.run(30 * SECOND);
    const [page] = network.pages();
    const subjects = () =>
      audit(network.state, network.now, network.now).map((each) => each.subject);
    network.now += 59 * SECOND;
    expect(subjects()).toEqual([]);
    network.now += 2 * SECOND;
    expect(subjects()).toEqual(['page:mail']);
    page!.nextAttemptAt = network.now + MINUTE;
    expect(subjects()).toEqual([]);
  });

  test('finds nothing in a channel that is being tried while another one serves, but does when none does', () => {
    const people = topo().people.map((each) => ({ ...each, channelIds: ['mail', 'sms'] }));
    const channels = ['mail', 'sms'].map((id) => ({ id, kind: 'email' as const }));
    const network = new Network({ ...topo(), people, channels });
    network.delivers = false;
    network.silence('core-1');
    network.run(30 * SECOND);
    const [mail, sms] = network.pages();
    network.now += 2 * MINUTE;
    const subjects = () =>
      audit(network.state, network.now, network.now).map((each) => each.subject);
    network.deliver(sms!);
    expect(subjects(), 'nobody tries mail').toEqual(['page:mail']);
    const probe = { ...mail!, id: 'probe', attempts: 7, nextAttemptAt: network.now + 20 * SECOND };
    network.state.pages.set(probe.id, probe);
    expect(subjects(), 'mail is tried, sms has arrived').toEqual([]);
    network.state.pages.get(sms!.id)!.status = 'abandoned';
    expect(subjects(), 'mail is tried, sms has not arrived').toEqual(['page:mail']);
  });

  test('finds a clock past its deadline without a breach, and an engine that stands still', () => {
    const network = new Network(topo());
    network.silence('core-1');
    network.run(MINUTE);
    const later = network.incidents()[0]!.acknowledgeBy + 2 * MINUTE;
    expect(audit(network.state, later, START).map(({ subject }) => subject)).toEqual([
      'engine',
      'clock:inc-000001',
    ]);
  });

  test('what it finds is an incident of tier 2 that pages, for as long as it is found', () => {
    const network = new Network(topo());
    network.run(MINUTE);
    const text = { en: 'pages on sms have not been tried', 'zh-CN': '短信未发送' };
    network.tick([{ kind: 'audit', findings: [{ subject: 'page:sms', text }] }]);
    network.run(20 * SECOND);
    expect(network.incidents()).toMatchObject([{ tier: 2, rootKind: 'paging-stuck' }]);
    expect(network.pageList()).toEqual(['first opened']);
    network.tick([{ kind: 'audit', findings: [] }]);
    network.run(20 * SECOND);
    expect(network.incidents()[0]!.resolvedAt).not.toBeNull();
    expect(network.pageList()).toEqual(['first opened', 'first resolved']);
  });

  test('a journal that is not what was written is an incident of tier 2 until it is', () => {
    const network = new Network(topo());
    network.run(MINUTE);
    const text = { en: 'the journal is damaged at entry 7', 'zh-CN': '日志在第 7 条处损坏' };
    network.tick([{ kind: 'journal-proof', findings: [{ subject: 'journal', text }] }]);
    network.tick([{ kind: 'audit', findings: [] }]);
    network.run(20 * SECOND);
    expect(network.incidents()).toMatchObject([{ tier: 2, rootKind: 'journal-damaged' }]);
    expect(network.pageList()).toEqual(['first opened']);
    network.tick([{ kind: 'journal-proof', findings: [] }]);
    network.run(20 * SECOND);
    expect(network.incidents()[0]!.resolvedAt).not.toBeNull();
  });

  test('a report that reaches nobody is an incident of the lowest tier until it does', () => {
    const network = new Network(topo());
    network.run(MINUTE);
    const text = { en: 'the report of 2026-11 did not reach lead', 'zh-CN': '报告未送达' };
    const findings = [{ subject: 'report:2026-11', text }];
    network.tick([{ kind: 'undelivered-reports', findings }]);
    network.tick([{ kind: 'undelivered-reports', findings }]);
    network.run(20 * SECOND);
    expect(network.incidents()).toMatchObject([{ tier: 4, rootKind: 'report-undelivered' }]);
    network.tick([{ kind: 'audit', findings: [] }]);
    network.run(20 * SECOND);
    expect(network.incidents()[0]!.resolvedAt).toBeNull();
    network.tick([{ kind: 'undelivered-reports', findings: [] }]);
    network.run(20 * SECOND);
    expect(network.incidents()[0]!.resolvedAt).not.toBeNull();
  });
});
