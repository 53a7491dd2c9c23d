import { onTestFinished } from 'vitest';
import { acknowledgeLinks } from '../../alerting/acknowledge-link.ts';
import { createInbox } from '../../alerting/channels/inbox.ts';
import type { ChannelOutcome } from '../../alerting/channels/outgoing-page.ts';
import { deliverPage } from '../../alerting/page-delivery.ts';
import type { Page } from '../../alerting/state.ts';
import type { Channel, Config, Person } from '../../config/model.ts';
import { systemHttpClient } from '../../lib/http-client.ts';
import { systemMailClient } from '../../lib/mail-client.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import { configWith, facts, OPENED_AT, person, queuedPage } from './page-fixtures.ts';
import { type Provider, ProviderServer } from './provider-server.ts';

export const now = () => OPENED_AT + MINUTE;

export interface Sending {
  readonly address?: string | null;
  readonly page?: Partial<Page>;
  readonly person?: Partial<Person>;
  readonly publicUrl?: string | null;
}

export interface Sender {
  (sending?: Sending): Promise<ChannelOutcome>;
  readonly server: ProviderServer;
  /** Of the last request, as JSON of any shape. */
  // biome-ignore lint/suspicious/noExplicitAny: bodies of many shapes
  lastBody(): any;
  lastForm(): URLSearchParams;
}

/** Starts the provider, until the test ends, and gives what sends one page to it. */
export async function withProvider(
  provider: Provider,
  channelAt: (server: ProviderServer) => Channel,
): Promise<Sender> {
  const server = await ProviderServer.start(provider);
  onTestFinished(() => server[Symbol.asyncDispose]());
  const channel = channelAt(server);
  const send = async (sending: Sending = {}): Promise<ChannelOutcome> => {
    const { address = null, page = {}, publicUrl = null } = sending;
    const contacts = [{ channelId: channel.id, address }];
    const plain = configWith([channel], [person({ contacts, ...sending.person })]);
    const config: Config = { ...plain, service: { ...plain.service, publicUrl } };
    const parts = {
      ...{ http: systemHttpClient, mail: systemMailClient, inbox: createInbox() },
      linksFor: acknowledgeLinks('key'),
    };
    return deliverPage(queuedPage({ channelId: channel.id, ...page }), config, parts, now());
  };
  const body = () => server.requests.at(-1)?.body ?? '';
  return Object.assign(send, {
    server,
    lastBody: () => JSON.parse(body()),
    lastForm: () => new URLSearchParams(body()),
  });
}

export const base = { id: 'chat', timeoutMs: 5 * SECOND } as const;

export const HOSTILE = facts({
  rootDeviceName: '<!channel> @all [x](http://evil.example) **b** <at user_id="all">',
  siteName: '<Say>"site" & co</Say>',
});
