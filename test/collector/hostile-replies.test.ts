import dgram from 'node:dgram';
import { describe, expect, it } from 'vitest';
import {
  communityMessage,
  integer,
  type Octets,
  octetString,
  plainV3Message,
  sequence,
  timeTicks,
  tlv,
  varbind,
} from '../../lab/hostile/ber.ts';
import { seededRandom } from '../../lib/random.ts';
import { authPriv, bounds, community, openClient } from './client-fixtures.ts';
import { askOnce, type Request, startHostileAgent } from './hostile-agent.ts';

const UPTIME = '1.3.6.1.2.1.1.3.0';
const COLUMN = '1.3.6.1.2.1.2.2.1.2';
const QUICK = { timeoutMs: 60, retries: 0 };

const right = (request: Request, ticks = 4711): Octets =>
  communityMessage({ requestId: request.id, varbinds: [varbind(UPTIME, timeTicks(ticks))] });

const WRONG_REPLIES: readonly (readonly [string, string, (request: Request) => Octets])[] = [
  ['empty', 'malformed', () => Buffer.alloc(0)],
  ['one octet', 'malformed', () => Buffer.from([0x30])],
  ['cut in the middle', 'malformed', (request) => right(request).subarray(0, 30)],
  ['with an indefinite length', 'malformed', () => Buffer.from([0x30, 0x80, 0, 0])],
  ['with a length beyond its end', 'malformed', (request) => tlv(0x30, right(request), 400)],
  [
    'with a value longer than its varbind',
    'malformed',
    (request) =>
      communityMessage({
        requestId: request.id,
        varbinds: [varbind(UPTIME, tlv(0x04, [1, 2, 3], 9))],
      }),
  ],
  [
    'with a value of an unknown type',
    'malformed',
    (request) =>
      communityMessage({ requestId: request.id, varbinds: [varbind(UPTIME, tlv(0x5f, [1]))] }),
  ],
  [
    'with text in place of the varbinds',
    'malformed',
    (request) =>
      sequence(
        integer(1),
        octetString('public'),
        tlv(0xa2, Buffer.concat([integer(request.id), integer(0), integer(0), octetString('x')])),
      ),
  ],
  [
    'a request',
    'malformed',
    (request) => communityMessage({ tag: 0xa0, requestId: request.id, varbinds: [] }),
  ],
  ['of another id', 'no-pending-request', (request) => right({ ...request, id: request.id + 1 })],
  [
    'of another community',
    'wrong-community',
    (request) =>
      communityMessage({
        requestId: request.id,
        community: 'private',
        varbinds: [varbind(UPTIME, timeTicks(1))],
      }),
  ],
  [
    'of another version',
    'wrong-version',
    (request) =>
      communityMessage({
        requestId: request.id,
        version: 0,
        varbinds: [varbind(UPTIME, timeTicks(1))],
      }),
  ],
];

describe('a reply that is wrong', () => {
  it.each(WRONG_REPLIES)(
    '%s is ignored (%s), and the right one behind it counts',
    async (_, reason, wrong) => {
      await askOnce(
        (request, agent) => {
          agent.reply(request, wrong(request));
          agent.reply(request, right(request));
        },
        async (answer, { count }) => {
          expect(answer.error).toBeNull();
          expect(answer.varbinds).toEqual([{ oid: UPTIME, type: 'time-ticks', value: 4711 }]);
          expect(await count('snmp_ignored_replies_total', { reason })).toBe(1);
        },
      );
    },
  );

  it.each(WRONG_REPLIES)('%s alone is silence', async (_name, _reason, wrong) => {
    await using agent = await startHostileAgent((request, self) =>
      self.reply(request, wrong(request)),
    );
    const { client } = openClient(agent.port, community('public'), QUICK);
    expect((await client.get([UPTIME], bounds())).error?.failure).toBe('timeout');
    client.close();
  });

  it('from another port is ignored, counted, and named', async () => {
    const stranger = dgram.createSocket('udp4');
    await using agent = await startHostileAgent((request) =>
      stranger.send(right(request, 1), request.from.port, request.from.address),
    );
    const { client, count } = openClient(agent.port, community('public'), {
      timeoutMs: 200,
      retries: 0,
    });
    const answer = await client.get([UPTIME], bounds());
    expect(answer.error?.failure).toBe('timeout');
    expect(answer.error?.detail.en).toContain(
      `127.0.0.1:${stranger.address().port} answered instead`,
    );
    expect(await count('snmp_ignored_replies_total', { reason: 'other-port' })).toBe(1);
    client.close();
    stranger.close();
  });

  it('about other objects than asked is a bad response', async () => {
    await askOnce(
      (request, agent) =>
        agent.reply(
          request,
          communityMessage({
            requestId: request.id,
            varbinds: [varbind('1.3.6.1.2.1.1.5.0', octetString('liar'))],
          }),
        ),
      (answer) => expect(answer.error?.failure).toBe('bad-response'),
    );
  });

  it('without varbinds is a bad response', async () => {
    await askOnce(
      (request, agent) =>
        agent.reply(request, communityMessage({ requestId: request.id, varbinds: [] })),
      (answer) => expect(answer.error?.failure).toBe('bad-response'),
    );
  });

  it.each([
    ['an empty integer', tlv(0x43, [])],
    ['an integer of nine octets', tlv(0x02, [1, 2, 3, 4, 5, 6, 7, 8, 9])],
    ['an address of three octets', tlv(0x40, [1, 2, 3])],
  ])('with %s has no value there, never a 0, and keeps its neighbours', async (_, value) => {
    await using agent = await startHostileAgent((request, self) =>
      self.reply(
        request,
        communityMessage({
          requestId: request.id,
          varbinds: [varbind(UPTIME, value), varbind(COLUMN, integer(7))],
        }),
      ),
    );
    const { client } = openClient(agent.port, community('public'), QUICK);
    const answer = await client.get([UPTIME, COLUMN], bounds());
    expect(answer.error).toBeNull();
    expect(answer.varbinds.map((found) => found.value)).toEqual([null, 7]);
    client.close();
  });

  it('with fewer varbinds than asked lacks those, each for itself', async () => {
    await using agent = await startHostileAgent((request, self) =>
      self.reply(request, right(request)),
    );
    const { client } = openClient(agent.port, community('public'), QUICK);
    const answer = await client.get([UPTIME, COLUMN], bounds());
    expect(answer).toMatchObject({ error: null, varbinds: [{ oid: UPTIME }, { oid: COLUMN }] });
    expect(answer.varbinds.map(({ value }) => value)).toEqual([4711, null]);
    expect(answer.unread).toMatchObject([{ oid: COLUMN, error: { failure: 'bad-response' } }]);
    client.close();
  });

  it('with nothing of what was asked is a bad response', async () => {
    await using agent = await startHostileAgent((request, self) =>
      self.reply(request, right(request)),
    );
    const { client, count } = openClient(agent.port, community('public'), QUICK);
    const answer = await client.get([COLUMN], bounds());
    expect(answer).toMatchObject({ varbinds: [], error: { failure: 'bad-response' } });
    expect(await count('poll_values_rejected_total', { reason: 'not-asked' })).toBe(1);
    client.close();
  });

  it('with octets behind its end is read to its end', async () => {
    await askOnce(
      (request, agent) =>
        agent.reply(request, Buffer.concat([right(request), varbind(COLUMN, integer(1))])),
      (answer) => expect(answer.varbinds).toHaveLength(1),
    );
  });

  it('to an earlier try still counts', async () => {
    await using agent = await startHostileAgent((_, self) => {
      if (self.requests.length === 2) self.reply(self.requests[0]!, right(self.requests[0]!, 1));
    });
    const { client } = openClient(agent.port, community('public'), { timeoutMs: 100, retries: 1 });
    const answer = await client.get([UPTIME], bounds());
    expect(answer.varbinds[0]?.value).toBe(1);
    client.close();
  });
});

describe('random octets', () => {
  it('never crash and never count as a reply', async () => {
    const random = seededRandom(20_261_122);
    await askOnce(
      (request, agent) => {
        // More at once would be dropped by the system before anybody looks at them.
        for (let sent = 0; sent < 60; sent += 1) {
          const cut = right(request).subarray(0, Math.floor(random.next() * 40));
          agent.reply(request, cut);
          agent.reply(request, Buffer.from(random.bytes(Math.floor(random.next() * 200))));
        }
        agent.reply(request, right(request));
      },
      (answer) => expect(answer.varbinds).toHaveLength(1),
    );
  });
});

describe('a v3 device that is asked authenticated and encrypted', () => {
  const ENGINE = Buffer.from('800000000102030405', 'hex');
  const REPORT_UNKNOWN_ENGINE = varbind('1.3.6.1.6.3.15.1.1.4.0', integer(1, 0x41));

  it('is not believed when it answers in the clear', async () => {
    await using agent = await startHostileAgent((request, self) => {
      const parts = { messageId: request.id, requestId: 1, engineId: ENGINE, user: 'monitor' };
      if (self.requests.length === 1) {
        self.reply(
          request,
          plainV3Message({
            ...parts,
            user: '',
            flags: 0,
            tag: 0xa8,
            varbinds: [REPORT_UNKNOWN_ENGINE],
          }),
        );
        return;
      }
      const forged = [varbind('1.3.6.1.2.1.1.5.0', octetString('FORGED'))];
      self.reply(request, plainV3Message({ ...parts, flags: 0, varbinds: forged }));
      self.reply(request, plainV3Message({ ...parts, flags: 1, varbinds: forged }));
      // A report that is not about security is no excuse either.
      self.reply(request, plainV3Message({ ...parts, flags: 0, tag: 0xa8, varbinds: forged }));
    });
    const credential = authPriv('monitor', 'authentication pass', 'privacy pass phrase');
    const { client, count } = openClient(agent.port, credential, { timeoutMs: 300, retries: 0 });
    const answer = await client.get(['1.3.6.1.2.1.1.5.0'], bounds());
    expect(answer.varbinds).toEqual([]);
    expect(answer.error?.failure).toBe('timeout');
    expect(answer.error?.detail.en).toContain('check the privacy password');
    expect(await count('snmp_ignored_replies_total', { reason: 'security-downgrade' })).toBe(2);
    expect(await count('snmp_ignored_replies_total', { reason: 'wrong-digest' })).toBe(1);
    client.close();
  });
});
