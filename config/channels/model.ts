import { type DurationMs, MINUTE } from '../../lib/time.ts';
import type { Secret } from '../model.ts';

/** What a channel may be given for one try at most. */
export const LONGEST_TRY_MS: DurationMs = 2 * MINUTE;

interface Named {
  readonly id: string;
}

interface Sends extends Named {
  /** Bound on one try. */
  readonly timeoutMs: DurationMs;
}

export interface InboxChannel extends Named {
  readonly kind: 'inbox';
}

export interface WebhookChannel extends Sends {
  readonly kind: 'webhook';
  readonly url: Secret;
  /** Key of the HMAC-SHA256 signature that the receiver checks. */
  readonly signingKey: Secret;
}

export interface EmailChannel extends Sends {
  readonly kind: 'email';
  readonly host: string;
  readonly port: number;
  readonly security: 'tls' | 'starttls' | 'none';
  readonly from: string;
  readonly user: string | null;
  readonly password: Secret | null;
}

/** An incoming webhook (`url`), or a bot (`token`) that writes to `room` or to the contact's address. */
export interface SlackChannel extends Sends {
  readonly kind: 'slack';
  readonly url: Secret | null;
  readonly token: Secret | null;
  readonly room: string | null;
  /** Verifies what Slack sends when a button is pressed; null: buttons open the acknowledge page. */
  readonly signingSecret: Secret | null;
  readonly apiUrl: string;
}

export interface TeamsChannel extends Sends {
  readonly kind: 'teams';
  readonly url: Secret;
}

export interface DingTalkChannel extends Sends {
  readonly kind: 'dingtalk';
  readonly url: Secret;
  /** Of the robot's "additional signature"; null when it is protected otherwise. */
  readonly signingSecret: Secret | null;
  /** Verifies messages to the robot; null: it takes no replies. */
  readonly appSecret: Secret | null;
}

export interface WeComChannel extends Sends {
  readonly kind: 'wecom';
  readonly url: Secret;
}

export interface FeishuChannel extends Sends {
  readonly kind: 'feishu';
  readonly url: Secret;
  readonly signingSecret: Secret | null;
}

export interface PagerDutyChannel extends Sends {
  readonly kind: 'pagerduty';
  readonly routingKey: Secret;
  readonly url: string;
}

export interface TwilioChannel extends Sends {
  readonly kind: 'twilio-sms' | 'twilio-voice';
  readonly accountSid: string;
  readonly authToken: Secret;
  /** Our number, or (SMS only) a messaging service. */
  readonly from: string;
  readonly apiUrl: string;
}

export interface NtfyChannel extends Sends {
  readonly kind: 'ntfy';
  readonly url: string;
  /** null: each contact names its own topic. */
  readonly topic: Secret | null;
  readonly token: Secret | null;
}

/** How what is filled into a body is escaped. */
export type BodyType = 'json' | 'form' | 'xml' | 'text';

/** Any HTTP interface, such as that of an SMS gateway, by templates. */
export interface HttpChannel extends Sends {
  readonly kind: 'http';
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly url: string;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly bodyType: BodyType;
  readonly body: string;
  /** By the name under which a template asks for them: `{{secret.NAME}}`. */
  readonly secrets: ReadonlyMap<string, Secret>;
  /** Empty: any 2xx. */
  readonly successStatuses: readonly number[];
  /** What a good answer holds; null: the status says it all. */
  readonly successText: string | null;
  readonly successField: { readonly name: string; readonly value: string } | null;
  /** Field of a JSON answer that names the message at the provider. */
  readonly receiptField: string | null;
}

/** A way to reach people, with everything that it needs. */
export type Channel =
  | InboxChannel
  | WebhookChannel
  | EmailChannel
  | SlackChannel
  | TeamsChannel
  | DingTalkChannel
  | WeComChannel
  | FeishuChannel
  | PagerDutyChannel
  | TwilioChannel
  | NtfyChannel
  | HttpChannel;

export type ChannelKind = Channel['kind'];
