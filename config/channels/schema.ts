import Type, { type Static } from 'typebox';
import { choice, duration, id, listOf, port, secret, section, text } from '../schema-terms.ts';

const channelId = id('channel id', 'Name that contacts and steps refer to.', 'mail');
const timeout = Type.Optional(duration('How long one try may take; 10s when left out.'));

function kind<const Kind extends string>(name: Kind, description: string) {
  return choice('kind', [name], `${name}: ${description}`);
}

function webAddress(description: string) {
  return Type.Optional(
    Type.String({
      title: 'web address',
      description,
      pattern: '^https?://[^\\s@?#]{1,300}$',
      $comment: 'an address that begins with https:// (or http://), without password or query',
    }),
  );
}

const InboxEntry = section({
  id: channelId,
  kind: kind('inbox', 'pages appear in the console only.'),
});

const WebhookEntry = section({
  id: channelId,
  kind: kind('webhook', 'an HTTP POST of JSON.'),
  url: secret('Address that receives the POST; often holds a token.'),
  signingKey: secret('Key of the HMAC-SHA256 signature that the receiver checks.'),
  timeout,
});

const EmailEntry = section({
  id: channelId,
  kind: kind('email', 'through an SMTP server.'),
  host: Type.String({
    title: 'mail server',
    description: 'Name or address of the SMTP server.',
    pattern: '^[A-Za-z0-9.:_-]{1,253}$',
    examples: ['mail.example.org'],
  }),
  port: Type.Optional(port('465 for tls, 587 for starttls, 25 for none when left out.')),
  security: Type.Optional(
    choice(
      'security',
      ['tls', 'starttls', 'none'],
      'How the connection is protected; starttls when left out. none only on your own network.',
    ),
  ),
  from: text('Sender address of the pages.', { minLength: 3 }),
  user: Type.Optional(text('User name at the server, if it asks for one.', { minLength: 1 })),
  password: Type.Optional(secret('Password at the server, if it asks for one.')),
  timeout,
});

const SlackEntry = section({
  id: channelId,
  kind: kind('slack', 'an incoming webhook (url), or a bot (token).'),
  url: Type.Optional(secret('Address of the incoming webhook. Either this or a token.')),
  token: Type.Optional(secret('Bot token (xoxb-…) with chat:write. Either this or a url.')),
  room: Type.Optional(
    Type.String({
      title: 'Slack channel',
      description: 'Id of the Slack channel for contacts without an address; with a token only.',
      pattern: '^[A-Z][A-Z0-9]{4,30}$',
      $comment: 'an id such as C0123456789, as "Copy link" shows it',
    }),
  ),
  signingSecret: Type.Optional(
    secret('Signing secret of the app: its buttons then acknowledge without opening a page.'),
  ),
  apiUrl: webAddress('Base of the Web API; https://slack.com/api when left out.'),
  timeout,
});

const TeamsEntry = section({
  id: channelId,
  kind: kind('teams', 'a Microsoft Teams workflow that posts to a chat or channel.'),
  url: secret('Address of the workflow "When a Teams webhook request is received".'),
  timeout,
});

const DingTalkEntry = section({
  id: channelId,
  kind: kind('dingtalk', 'a DingTalk (钉钉) group robot.'),
  url: secret('Webhook address of the robot, with its access_token.'),
  signingSecret: Type.Optional(secret('The SEC… secret, when the robot is secured by signing.')),
  appSecret: Type.Optional(
    secret('AppSecret of the robot, when it takes messages: replies then acknowledge.'),
  ),
  timeout,
});

const WeComEntry = section({
  id: channelId,
  kind: kind('wecom', 'a WeCom (企业微信) group robot.'),
  url: secret('Webhook address of the robot, with its key.'),
  timeout,
});

const FeishuEntry = section({
  id: channelId,
  kind: kind('feishu', 'a Feishu (飞书) or Lark custom bot.'),
  url: secret('Webhook address of the bot.'),
  signingSecret: Type.Optional(secret('Secret, when the bot is secured by signature.')),
  timeout,
});

const PagerDutyEntry = section({
  id: channelId,
  kind: kind('pagerduty', 'PagerDuty Events API v2.'),
  routingKey: secret('Integration key of the service.'),
  url: webAddress('https://events.pagerduty.com/v2/enqueue when left out.'),
  timeout,
});

const twilio = {
  accountSid: Type.String({
    title: 'account SID',
    description: 'Account SID of Twilio.',
    pattern: '^AC[0-9a-f]{32}$',
    $comment: 'AC and 32 hexadecimal digits, as the Twilio console shows it',
  }),
  authToken: secret('Auth token of the account; it also verifies what Twilio sends.'),
  apiUrl: webAddress('https://api.twilio.com when left out.'),
  timeout,
};
const NUMBER = '\\+[1-9][0-9]{5,14}';

const TwilioSmsEntry = section({
  id: channelId,
  kind: kind('twilio-sms', 'short messages through Twilio.'),
  from: Type.String({
    title: 'sender',
    description: 'Your number, or the SID of a messaging service.',
    pattern: `^(${NUMBER}|MG[0-9a-f]{32}|[A-Za-z0-9 ]{1,11})$`,
    $comment: 'a number such as +15005550006, a sender name, or MG and 32 hexadecimal digits',
  }),
  ...twilio,
});

const TwilioVoiceEntry = section({
  id: channelId,
  kind: kind('twilio-voice', 'telephone calls through Twilio.'),
  from: Type.String({
    title: 'caller',
    description: 'Your number.',
    pattern: `^${NUMBER}$`,
    $comment: 'a number such as +15005550006',
  }),
  ...twilio,
});

const NtfyEntry = section({
  id: channelId,
  kind: kind('ntfy', 'push messages through ntfy.sh or a server of your own.'),
  url: webAddress('The server; https://ntfy.sh when left out.'),
  topic: Type.Optional(
    secret('Topic of everyone; without it each contact names one. Whoever knows it can read.'),
  ),
  token: Type.Optional(secret('Access token, if the server asks for one.')),
  timeout,
});

const template = (description: string, maxLength = 4000) =>
  Type.String({ title: 'template', description, minLength: 1, maxLength });

const HttpEntry = section({
  id: channelId,
  kind: kind('http', 'any HTTP interface, such as that of an SMS gateway, by templates.'),
  method: Type.Optional(choice('method', ['GET', 'POST', 'PUT'], 'POST when left out.')),
  url: template('Where it goes; {{…}} is filled in, escaped for a URL.', 1000),
  headers: listOf(
    section({
      name: Type.String({
        title: 'header name',
        description: 'Name of the header.',
        pattern: '^[A-Za-z0-9-]{1,60}$',
        $comment: 'letters, digits and -',
      }),
      value: template('May hold {{secret.NAME}}.', 1000),
    }),
    'Headers of the request.',
    20,
  ),
  bodyType: Type.Optional(
    choice(
      'body type',
      ['json', 'form', 'xml', 'text'],
      'What the body is, which says how {{…}} is escaped in it; json when left out.',
    ),
  ),
  body: Type.Optional(template('The body; {{…}} is filled in.')),
  secrets: listOf(
    section({
      name: Type.String({
        title: 'secret name',
        description: 'Name in the templates.',
        pattern: '^[A-Za-z][A-Za-z0-9]{0,30}$',
        $comment: 'letters and digits',
      }),
      value: secret('The secret.'),
    }),
    'Secrets that the templates ask for as {{secret.NAME}}.',
    10,
  ),
  success: Type.Optional(
    section(
      {
        statuses: listOf(
          Type.Integer({ minimum: 100, maximum: 599, description: 'An HTTP status.' }),
          'Good statuses; any 2xx when left out.',
          20,
        ),
        bodyContains: Type.Optional(text('Text that a good answer holds.', { minLength: 1 })),
        field: Type.Optional(text('Field of a JSON answer, such as data.code.', { minLength: 1 })),
        equals: Type.Optional(text('What that field is in a good answer.')),
      },
      { description: 'How a good answer is told from a bad one.' },
    ),
  ),
  receiptField: Type.Optional(
    text('Field of a JSON answer that names the message, such as data.id.', { minLength: 1 }),
  ),
  timeout,
});

/** One schema for each kind of channel. */
export const CHANNEL_ENTRIES = [
  InboxEntry,
  WebhookEntry,
  EmailEntry,
  SlackEntry,
  TeamsEntry,
  DingTalkEntry,
  WeComEntry,
  FeishuEntry,
  PagerDutyEntry,
  TwilioSmsEntry,
  TwilioVoiceEntry,
  NtfyEntry,
  HttpEntry,
] as const;

export type ChannelEntry = Static<(typeof CHANNEL_ENTRIES)[number]>;
export type HttpChannelEntry = Static<typeof HttpEntry>;
