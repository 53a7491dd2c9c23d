import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../config/load.ts';
import { formatProblem } from '../../config/problem.ts';
import { BASE, configFolder, EXAMPLE_ENVIRONMENT, problemsOf } from './config-fixture.ts';

const EXAMPLE = fileURLToPath(new URL('../../config/example/', import.meta.url));

/** Problems of the example after these replacements in its files, without line numbers. */
function problemsOfExample(edits: Readonly<Record<string, readonly [string, string][]>>): string[] {
  const folder = configFolder({});
  cpSync(EXAMPLE, folder, { recursive: true });
  for (const [file, replacements] of Object.entries(edits)) {
    const path = join(folder, file);
    let text = readFileSync(path, 'utf8');
    for (const [from, to] of replacements) {
      expect(text).toContain(from);
      text = text.replace(from, to);
    }
    writeFileSync(path, text);
  }
  return loadConfig(folder, EXAMPLE_ENVIRONMENT)
    .problems.map(formatProblem)
    .map((line) => line.replace(/^([a-z]+\.yaml):\d+/, '$1'));
}

describe('one look at a configuration', () => {
  it('finds everything, of form and of meaning, in every file', () => {
    const lines = problemsOfExample({
      'threenines.yaml': [
        ['listen: 127.0.0.1:9909', 'listen: 99999'],
        ['timeZone: Asia/Shanghai', 'timeZone: Mars/Base'],
        ['objective: 99.9%', 'objective: 120%'],
      ],
      'devices.yaml': [
        [
          '  - id: ups-hq\n',
          '  - { id: x!, address: host.name, site: nope, role: corre, credential: c9, prt: 3 }\n\n  - id: ups-hq\n',
        ],
      ],
      'oncall.yaml': [
        ['kind: webhook', 'kind: pigeon'],
        ['people: [duty-primary, duty-secondary]', 'people: [duty-primary, nobody]'],
      ],
      'grading.yaml': [
        ['acknowledgeWithin: 60m', 'acknowledgeWithin: -1m'],
        ['80%', '150%'],
      ],
      'maintenance.yaml': [
        [
          'windows: []',
          'windows:\n  - { id: a, reason: b, owner: c, startsAt: 2026-11-03 02:00, endsAt: 2026-11-03 05:00, tags: [ring], until: x }',
        ],
      ],
    });
    expect(lines).toEqual([
      'threenines.yaml: listen: 99999 is not a listen address; expected host:port (an IP address or localhost, and a port from 0 to 65535), such as 127.0.0.1:9909 or [::1]:9909',
      'threenines.yaml: timeZone: "Mars/Base" is not a time zone; expected an IANA name such as Asia/Shanghai or UTC',
      'threenines.yaml: objective: 120% cannot be reached or missed; expected more than 0% and at most 100%',
      'devices.yaml: devices[7].prt: unknown key "prt"; did you mean "port"?',
      'devices.yaml: devices[7].id: "x!" is not a device id; expected up to 63 small letters, digits, ".", "_" and "-", such as agg-1',
      'devices.yaml: devices[7].role: "corre" is not a role; expected core, aggregation, access, power, server or cpe',
      'devices.yaml: devices[7].address: "host.name" is not an address; expected an IPv4 or IPv6 address such as 192.0.2.1 or 2001:db8::1 (names are not resolved, so that devices stay reachable without DNS)',
      'devices.yaml: devices[7].site: "nope" is not a site; expected hq or west',
      'devices.yaml: devices[7].credential: "c9" is not a credential; expected backbone or campus',
      'oncall.yaml: channels[0].kind: "pigeon" is not a kind; expected inbox, webhook, email, slack, teams, dingtalk, wecom, feishu, pagerduty, twilio-sms, twilio-voice, ntfy or http',
      'oncall.yaml: escalationPolicies[0].tiers.1[0].people[1]: "nobody" is not a person; expected duty-primary, duty-secondary, li-wei, anna or duty-manager',
      'grading.yaml: tiers.4.acknowledgeWithin: "-1m" is not a duration; expected a duration such as 15s, 1m30s or 2h',
      'grading.yaml: tiers.4.reminders[1]: 150% is no reminder; expected between 0% and 100%',
      'maintenance.yaml: windows[0].until: unknown key "until"; expected id, reason, owner, startsAt, endsAt, timeZone, repeat, devices, sites or tags',
      'maintenance.yaml: windows[0].tags[0]: "ring" is not a tag of any device; expected backbone',
    ]);
  });

  it.each([
    [
      'an unknown kind of entry, held against all kinds',
      { 'oncall.yaml': channels('{ id: Mail, kind: mail, port: 0, tiemout: 5s, colour: red }') },
      [
        'oncall.yaml:5: channels[1].tiemout: unknown key "tiemout"; did you mean "timeout"?',
        'oncall.yaml:5: channels[1].kind: "mail" is not a kind; expected inbox, webhook, email, slack, teams, dingtalk, wecom, feishu, pagerduty, twilio-sms, twilio-voice, ntfy or http',
        'oncall.yaml:5: channels[1].colour: unknown key "colour"; expected id, kind, url, signingKey, timeout, host, port, security, from, user, password, token, room, signingSecret, apiUrl, appSecret, routingKey, accountSid, authToken, topic, method, headers, bodyType, body, secrets, success or receiptField',
        'oncall.yaml:5: channels[1].id: "Mail" is not a channel id; expected up to 63 small letters, digits, ".", "_" and "-", such as mail',
        'oncall.yaml:5: channels[1].port: 0 is too small; expected at least 1',
      ],
    ],
    [
      'a misspelt kind, with what is wrong in the entry',
      { 'oncall.yaml': channels('{ id: mail, knd: email, host: h, from: nobody }') },
      [
        'oncall.yaml:5: channels[1].knd: unknown key "knd"; did you mean "kind"?',
        'oncall.yaml:5: channels[1].from: "nobody" is not a mail address; expected one such as noc@example.org',
      ],
    ],
    [
      'what stands behind misspelt keys, at the line where it stands',
      {
        'devices.yaml': `
credentials: [{ id: campus, version: v2c, community: env:COMMUNITY }]
sites: [{ id: hq }]
devcies:
  - id: a
    adress: host.name
    site: hq
    role: core
    credential: campus
`,
        'oncall.yaml': null,
      },
      [
        'devices.yaml:4: devcies: unknown key "devcies"; did you mean "devices"?',
        'devices.yaml:6: devcies[0].adress: unknown key "adress"; did you mean "address"?',
        'devices.yaml:6: devcies[0].adress: "host.name" is not an address; expected an IPv4 or IPv6 address such as 192.0.2.1 or 2001:db8::1 (names are not resolved, so that devices stay reachable without DNS)',
        'oncall.yaml: warning: is missing: nobody is paged',
      ],
    ],
    [
      'a key that appears twice, and the rest of the file',
      { 'threenines.yaml': 'language: en\nlanguage: zh\ntimeZone: Mars/Base\n' },
      [
        'threenines.yaml:2: key "language" appears twice; first on line 1',
        'threenines.yaml:3: timeZone: "Mars/Base" is not a time zone; expected an IANA name such as Asia/Shanghai or UTC',
      ],
    ],
    [
      'a profile with faults of form and of meaning',
      {
        'profiles/mine.yaml':
          'id: other\ntitle: Mine\nmatch: {}\nscalars: [{ name: a, oid: one }, { name: a, oid: 1.3.6.1 }]\n',
      },
      [
        'profiles/mine.yaml:1: id: "other" must be the name of the file, "mine"',
        'profiles/mine.yaml:3: match: matches nothing; expected always, probe, sysObjectId or sysDescr',
        'profiles/mine.yaml:4: scalars[0].oid: "one" is not an OID; expected an OID such as 1.3.6.1.2.1.1.3.0',
        'profiles/mine.yaml:4: scalars[1].name: "a" is declared twice',
      ],
    ],
  ] as const)('finds %s', (_, files, expected) => {
    expect(problemsOf(files)).toEqual(expected);
  });
});

/** The base oncall.yaml with a second channel, on line 5. */
function channels(second: string): string {
  return BASE['oncall.yaml'].replace('kind: inbox }', `kind: inbox }\n  - ${second}`).trimStart();
}

describe('one cause', () => {
  it.each([
    [
      'an entry whose id is there, whatever else is wrong with it',
      {
        'devices.yaml': BASE['devices.yaml'].replace('role: core', 'role: corr'),
        'maintenance.yaml': window('devices: [core-1]'),
      },
      [
        'devices.yaml:7: devices[0].role: "corr" is not a role; expected core, aggregation, access, power, server or cpe',
      ],
    ],
    [
      'sites that are no mappings',
      { 'devices.yaml': BASE['devices.yaml'].replace('- { id: hq }', '- hq') },
      ['devices.yaml:5: sites[0]: found a text; expected a mapping (lines of "key: value")'],
    ],
    [
      'tags that are no list',
      {
        'devices.yaml': BASE['devices.yaml'].replace('role: core', 'role: core, tags: ring'),
        'maintenance.yaml': window('tags: [ring]'),
      },
      ['devices.yaml:7: devices[0].tags: found a text; expected a list'],
    ],
    [
      'a file that cannot be read',
      { 'devices.yaml': 'devices: [\n', 'maintenance.yaml': window('devices: [core-1]') },
      ['devices.yaml:1: the "[" that opens here is never closed'],
    ],
    [
      'a port that is no port, with an address that is another one’s too',
      {
        'devices.yaml': BASE['devices.yaml'].replace(
          'address: 192.0.2.2,',
          'address: 192.0.2.1, port: x,',
        ),
      },
      [
        'devices.yaml:8: devices[1].port: "x" is not a port; expected a whole number from 1 to 65535',
      ],
    ],
    [
      'a protocol that is none, with all that depends on it',
      {
        'devices.yaml': BASE['devices.yaml'].replace(
          'version: v2c, community: env:COMMUNITY',
          'version: v3, user: u, authentication: sha3, authenticationPassword: env:PASSWORD, privacy: aes128, privacyPassword: env:PASSWORD',
        ),
      },
      [
        'devices.yaml:3: credentials[0].authentication: "sha3" is not an authentication protocol; expected md5, sha1, sha224, sha256, sha384 or sha512',
      ],
    ],
    [
      'a common time that is too long, with what devices set themselves',
      {
        'threenines.yaml': 'polling: { deadline: 90s }\n',
        'devices.yaml': BASE['devices.yaml'].replace(
          'role: core',
          'role: core, polling: { retries: 2 }',
        ),
      },
      ['threenines.yaml:1: polling: deadline (1m 30s) is longer than fullPoll (1m by default)'],
    ],
    [
      'a person without contacts, whom nothing reaches',
      { 'oncall.yaml': BASE['oncall.yaml'].replace('contacts: [inbox]', 'contacts: []') },
      ['oncall.yaml:3: people[0].contacts: is empty; expected at least 1 entry'],
    ],
    [
      'a channel of nobody, the only one of a step',
      {
        'oncall.yaml': BASE['oncall.yaml'].replace(
          '1: [{ people: [duty-primary] }]',
          '1: [{ people: [duty-primary], channels: [pager] }]',
        ),
      },
      [
        'oncall.yaml:9: escalationPolicies[0].tiers.1[0].channels[0]: "pager" is not a channel of anyone; expected inbox',
      ],
    ],
    [
      'a window whose list of sites is none',
      { 'maintenance.yaml': window('sites: hq') },
      ['maintenance.yaml:1: windows[0].sites: found a text; expected a list'],
    ],
    [
      'a profile with a fault, and devices that name it',
      {
        'profiles/mine.yaml': 'id: mine\ntitle: Mine\nmatch: {}\n',
        'devices.yaml': BASE['devices.yaml'].replace('role: core', 'role: core, profiles: [mine]'),
      },
      [
        'profiles/mine.yaml:3: match: matches nothing; expected always, probe, sysObjectId or sysDescr',
      ],
    ],
  ] as const)('makes one message: %s', (_, files, expected) => {
    expect(problemsOf(files)).toEqual(expected);
  });

  it('is not taken for a key that is written already', () => {
    const devices = BASE['devices.yaml'].replace('id: core-1,', 'id: core-1, ip: 192.0.2.1,');
    const [line, ...more] = problemsOf({ 'devices.yaml': devices });
    expect(line).toMatch(/^devices.yaml:7: devices\[0\].ip: unknown key "ip"; expected id, name, /);
    expect(more).toEqual([]);
  });
});

function window(covered: string): string {
  return `windows: [{ id: a, reason: b, owner: c, startsAt: 2026-11-03 02:00, endsAt: 2026-11-03 05:00, ${covered} }]\n`;
}
