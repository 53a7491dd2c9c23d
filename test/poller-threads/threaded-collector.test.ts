import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LabProcess } from '../../lab/process.ts';
import { systemClock } from '../../lib/clock.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import { VirtualClock } from '../../lib/virtual-clock.ts';
import { AUTH_PASSWORD, COMMUNITY, PRIV_PASSWORD } from '../lab/demo-network.ts';
import {
  FRAGILE_ENTRY,
  labConfig,
  labDevices,
  QUICK,
  startAgents,
  startThreaded,
} from './thread-rig.ts';

let lab: LabProcess;
beforeAll(async () => {
  lab = await startAgents();
});
afterAll(() => lab.stop());

/** Nothing else happens in this thread for so long. */
function holdUp(durationMs: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, durationMs);
}

const textOf = (pieces: Iterable<string | Uint8Array>) =>
  Array.from(pieces, (piece) => Buffer.from(piece).toString()).join('');

describe('a poller thread', () => {
  it('polls, shows and answers like a collector in the main thread', async () => {
    const { collector, next, metric, observations } = startThreaded(
      labDevices(lab, ['core-1', 'acc-north-1']),
    );
    const full = await collector.pollNow('core-1');
    expect(full).toMatchObject({ deviceId: 'core-1', kind: 'full', outcome: 'ok' });
    expect(observations).toContainEqual(full);
    await next(({ deviceId, kind }) => deviceId === 'acc-north-1' && kind === 'full');
    await next(({ deviceId, kind }) => deviceId === 'acc-north-1' && kind === 'heartbeat');
    expect(collector.isAtWork()).toBe(true);
    expect((await collector.view.detail('core-1'))?.ports.length).toBeGreaterThan(3);
    const explanation = await collector.view.explain('core-1');
    expect(explanation).toMatchObject({ deviceId: 'core-1', snmpVersion: 'v3' });
    expect(explanation?.plan?.cost.requestCount).toBeGreaterThan(0);
    const snmp = await collector.view.renderSnmp('acc-north-1', ['if_mib']);
    expect(textOf(snmp!)).toContain('ifOperStatus{');
    expect(collector.view.isHeard('acc-north-1')).toBe(true);
    const all = textOf(collector.view.renderAll());
    for (const id of ['core-1', 'acc-north-1']) {
      expect(all).toContain(`threenines_device_up{device="${id}",`);
      const age = new RegExp(`threenines_poll_age_seconds\\{device="${id}",.*\\} (\\S+)`).exec(all);
      expect(Number(age?.[1])).toBeLessThan(10);
      expect(collector.view.renderDevice(id)).toContain('threenines_interface_oper_status{');
    }
    expect(await metric('threenines_polls_total')).toBeGreaterThanOrEqual(observations.length);
    expect(await metric('threenines_observed_devices')).toBe(2);
    expect(await metric('threenines_poller_threads')).toBe(1);
  });

  it('knows nothing of devices that are not configured', async () => {
    const { collector } = startThreaded(labDevices(lab, ['acc-north-1']));
    expect(await collector.pollNow('core-1')).toBeNull();
    expect(await collector.view.detail('core-1')).toBeNull();
    expect(await collector.view.explain('core-1')).toBeNull();
    expect(await collector.view.renderSnmp('core-1', ['if_mib'])).toBeNull();
    expect(collector.view.renderDevice('core-1')).toBeNull();
  });

  it('goes on polling in time while the main thread is held up', async () => {
    const { observations, next } = startThreaded(labDevices(lab, ['acc-north-1']));
    await next(({ kind }) => kind === 'full');
    const from = systemClock.now();
    holdUp(2 * SECOND);
    const to = systemClock.now();
    await next(({ startedAt }) => startedAt >= to);
    const meanwhile = observations.filter((each) => each.startedAt >= from && each.startedAt < to);
    const planned = (to - from) / QUICK.heartbeatMs;
    expect(meanwhile.length).toBeGreaterThan(planned / 2);
    expect(meanwhile.some(({ kind }) => kind === 'full')).toBe(true);
    const starts = observations.map(({ startedAt }) => startedAt);
    expect(starts).toEqual(starts.toSorted((a, b) => a - b));
  });

  it('that crashes starts again, and meanwhile its devices show what was told last', async () => {
    const crashing = startThreaded(labDevices(lab, ['acc-north-1']), { entry: FRAGILE_ENTRY });
    const { collector, next, metric, logLines, observations } = crashing;
    await next(({ kind }) => kind === 'full');
    const asked = collector.pollNow('acc-north-1');
    expect(await collector.view.renderSnmp('acc-north-1', ['crash'])).toBeNull();
    await asked;
    expect(collector.isAtWork()).toBe(false);
    for (const text of [
      textOf(collector.view.renderAll()),
      collector.view.renderDevice('acc-north-1'),
    ]) {
      expect(text).toContain('threenines_device_up{device="acc-north-1",');
      expect(text).toContain('threenines_interface_oper_status{');
    }
    expect(await collector.view.detail('acc-north-1')).toBeNull();
    expect(await metric('threenines_poller_threads')).toBe(0);
    expect(await metric('threenines_polls_running')).toBe(0);
    expect(await metric('threenines_poller_thread_failures_total')).toBe(1);
    expect(logLines.join()).toContain('a defect on purpose');
    const before = observations.length;
    await next(({ kind }) => kind === 'full');
    expect(observations.slice(before).every(({ outcome }) => outcome === 'ok')).toBe(true);
    expect(collector.isAtWork()).toBe(true);
    expect(textOf(collector.view.renderAll())).toContain('threenines_interface_oper_status{');
  });

  it('that has ended leaves what it told for two minutes, and no longer', async () => {
    const clock = new VirtualClock(systemClock.now());
    const overrides = { clock, entry: FRAGILE_ENTRY };
    const { collector, next, metric } = startThreaded(labDevices(lab, ['acc-north-1']), overrides);
    await next(({ kind }) => kind === 'full');
    const asked = collector.view.renderSnmp('acc-north-1', ['crash']);
    while ((await metric('threenines_poller_thread_failures_total')) === 0)
      await new Promise((resolve) => setImmediate(resolve));
    expect(await asked).toBeNull();
    // Its successor begins at the first of these steps, and can say nothing before the last.
    const shown = () => textOf(collector.view.renderAll());
    clock.advance(2 * MINUTE - 1);
    expect(shown()).toContain('threenines_device_up{device=');
    clock.advance(1);
    expect(shown()).not.toContain('threenines_device_up{device=');
  });

  it('that hangs is ended and starts again', async () => {
    const clock = new VirtualClock(systemClock.now());
    const { collector, next, metric } = startThreaded(labDevices(lab, ['acc-north-1']), {
      clock,
      entry: FRAGILE_ENTRY,
    });
    await next(({ kind }) => kind === 'full');
    const asked = collector.view.renderSnmp('acc-north-1', ['hang']);
    while ((await metric('threenines_poller_thread_failures_total')) === 0) {
      clock.advance(SECOND);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await asked).toBeNull();
    const again = next(({ kind, outcome }) => kind === 'full' && outcome === 'ok');
    clock.advance(SECOND);
    await again;
    expect(await metric('threenines_poller_threads')).toBe(1);
  });

  it('that hangs is said to be silent long before it is ended, and nobody waits for it', async () => {
    const clock = new VirtualClock(systemClock.now());
    const { collector, next, metric, logLines } = startThreaded(labDevices(lab, ['acc-north-1']), {
      clock,
      entry: FRAGILE_ENTRY,
    });
    await next(({ kind }) => kind === 'full');
    const asked = collector.view.renderSnmp('acc-north-1', ['hang']);
    for (let seconds = 0; seconds < 16; seconds += 1) {
      clock.advance(SECOND);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await asked).toBeNull();
    expect(await metric('threenines_poller_threads')).toBe(0);
    expect(await metric('threenines_poller_thread_failures_total')).toBe(0);
    expect(logLines.join()).toContain('a poller thread is not heard of');
    expect(collector.view.isHeard('acc-north-1')).toBe(false);
    expect(await collector.view.renderSnmp('acc-north-1', ['if_mib'])).toBeNull();
    expect(await collector.view.detail('acc-north-1')).toBeNull();
    while ((await metric('threenines_poller_thread_failures_total')) === 0) {
      clock.advance(SECOND);
      await new Promise((resolve) => setImmediate(resolve));
    }
  });

  it('takes over another configuration', async () => {
    const { collector, next, observations } = startThreaded(
      labDevices(lab, ['acc-north-1', 'acc-north-2']),
    );
    await Promise.all([
      next(({ deviceId, kind }) => deviceId === 'acc-north-1' && kind === 'full'),
      next(({ deviceId, kind }) => deviceId === 'acc-north-2' && kind === 'full'),
    ]);
    collector.reconfigure(
      labConfig(labDevices(lab, ['acc-north-2', 'core-1'], { siteId: 'site-b' })),
    );
    expect(collector.view.renderDevice('acc-north-1')).toBeNull();
    await next(({ deviceId, kind }) => deviceId === 'core-1' && kind === 'full');
    const seen = observations.length;
    await next(({ deviceId, kind }) => deviceId === 'acc-north-2' && kind === 'full');
    expect(observations.slice(seen).some(({ deviceId }) => deviceId === 'acc-north-1')).toBe(false);
    const all = textOf(collector.view.renderAll());
    expect(all).toContain('threenines_device_up{device="acc-north-2",site="site-b"');
    expect(all).not.toContain('acc-north-1');
  });

  it('that stops tells what it has learned, and observes no more', async () => {
    const { collector, next, observations, saved } = startThreaded(labDevices(lab, ['core-1']));
    await next(({ kind }) => kind === 'full');
    const asked = collector.pollNow('core-1');
    const stopping = collector.stop();
    const seen = observations.length;
    expect(await asked).toBeNull();
    await stopping;
    expect(observations).toHaveLength(seen);
    expect(saved.at(-1)).toContain('core-1');
    expect(collector.isAtWork()).toBe(false);
    expect(textOf(collector.view.renderAll())).toBe('');
    expect(await collector.pollNow('core-1')).toBeNull();
  });
});

describe('several poller threads', () => {
  it('share the devices, and what they say comes together', async () => {
    const ids = ['acc-north-1', 'acc-north-2', 'acc-north-3', 'acc-south-1', 'core-1', 'core-2'];
    const { collector, next, metric, saved } = startThreaded(labDevices(lab, ids), {
      threadCount: 2,
    });
    await Promise.all(
      ids.map((id) => next(({ deviceId, kind }) => deviceId === id && kind === 'full')),
    );
    expect(await metric('threenines_poller_threads')).toBe(2);
    expect(await metric('threenines_observed_devices')).toBe(ids.length);
    const all = textOf(collector.view.renderAll());
    for (const id of ids) expect(all).toContain(`threenines_device_info{device="${id}",`);
    expect(all.match(/^# TYPE threenines_device_info/gm)).toHaveLength(1);
    await collector.stop();
    for (const id of ids) expect(saved.at(-1)).toContain(`"${id}"`);
  });
});

describe('what crosses to a thread', () => {
  it('is said nowhere, though the thread needs it', async () => {
    const { collector, next, logLines, registry } = startThreaded(
      labDevices(lab, ['core-1', 'acc-north-1']),
      { entry: FRAGILE_ENTRY },
    );
    await next(({ kind, outcome }) => kind === 'full' && outcome === 'ok');
    await collector.view.renderSnmp('core-1', ['crash']);
    await next(({ kind }) => kind === 'full');
    const said = [
      logLines.join('\n'),
      await registry.metrics(),
      JSON.stringify(await collector.view.detail('core-1')),
      JSON.stringify(await collector.view.explain('core-1')),
      textOf(collector.view.renderAll()),
    ].join('\n');
    for (const secret of [AUTH_PASSWORD, PRIV_PASSWORD, `"${COMMUNITY}"`])
      expect(said).not.toContain(secret);
  });
});
