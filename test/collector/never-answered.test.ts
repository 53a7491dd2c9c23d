import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { DevicePoller } from '../../collector/device-poller.ts';
import { SYS_UP_TIME } from '../../collector/heartbeat.ts';
import { POLL_DETAILS } from '../../collector/poll-details.ts';
import { createSelfMetrics } from '../../collector/self-metrics.ts';
import type { SnmpError } from '../../collector/snmp-client.ts';
import type { Credential } from '../../config/model.ts';
import { systemClock } from '../../lib/clock.ts';
import { silentLogger } from '../../lib/logger.ts';
import { askable } from './askable.ts';
import { authPriv, community } from './client-fixtures.ts';
import { config, device } from './collector-fixtures.ts';

const SILENT: SnmpError = { failure: 'timeout', detail: POLL_DETAILS.noReply };
const HINT = 'no reply in time, and none so far: address, port or community may be wrong';

/** A poller of a device that ends each request so; null: it answers. */
function polled(credential: Credential, agent: { error: SnmpError | null }) {
  const none = () => Promise.reject(new Error('not for a heartbeat'));
  const uptime = { oid: SYS_UP_TIME, type: 'time-ticks', value: 7 } as const;
  const answering = askable({
    get: async () => ({ varbinds: [uptime], error: null, rttMs: 2 }),
    ...{ getBulk: none, walk: none },
    close() {},
  });
  const client: typeof answering = {
    ...answering,
    ask(question, deadlineMs, asker, manner) {
      if (agent.error === null) answering.ask(question, deadlineMs, asker, manner);
      else asker.failed(agent.error);
    },
  };
  const watched = device('a', { credentialId: 'c' });
  const log = silentLogger;
  const selfMetrics = createSelfMetrics(new Registry());
  return new DevicePoller(
    { clock: systemClock, log, selfMetrics, profiles: () => [], createClient: () => client },
    config([watched], { c: credential }),
    watched,
  );
}

describe('a device that has never answered', () => {
  it.each(['v1', 'v2c'] as const)('may be asked wrongly, where it is asked by %s', async (by) => {
    const agent = { error: SILENT as SnmpError | null };
    const poller = polled(community('guess', by), agent);
    const first = await poller.heartbeat();
    expect(first).toMatchObject({ outcome: 'timeout', detail: { en: HINT } });
    expect(first.detail['zh-CN']).toContain('地址、端口或团体名可能有误');
    agent.error = null;
    expect(await poller.heartbeat()).toMatchObject({ outcome: 'ok', detail: { en: '' } });
    agent.error = SILENT;
    expect((await poller.heartbeat()).detail).toEqual(POLL_DETAILS.noReply);
  });

  it('is not said to be asked wrongly where the far end says more, or refuses', async () => {
    const refused = { failure: 'refused', detail: POLL_DETAILS.nobodyListens } as const;
    const agent = { error: refused as SnmpError };
    const poller = polled(community('guess'), agent);
    expect((await poller.heartbeat()).detail).toEqual(POLL_DETAILS.nobodyListens);
    agent.error = { failure: 'auth-failed', detail: POLL_DETAILS.accessRefused };
    await poller.heartbeat();
    agent.error = SILENT;
    expect((await poller.heartbeat()).detail).toEqual(POLL_DETAILS.noReply);
  });

  it('by SNMPv3 would say that the user is unknown', async () => {
    const poller = polled(authPriv('monitor', 'auth-pass-1', 'priv-pass-1'), { error: SILENT });
    expect((await poller.heartbeat()).detail).toEqual(POLL_DETAILS.noReply);
  });
});
