import { describe, expect, test } from 'vitest';
import { createInbox } from '../../alerting/channels/inbox.ts';
import { sendTestPage } from '../../alerting/test-page.ts';
import type { Channel } from '../../config/model.ts';
import { systemHttpClient } from '../../lib/http-client.ts';
import { systemMailClient } from '../../lib/mail-client.ts';
import { SECOND } from '../../lib/time.ts';
import { slackWebhook, weComRobot } from './chat-providers.ts';
import { pagerDuty, twilioApi } from './message-providers.ts';
import { configWith, OPENED_AT, person, secret } from './page-fixtures.ts';
import { type Provider, ProviderServer } from './provider-server.ts';

const SID = `AC${'a'.repeat(32)}`;
const base = { id: 'way', timeoutMs: 5 * SECOND } as const;
const transports = { http: systemHttpClient, mail: systemMailClient, inbox: createInbox() };

interface Way {
  readonly name: string;
  readonly provider: Provider;
  readonly channel: (url: (path: string) => string) => Channel;
  readonly address: string | null;
}

const WAYS: readonly Way[] = [
  {
    ...{ name: 'Slack', provider: slackWebhook, address: null },
    channel: (url) => ({
      ...{ ...base, kind: 'slack', url: secret(url('/services/T/B/x')), token: null },
      ...{ room: null, signingSecret: secret('s'), apiUrl: '' },
    }),
  },
  {
    ...{ name: 'WeCom', provider: weComRobot('k'), address: 'zhangsan' },
    channel: (url) => ({ ...base, kind: 'wecom', url: secret(url('/?key=k')) }),
  },
  {
    ...{ name: 'PagerDuty', provider: pagerDuty('R0'), address: null },
    channel: (url) => ({
      ...{ ...base, kind: 'pagerduty', routingKey: secret('R0'), url: url('/v2/enqueue') },
    }),
  },
  {
    ...{ name: 'Twilio', provider: twilioApi(SID, 't'), address: '+8613800138000' },
    channel: (url) => ({
      ...{ ...base, kind: 'twilio-voice', accountSid: SID, authToken: secret('t') },
      ...{ from: '+15005550006', apiUrl: url('') },
    }),
  },
];

describe('a test page', () => {
  test.each(WAYS)('says that it is one, and asks for nothing: $name', async (way) => {
    const { provider, address } = way;
    await using server = await ProviderServer.start(provider);
    const channel = way.channel((path) => server.url(path));
    const contacts = [{ channelId: 'way', address }];
    for (const language of ['en', 'zh-CN'] as const) {
      const config = configWith([channel], [person({ contacts, language })]);
      const who = { personId: 'duty-primary', channelId: 'way' };
      const outcome = await sendTestPage(config, who, transports, OPENED_AT);
      expect(outcome).toMatchObject({ result: 'sent' });
      const { body } = server.requests.at(-1)!;
      const said = decodeURIComponent(body.replaceAll('+', ' '));
      expect(said).toMatch(language === 'en' ? /nothing is wrong|\[Test\]/ : /一切正常|\[测试\]/);
      expect(said).not.toMatch(/\/a\/|Press 1|按 1 键|threenines_acknowledge/);
    }
  });

  test('needs a person with a contact on that channel', async () => {
    const inbox: Channel = { id: 'inbox', kind: 'inbox' };
    const config = configWith([inbox, { ...base, kind: 'teams', url: secret('https://x') }]);
    const ask = (personId: string, channelId: string) =>
      sendTestPage(config, { personId, channelId }, transports, OPENED_AT);
    expect(await ask('nobody', 'inbox')).toMatchObject({ kind: 'no-person' });
    expect(await ask('duty-primary', 'none')).toMatchObject({ kind: 'no-channel' });
    expect(await ask('duty-primary', 'way')).toMatchObject({ kind: 'no-contact' });
    expect(await ask('duty-primary', 'inbox')).toMatchObject({ kind: 'nothing-to-send' });
  });
});
