import type { Channel } from '../../config/channels/model.ts';
import type { HttpClient } from '../../lib/http-client.ts';
import type { MailClient } from '../../lib/mail-client.ts';
import type { EpochMs } from '../../lib/time.ts';
import { sendToDingTalk } from './dingtalk.ts';
import { sendByEmail } from './email.ts';
import { sendToFeishu } from './feishu.ts';
import { sendByTemplate } from './http-template.ts';
import { type Inbox, sendToInbox } from './inbox.ts';
import { sendToNtfy } from './ntfy.ts';
import type { ChannelOutcome, OutgoingPage } from './outgoing-page.ts';
import { sendToPagerDuty } from './pagerduty.ts';
import { sendToSlack } from './slack.ts';
import { sendToTeams } from './teams.ts';
import { sendByTwilio } from './twilio.ts';
import { sendToWebhook } from './webhook.ts';
import { sendToWeCom } from './wecom.ts';

/** What channels send through. */
export interface Transports {
  readonly http: HttpClient;
  readonly mail: MailClient;
  readonly inbox: Inbox;
}

/** One try of one page on its channel. */
export async function sendOn(
  channel: Channel,
  outgoing: OutgoingPage,
  { http, mail, inbox }: Transports,
  { publicUrl, now }: { readonly publicUrl: string | null; readonly now: EpochMs },
): Promise<ChannelOutcome> {
  switch (channel.kind) {
    case 'inbox':
      return sendToInbox(inbox, outgoing, now);
    case 'email':
      return sendByEmail(channel, outgoing, mail);
    case 'webhook':
      return sendToWebhook(channel, outgoing, http, now);
    case 'slack':
      return sendToSlack(channel, outgoing, http, now);
    case 'teams':
      return sendToTeams(channel, outgoing, http, now);
    case 'dingtalk':
      return sendToDingTalk(channel, outgoing, http, now);
    case 'wecom':
      return sendToWeCom(channel, outgoing, http, now);
    case 'feishu':
      return sendToFeishu(channel, outgoing, http, now);
    case 'pagerduty':
      return sendToPagerDuty(channel, outgoing, http, now);
    case 'twilio-sms':
    case 'twilio-voice':
      return sendByTwilio(channel, outgoing, http, { publicUrl, now });
    case 'ntfy':
      return sendToNtfy(channel, outgoing, http, now);
    case 'http':
      return sendByTemplate(channel, outgoing, http, now);
  }
}
