import { describe, expect, it } from 'vitest';
import {
  communityMessage,
  END_OF_MIB_VIEW,
  integer,
  octetString,
  varbind,
} from '../../lab/hostile/ber.ts';
import { bounds, community, openClient } from './client-fixtures.ts';
import { askOnce, type HostileAgent, type Request, startHostileAgent } from './hostile-agent.ts';

const COLUMN = '1.3.6.1.2.1.2.2.1.2';

describe('an agent that walks wrongly', () => {
  /** Answers every GETBULK with these instances of the column, as many as fit the test. */
  const instances = (request: Request, indexes: readonly number[]) =>
    communityMessage({
      requestId: request.id,
      varbinds: indexes.map((index) => varbind(`${COLUMN}.${index}`, octetString(`p${index}`))),
    });

  it('in a circle is stopped at the first step back, and what came before is kept', async () => {
    await using agent = await startHostileAgent((request, self) =>
      self.reply(request, instances(request, self.requests.length === 1 ? [1, 2, 3] : [2, 3])),
    );
    const { client } = openClient(agent.port, community('public'));
    const answer = await client.walk(COLUMN, 1000, bounds());
    expect(answer.error?.failure).toBe('not-increasing');
    expect(answer.varbinds.map((found) => found.oid)).toEqual(
      [1, 2, 3].map((index) => `${COLUMN}.${index}`),
    );
    client.close();
  });

  it('without end is stopped at the row cap', async () => {
    await using agent = await startHostileAgent((request, self) => {
      const first = self.requests.length * 10;
      self.reply(request, instances(request, [first, first + 1, first + 2]));
    });
    const { client } = openClient(agent.port, community('public'));
    const answer = await client.walk(COLUMN, 100, bounds());
    expect(answer.error?.failure).toBe('row-cap');
    expect(answer.varbinds).toHaveLength(100);
    client.close();
  });

  it('without end is stopped by the deadline', async () => {
    await using agent = await startHostileAgent((request, self) => {
      const first = self.requests.length * 10;
      self.reply(request, instances(request, [first]));
    });
    const { client } = openClient(agent.port, community('public'));
    const answer = await client.walk(COLUMN, 1e9, bounds(300));
    expect(answer.error?.failure).toBe('deadline');
    client.close();
  });

  it('is left when the walk is called off', async () => {
    const abort = new AbortController();
    await using agent = await startHostileAgent((request, self) => {
      if (self.requests.length === 3) abort.abort();
      else self.reply(request, instances(request, [self.requests.length]));
    });
    const { client } = openClient(agent.port, community('public'));
    const answer = await client.walk(COLUMN, 1000, bounds(20_000, abort.signal));
    expect(answer.error?.failure).toBe('aborted');
    expect(answer.varbinds).toHaveLength(2);
    client.close();
  });

  it('and says "too big" is asked for less', async () => {
    await using agent = await startHostileAgent((request, self) => {
      const isFirst = self.requests.length < 3;
      self.reply(
        request,
        communityMessage({
          requestId: request.id,
          errorStatus: isFirst ? 1 : 0,
          varbinds: isFirst ? [] : [varbind(COLUMN, END_OF_MIB_VIEW)],
        }),
      );
    });
    const { client } = openClient(agent.port, community('public'));
    expect((await client.walk(COLUMN, 1000, bounds())).error).toBeNull();
    expect(agent.requests).toHaveLength(3);
    expect((await client.getBulk([COLUMN], 20, bounds())).error).toBeNull();
    client.close();
  });
});

describe('an agent that refuses', () => {
  const objects = [1, 2, 3, 4].map((number) => `1.3.6.1.2.1.1.${number}.0`);

  /** Refuses `bad`, with or without saying which; answers the rest. */
  const refusing =
    (bad: string, status: number, says: boolean) => (request: Request, agent: HostileAgent) => {
      const wanted = objects.filter((name) => request.octets.includes(oidOctets(name)));
      const place = wanted.indexOf(bad);
      agent.reply(
        request,
        communityMessage({
          requestId: request.id,
          version: 0,
          errorStatus: place === -1 ? 0 : status,
          errorIndex: place === -1 || !says ? 0 : place + 1,
          varbinds: wanted.map((name) => varbind(name, integer(1))),
        }),
      );
    };

  it.each([
    ['noSuchName', 2, true, 'no-such-instance'],
    ['noSuchName without saying for what', 2, false, 'no-such-instance'],
    // Not to be had is not the same as not there.
    ['genErr', 5, true, 'null'],
    ['genErr without saying for what', 5, false, 'null'],
  ])('one object of a v1 GET with %s answers the others', async (_, status, says, type) => {
    await using agent = await startHostileAgent(refusing(objects[2]!, status, says));
    const { client } = openClient(agent.port, community('public', 'v1'));
    const answer = await client.get(objects, bounds());
    expect(answer.error).toBeNull();
    expect(answer.varbinds.map((found) => found.type)).toEqual([
      'integer',
      'integer',
      type,
      'integer',
    ]);
    const unread = (answer.unread ?? []).map(({ oid, error }) => [oid, error.detail.en]);
    expect(unread).toEqual(type === 'null' ? [[objects[2], 'the device answered genErr']] : []);
    client.close();
  });

  it('everything ends, whatever it says', async () => {
    await using agent = await startHostileAgent((request, self) =>
      self.reply(
        request,
        communityMessage({ requestId: request.id, errorStatus: 2, errorIndex: 99, varbinds: [] }),
      ),
    );
    const { client } = openClient(agent.port, community('public'));
    const answer = await client.get(objects, bounds());
    expect(answer.varbinds.every((found) => found.value === null)).toBe(true);
    client.close();
  });

  it('with "too big" is a failure of its own', async () => {
    await askOnce(
      (request, agent) =>
        agent.reply(
          request,
          communityMessage({ requestId: request.id, errorStatus: 1, varbinds: [] }),
        ),
      (answer) => expect(answer.error?.failure).toBe('too-big'),
    );
  });

  it('access is an authentication failure', async () => {
    await askOnce(
      (request, agent) =>
        agent.reply(
          request,
          communityMessage({ requestId: request.id, errorStatus: 16, varbinds: [] }),
        ),
      (answer) => expect(answer.error?.failure).toBe('auth-failed'),
    );
  });
});

function oidOctets(name: string): Buffer {
  return varbind(name, Buffer.alloc(0)).subarray(2);
}
