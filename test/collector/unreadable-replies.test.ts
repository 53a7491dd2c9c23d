import dgram from 'node:dgram';
import { describe, expect, it } from 'vitest';
import { POLL_DETAILS } from '../../collector/poll-details.ts';
import { newUnreadableSenders } from '../../collector/transport/unreadable-senders.ts';
import { bounds, type ClientOptions, community, openClient } from './client-fixtures.ts';
import { startHostileAgent } from './hostile-agent.ts';

const UPTIME = '1.3.6.1.2.1.1.3.0';
const GARBAGE = 'not a message';

async function errorOf(port: number, options: ClientOptions = {}) {
  const { client, count } = openClient(port, community('public'), {
    timeoutMs: 60,
    retries: 1,
    ...options,
  });
  const { error } = await client.get([UPTIME], bounds());
  client.close();
  return { error, malformed: await count('snmp_ignored_replies_total', { reason: 'malformed' }) };
}

describe('a device that answers what cannot be read', () => {
  it.each(['127.0.0.1', '::1'])('at %s is silent, and the detail says why', async (address) => {
    await using agent = await startHostileAgent(
      (request, self) => self.reply(request, Buffer.from(GARBAGE)),
      address,
    );
    const { error } = await errorOf(agent.port, { address });
    expect(error?.failure).toBe('timeout');
    expect(error?.detail).toEqual(POLL_DETAILS.unreadableReplies);
  });

  it('is not what somebody else sends', async () => {
    const stranger = dgram.createSocket('udp4');
    await using agent = await startHostileAgent((request) =>
      stranger.send(GARBAGE, request.from.port, request.from.address),
    );
    const { error, malformed } = await errorOf(agent.port);
    expect(malformed).toBeGreaterThan(0);
    expect(error?.detail).toEqual(POLL_DETAILS.noReply);
    stranger.close();
  });
});

describe('senders of what cannot be read', () => {
  it('are known by address and port, and only since they were last heard', () => {
    const senders = newUnreadableSenders();
    senders.note({ address: '192.0.2.1', port: 161 }, 1_000);
    expect(senders.hasSentSince('192.0.2.1', 161, 1_000)).toBe(true);
    expect(senders.hasSentSince('192.0.2.1', 161, 1_001)).toBe(false);
    expect(senders.hasSentSince('192.0.2.1', 162, 1_000)).toBe(false);
    expect(senders.hasSentSince('192.0.2.2', 161, 1_000)).toBe(false);
  });

  it('are compared as addresses, not as texts', () => {
    const senders = newUnreadableSenders();
    senders.note({ address: 'fe80::1%eth0', port: 161 }, 0);
    senders.note({ address: '::ffff:192.0.2.1', port: 161 }, 0);
    expect(senders.hasSentSince('fe80::1', 161, 0)).toBe(true);
    expect(senders.hasSentSince('192.0.2.1', 161, 0)).toBe(true);
  });

  it('push out those heard of longest ago when there are too many', () => {
    const senders = newUnreadableSenders(2);
    const note = (last: number) => senders.note({ address: `192.0.2.${last}`, port: 161 }, 0);
    for (const last of [1, 2, 1, 3]) note(last);
    const known = [1, 2, 3].filter((last) => senders.hasSentSince(`192.0.2.${last}`, 161, 0));
    expect(known).toEqual([1, 3]);
  });
});
