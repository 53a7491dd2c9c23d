import type { BadConfig } from './bad-config.ts';

const INBOX = 'channels: [{ id: inbox, kind: inbox }]\n';
const tiers = (step: string) => `{ 1: [${step}], 2: [${step}], 3: [${step}], 4: [${step}] }`;
const STANDARD = `{ id: standard, tiers: ${tiers('{ people: [duty] }')} }`;
const DUTY = '{ id: duty, contacts: [inbox] }';

/** An oncall.yaml whose person stands on line 2, the channel on line 4 and the policy on line 6. */
function oncall(parts: { person?: string; channel?: string; policy?: string }): {
  'oncall.yaml': string;
} {
  const { person = DUTY, channel = '{ id: inbox, kind: inbox }', policy = STANDARD } = parts;
  return {
    'oncall.yaml': `people:\n  - ${person}\nchannels:\n  - ${channel}\nescalationPolicies:\n  - ${policy}\n`,
  };
}

const MAIL = '{ id: mail, kind: email, host: mail.example.org, from: noc@example.org }';

export const BAD_ONCALL: readonly BadConfig[] = [
  {
    fault: 'no oncall file',
    files: { 'oncall.yaml': null },
    expected: ['oncall.yaml: warning: is missing: nobody is paged'],
  },
  {
    fault: 'no escalation policy',
    files: { 'oncall.yaml': `people: [${DUTY}]\n${INBOX}` },
    expected: [
      'oncall.yaml:1: warning: escalationPolicies: nobody is paged for incidents at "hq": no policy applies there',
    ],
  },
  {
    fault: 'login of two people',
    files: oncall({
      person:
        '{ id: duty, logins: [Duty, ops], contacts: [inbox] }\n  - { id: second, logins: [DUTY, OPS], contacts: [inbox] }',
    }),
    expected: [
      'oncall.yaml:3: people[1].logins[0]: "DUTY" is also "duty"; expected a login of one person',
      'oncall.yaml:3: people[1].logins[1]: "OPS" is also "duty"; expected a login of one person',
    ],
  },
  {
    fault: 'person without contact',
    files: oncall({ person: '{ id: duty, contacts: [] }' }),
    expected: ['oncall.yaml:2: people[0].contacts: is empty; expected at least 1 entry'],
  },
  {
    fault: 'contact on no channel',
    files: oncall({ person: '{ id: duty, contacts: [inbx] }' }),
    expected: [
      'oncall.yaml:2: people[0].contacts[0]: "inbx" is not a channel; did you mean "inbox"?',
    ],
  },
  {
    fault: 'mail contact without address',
    files: oncall({ person: '{ id: duty, contacts: [mail] }', channel: MAIL }),
    expected: [
      'oncall.yaml:2: people[0].contacts[0]: the channel "mail" needs a mail address; expected one such as "mail duty@example.org"',
    ],
  },
  {
    fault: 'mail contact with another address',
    files: oncall({ person: '{ id: duty, contacts: [mail 1234] }', channel: MAIL }),
    expected: ['oncall.yaml:2: people[0].contacts[0]: "1234" is not a mail address'],
  },
  {
    fault: 'inbox contact with address',
    files: oncall({ person: '{ id: duty, contacts: [inbox a@b] }' }),
    expected: [
      'oncall.yaml:2: people[0].contacts[0]: the channel "inbox" takes no address; remove "a@b"',
    ],
  },
  {
    fault: 'two contacts on one channel',
    files: oncall({
      person: '{ id: duty, contacts: [mail a@b.example, mail c@d.example] }',
      channel: MAIL,
    }),
    expected: ['oncall.yaml:2: people[0].contacts[1]: "mail" is listed twice'],
  },
  {
    fault: 'time zone of a person',
    files: oncall({ person: '{ id: duty, timeZone: Mars/Base, contacts: [inbox] }' }),
    expected: [
      'oncall.yaml:2: people[0].timeZone: "Mars/Base" is not a time zone; expected an IANA name such as Asia/Shanghai or UTC',
    ],
  },
  {
    fault: 'unknown channel kind',
    files: oncall({ channel: '{ id: inbox, kind: pigeon }' }),
    expected: [
      'oncall.yaml:4: channels[0].kind: "pigeon" is not a kind; expected inbox, webhook, email, slack, teams, dingtalk, wecom, feishu, pagerduty, twilio-sms, twilio-voice, ntfy or http',
    ],
  },
  {
    fault: 'web hook that is no web address and has a short key',
    files: oncall({
      channel: '{ id: inbox, kind: webhook, url: env:PASSWORD, signingKey: env:SHORT }',
    }),
    expected: [
      'oncall.yaml:4: channels[0].url: the secret is not a web address; expected https://… or http://…',
      'oncall.yaml:4: warning: channels[0].signingKey: the key is short; 16 characters or more are hard to guess',
    ],
  },
  {
    fault: 'Slack channel of both kinds',
    files: oncall({
      person: '{ id: duty, contacts: [inbox U0123456789] }',
      channel: '{ id: inbox, kind: slack, url: env:PASSWORD, token: env:PASSWORD }',
    }),
    expected: [
      'oncall.yaml:4: channels[0].url: the secret is not a web address; expected https://… or http://…',
      'oncall.yaml:4: channels[0]: expected either "url" (incoming webhook) or "token" (bot)',
    ],
  },
  {
    fault: 'bot that would not know where to write',
    files: oncall({ channel: '{ id: inbox, kind: slack, token: env:PASSWORD }' }),
    expected: [
      'oncall.yaml:2: people[0].contacts[0]: the channel "inbox" needs the id of a Slack member or channel; expected one such as "inbox U0123456789"',
    ],
  },
  {
    fault: 'telephone number that is none',
    files: oncall({
      person: '{ id: duty, contacts: [sms 13800138000] }',
      channel: `{ id: sms, kind: twilio-sms, accountSid: AC${'0'.repeat(32)}, authToken: env:PASSWORD, from: '+15005550006' }`,
    }),
    expected: ['oncall.yaml:2: people[0].contacts[0]: "13800138000" is not a telephone number'],
  },
  {
    fault: 'templates that stand for nothing',
    files: oncall({
      channel:
        '{ id: inbox, kind: http, url: "ftp://x/{{adress}}", body: \'{"to": {{secret.key}}\', success: { field: code } }',
    }),
    expected: [
      'oncall.yaml:4: channels[0].url: {{adress}} stands for nothing; did you mean "address"?',
      'oncall.yaml:4: channels[0].body: {{secret.key}} stands for nothing; expected one of address, person, language, subject, text, short, link, acknowledgeLink, incident, event, tier, tierName, device, site, pageId, timestamp',
      'oncall.yaml:4: channels[0].url: expected an address that begins with https:// or http://',
      'oncall.yaml:4: channels[0].body: is not JSON once it is filled in; {{…}} stands inside quotes',
      'oncall.yaml:4: channels[0].success: field and equals go together',
    ],
  },
  {
    fault: 'mail channel that is half configured',
    files: oncall({
      person: '{ id: duty, contacts: [mail a@b.example] }',
      channel:
        '{ id: mail, kind: email, host: mail.example.org, from: nobody, security: none, password: env:PASSWORD, timeout: 1h }',
    }),
    expected: [
      'oncall.yaml:4: channels[0].timeout: 1h is too long; expected at most 2m',
      'oncall.yaml:4: channels[0].from: "nobody" is not a mail address; expected one such as noc@example.org',
      'oncall.yaml:4: channels[0]: "user" is missing; user and password go together',
      'oncall.yaml:4: warning: channels[0].security: the password crosses the network in the clear',
    ],
  },
  {
    fault: 'step for nobody known, on a channel of nobody',
    files: oncall({
      policy: `{ id: standard, tiers: ${tiers('{ people: [duty] }, { people: [boss], channels: [pager] }')} }`,
    }),
    expected: ['1', '2', '3', '4'].flatMap((tier) => [
      `oncall.yaml:6: escalationPolicies[0].tiers.${tier}[1].channels[0]: "pager" is not a channel of anyone; expected inbox`,
      `oncall.yaml:6: escalationPolicies[0].tiers.${tier}[1].people[0]: "boss" is not a person; expected duty`,
    ]),
  },
  {
    fault: 'steps out of order',
    files: oncall({
      policy: `{ id: standard, tiers: { 1: [{ after: 5m, people: [duty] }, { after: 1m, people: [duty] }], 2: [{ people: [duty] }], 3: [{ people: [duty] }], 4: [{ people: [duty] }] } }`,
    }),
    expected: [
      'oncall.yaml:6: escalationPolicies[0].tiers.1[1].after: comes before the step above it; expected steps in order of time',
    ],
  },
  {
    fault: 'tier that pages nobody',
    files: oncall({
      policy: `{ id: standard, tiers: { 1: [{ people: [duty] }], 2: [{ people: [duty] }], 3: [{ people: [duty] }] } }`,
    }),
    expected: [
      'oncall.yaml:6: warning: escalationPolicies[0].tiers.4: nobody is paged for a tier 4 incident under "standard"',
    ],
  },
  {
    fault: 'step that reaches nobody by its channels',
    files: {
      'oncall.yaml': `people:
  - { id: duty, contacts: [inbox] }
  - { id: boss, contacts: [mail boss@example.org] }
channels: [{ id: inbox, kind: inbox }, ${MAIL}]
escalationPolicies:
  - id: standard
    tiers:
      1: [{ people: [duty], channels: [mail] }]
      2: [{ people: [duty] }]
      3: [{ people: [duty] }]
      4: [{ people: [duty] }]
`,
    },
    expected: [
      'oncall.yaml:8: warning: escalationPolicies[0].tiers.1[0].people[0]: "duty" has no contact on the channels of this step',
      'oncall.yaml:8: warning: escalationPolicies[0].tiers.1: nobody is paged for a tier 1 incident under "standard"',
    ],
  },
  {
    fault: 'policy for an unknown site',
    files: oncall({
      policy: `{ id: standard, sites: [west], tiers: ${tiers('{ people: [duty] }')} }`,
    }),
    expected: [
      'oncall.yaml:5: warning: escalationPolicies: nobody is paged for incidents at "hq": no policy applies there',
      'oncall.yaml:6: escalationPolicies[0].sites[0]: "west" is not a site; expected hq',
    ],
  },
  {
    fault: 'policy that never gets its turn',
    files: {
      'oncall.yaml': `people: [${DUTY}]\n${INBOX}escalationPolicies:\n  - ${STANDARD}\n  - { id: late, sites: [hq], tiers: ${tiers('{ people: [duty] }')} }\n`,
    },
    expected: [
      'oncall.yaml:5: warning: escalationPolicies[1]: "late" is never used: "standard" above it applies first',
    ],
  },
];
