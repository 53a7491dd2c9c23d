import type { BadConfig } from './bad-config.ts';

const DEVICES = `credentials: [{ id: campus, version: v2c, community: env:COMMUNITY }]
sites: [{ id: hq }]
devices:
`;
const device = (id: string, last: number, more = '') =>
  `  - { id: ${id}, address: 192.0.2.${last}, site: hq, role: access, credential: campus${more} }\n`;

/** A devices.yaml with these device lines; they begin on line 4. */
const withDevices = (...lines: string[]) => ({ 'devices.yaml': DEVICES + lines.join('') });
/** A devices.yaml with this credential on line 1. */
const withCredential = (credential: string) => ({
  'devices.yaml': `credentials: [${credential}]
sites: [{ id: hq }]
devices:
  - { id: a, address: 192.0.2.1, site: hq, role: access, credential: campus }
`,
});

export const BAD_DEVICES: readonly BadConfig[] = [
  {
    fault: 'no devices file',
    files: { 'devices.yaml': null },
    expected: ['devices.yaml: is missing; it names the devices to monitor'],
  },
  {
    fault: 'no devices',
    files: withDevices('  []'),
    expected: ['devices.yaml:3: devices: is empty; expected at least 1 entry'],
  },
  {
    fault: 'no devices section',
    files: { 'devices.yaml': 'sites: [{ id: hq }]\n' },
    expected: [
      'devices.yaml:1: "devices" is missing; expected a list of devices, each with id, address, site, role and credential',
    ],
  },
  {
    fault: 'unknown role',
    files: withDevices(
      '  - { id: a, address: 192.0.2.1, site: hq, role: corr, credential: campus }',
    ),
    expected: [
      'devices.yaml:4: devices[0].role: "corr" is not a role; expected core, aggregation, access, power, server or cpe',
    ],
  },
  {
    fault: 'misspelt key',
    files: withDevices(
      '  - { id: a, adress: 192.0.2.1, site: hq, role: core, credential: campus }',
    ),
    expected: ['devices.yaml:4: devices[0].adress: unknown key "adress"; did you mean "address"?'],
  },
  {
    fault: 'unknown section',
    files: { 'devices.yaml': `${DEVICES}${device('a', 1)}routers: []\n` },
    expected: [
      'devices.yaml:5: routers: unknown key "routers"; expected credentials, sites, devices, links or redundancyGroups',
    ],
  },
  {
    fault: 'bad id',
    files: withDevices(device('Core_1', 1)),
    expected: [
      'devices.yaml:4: devices[0].id: "Core_1" is not a device id; expected up to 63 small letters, digits, ".", "_" and "-", such as agg-1',
    ],
  },
  {
    fault: 'id that YAML reads as a number',
    files: withDevices(device('1', 1)),
    expected: [
      'devices.yaml:4: devices[0].id: 1 is not a device id; expected up to 63 small letters, digits, ".", "_" and "-", such as agg-1; put it in quotes',
    ],
  },
  {
    fault: 'duplicate device id',
    files: withDevices(device('a', 1), device('b', 2), device('a', 3)),
    expected: ['devices.yaml:6: devices[2].id: "a" is already the id of devices[0]'],
  },
  {
    fault: 'name instead of address',
    files: withDevices(
      '  - { id: a, address: core.example.org, site: hq, role: core, credential: campus }',
    ),
    expected: [
      'devices.yaml:4: devices[0].address: "core.example.org" is not an address; expected an IPv4 or IPv6 address such as 192.0.2.1 or 2001:db8::1 (names are not resolved, so that devices stay reachable without DNS)',
    ],
  },
  {
    fault: 'impossible address',
    files: withDevices(device('a', 256)),
    expected: [
      'devices.yaml:4: devices[0].address: "192.0.2.256" is not an address; expected an IPv4 or IPv6 address such as 192.0.2.1 or 2001:db8::1',
    ],
  },
  {
    fault: 'group and empty addresses',
    files: withDevices(
      '  - { id: a, address: 224.0.0.1, site: hq, role: core, credential: campus }\n',
      '  - { id: b, address: "::", site: hq, role: core, credential: campus }\n',
    ),
    expected: [
      'devices.yaml:4: devices[0].address: "224.0.0.1" is not the address of one device; expected an IPv4 or IPv6 address such as 192.0.2.1 or 2001:db8::1',
      'devices.yaml:5: devices[1].address: "::" stands for no address; expected an IPv4 or IPv6 address such as 192.0.2.1 or 2001:db8::1',
    ],
  },
  {
    fault: 'duplicate address in two spellings',
    files: withDevices(
      '  - { id: a, address: "2001:db8::1", site: hq, role: core, credential: campus }\n',
      '  - { id: b, address: "2001:DB8:0::0001", site: hq, role: core, credential: campus }\n',
    ),
    expected: [
      'devices.yaml:5: devices[1].address: 2001:db8::1 port 161 is already the address of "a"',
    ],
  },
  {
    fault: 'port out of range',
    files: withDevices(device('a', 1, ', port: 70000')),
    expected: ['devices.yaml:4: devices[0].port: 70000 is too large; expected at most 65535'],
  },
  {
    fault: 'references to nothing',
    files: withDevices(
      '  - { id: a, address: 192.0.2.1, site: hqq, role: core, credential: wan, parents: [b], feeds: [ups] }\n',
    ),
    expected: [
      'devices.yaml:4: devices[0].site: "hqq" is not a site; did you mean "hq"?',
      'devices.yaml:4: devices[0].credential: "wan" is not a credential; expected campus',
      'devices.yaml:4: devices[0].parents[0]: "b" is not a device; expected a',
      'devices.yaml:4: devices[0].feeds[0]: "ups" is not a device; expected a',
    ],
  },
  {
    fault: 'own parent and own feed',
    files: withDevices(device('a', 1, ', parents: [a Gi0/1], feeds: [a]')),
    expected: [
      'devices.yaml:4: devices[0].parents[0]: "a" is its own parent',
      'devices.yaml:4: devices[0].feeds[0]: "a" feeds itself',
    ],
  },
  {
    fault: 'parents in a circle',
    files: withDevices(
      device('a', 1, ', parents: [c]'),
      device('b', 2, ', parents: [a Gi0/1]'),
      device('c', 3, ', parents: [b]'),
    ),
    expected: ['devices.yaml:4: devices[0].parents: parents go round in a circle: a → c → b → a'],
  },
  {
    fault: 'parent with spaces only',
    files: withDevices(device('a', 1, ', parents: ["Core 1"]')),
    expected: [
      'devices.yaml:4: devices[0].parents[0]: "Core 1" is not a parent; expected a device id, or a device id and a port there, such as core-1 Te1/3',
    ],
  },
  {
    fault: 'feed that is not a power system',
    files: withDevices(device('a', 1), device('b', 2, ', feeds: [a]')),
    expected: [
      'devices.yaml:5: warning: devices[1].feeds[0]: "a" feeds others but its role is access, not power',
    ],
  },
  {
    fault: 'repeated words',
    files: withDevices(device('a', 1, ', importantPorts: [Gi0/1, Gi0/2, Gi0/1]')),
    expected: ['devices.yaml:4: devices[0].importantPorts[2]: "Gi0/1" is listed twice'],
  },
  {
    fault: 'dates of service that cannot be',
    files: withDevices(
      device('a', 1, ', commissioned: 2026-11-31'),
      device('b', 2, ', commissioned: 2026-11-20, retired: 2026-11-20'),
      device('c', 3, ', retired: soon'),
    ),
    expected: [
      'devices.yaml:4: devices[0].commissioned: "2026-11-31" is not a date of the calendar',
      'devices.yaml:5: devices[1].retired: retired 2026-11-20, not after it is commissioned (2026-11-20)',
      'devices.yaml:6: devices[2].retired: "soon" is not a date; expected a date such as 2026-11-22',
    ],
  },
  {
    fault: 'polling of one device that cannot work',
    files: withDevices(device('a', 1, ', polling: { fullPoll: 10s, timeout: 40s }')),
    expected: ['devices.yaml:4: devices[0].polling.timeout: 40s is too long; expected at most 30s'],
  },
  {
    fault: 'redundancy group that needs more than it has',
    files: {
      'devices.yaml': `${DEVICES}${device('a', 1)}${device('b', 2)}redundancyGroups:
  - { id: pair, devices: [a, b], need: 3 }
`,
    },
    expected: [
      'devices.yaml:7: redundancyGroups[0].need: 3 of 2 devices cannot work; expected at most 2',
    ],
  },
  {
    fault: 'link with one end',
    files: {
      'devices.yaml': `${DEVICES}${device('a', 1)}links:
  - { id: alone, ends: [a Te1/1] }
`,
    },
    expected: ['devices.yaml:6: links[0].ends: has 1 entry ("a Te1/1"); expected at least 2'],
  },
  {
    fault: 'redundancy group of one device and a stranger',
    files: {
      'devices.yaml': `${DEVICES}${device('a', 1)}redundancyGroups:
  - { id: alone, devices: [a], need: 1 }
`,
    },
    expected: [
      'devices.yaml:6: redundancyGroups[0].devices: has 1 entry ("a"); expected at least 2',
    ],
  },
  {
    fault: 'link to a stranger, and a group of devices and links with a foreign primary',
    files: {
      'devices.yaml': `${DEVICES}${device('a', 1)}${device('b', 2)}links:
  - { id: ring, ends: [a Te1, c Te1] }
redundancyGroups:
  - { id: mixed, devices: [a, b], links: [ring], need: 1, primary: [c] }
`,
    },
    expected: [
      'devices.yaml:7: links[0].ends[1]: "c" is not a device; expected a or b',
      'devices.yaml:9: redundancyGroups[0]: has devices and links; expected one of them',
      'devices.yaml:9: redundancyGroups[0].primary[0]: "c" is no member of the group',
    ],
  },
  {
    fault: 'unknown SNMP version',
    files: withCredential('{ id: campus, version: v4, community: env:COMMUNITY }'),
    expected: [
      'devices.yaml:1: credentials[0].version: "v4" is not a version; expected v1, v2c or v3',
    ],
  },
  {
    fault: 'no SNMP version',
    files: withCredential('{ id: campus, community: env:COMMUNITY }'),
    expected: ['devices.yaml:1: credentials[0]: "version" is missing; expected v1, v2c or v3'],
  },
  {
    fault: 'user name with a community',
    files: withCredential('{ id: campus, version: v2c, community: env:COMMUNITY, user: monitor }'),
    expected: [
      'devices.yaml:1: credentials[0].user: unknown key "user"; expected id, version or community',
    ],
  },
  {
    fault: 'environment variable not set',
    files: withCredential('{ id: campus, version: v2c, community: env:NO_SUCH_NAME }'),
    expected: [
      'devices.yaml:1: credentials[0].community: environment variable NO_SUCH_NAME is not set',
    ],
  },
  {
    fault: 'environment variable of the language itself',
    files: withCredential('{ id: campus, version: v2c, community: env:toString }'),
    expected: [
      'devices.yaml:1: credentials[0].community: environment variable toString is not set',
    ],
  },
  {
    fault: 'empty environment variable',
    files: withCredential('{ id: campus, version: v2c, community: env:EMPTY }'),
    expected: ['devices.yaml:1: credentials[0].community: environment variable EMPTY is empty'],
  },
  {
    fault: 'secret without its kind is not repeated',
    files: withCredential('{ id: campus, version: v2c, community: Tr0ub4dor }'),
    expected: [
      'devices.yaml:1: credentials[0].community: the text does not say where the secret is; expected env:NAME, file:PATH or plain:VALUE',
    ],
  },
  {
    fault: 'secret that YAML reads as a number is not repeated',
    files: withCredential('{ id: campus, version: v2c, community: 12345678 }'),
    expected: [
      'devices.yaml:1: credentials[0].community: the text does not say where the secret is; expected env:NAME, file:PATH or plain:VALUE',
    ],
  },
  {
    fault: 'plain secret outside the demo',
    files: withCredential('{ id: campus, version: v2c, community: plain:public }'),
    expected: [
      'devices.yaml:1: warning: credentials[0].community: the secret stands in the file; use env:NAME or file:PATH instead',
      'devices.yaml:1: warning: credentials[0].community: the community is the well-known "public"; anyone can guess it',
    ],
  },
  {
    fault: 'well-known community from the environment',
    files: withCredential('{ id: campus, version: v2c, community: env:WELL_KNOWN }'),
    expected: [
      'devices.yaml:1: warning: credentials[0].community: the community is the well-known "public"; anyone can guess it',
    ],
  },
  {
    fault: 'secret file that does not exist',
    files: withCredential('{ id: campus, version: v2c, community: file:secrets/none }'),
    expected: [
      'devices.yaml:1: credentials[0].community: secret file "secrets/none" does not exist',
    ],
  },
  {
    fault: 'secret files that are no secret',
    files: {
      ...withCredential(
        '{ id: campus, version: v2c, community: file:large }, { id: b, version: v2c, community: file:binary }, { id: c, version: v2c, community: file:. }, { id: d, version: v2c, community: file:nothing }',
      ),
      large: 'x'.repeat(64 * 1024 + 1),
      binary: new Uint8Array([0xff, 0xfe, 0xfd]),
      nothing: '\n',
    },
    expected: [
      'devices.yaml:1: credentials[0].community: secret file "large" is larger than 65536 bytes',
      'devices.yaml:1: credentials[1].community: secret file "binary" is not UTF-8 text',
      'devices.yaml:1: credentials[2].community: secret file "." is not a file',
      'devices.yaml:1: credentials[3].community: secret file "nothing" is empty',
    ],
  },
  {
    fault: 'privacy without authentication',
    files: withCredential(
      '{ id: campus, version: v3, user: m, privacy: aes128, privacyPassword: env:PASSWORD }',
    ),
    expected: [
      'devices.yaml:1: credentials[0].privacy: privacy needs authentication (RFC 3414 §2.2)',
      'devices.yaml:1: warning: credentials[0]: without authentication anyone can answer in place of the device',
    ],
  },
  {
    fault: 'protocols and passwords that do not go together',
    files: withCredential(
      '{ id: campus, version: v3, user: m, authentication: sha256, privacyPassword: env:PASSWORD }',
    ),
    expected: [
      'devices.yaml:1: credentials[0]: "authenticationPassword" is missing; authentication sha256 needs it',
      'devices.yaml:1: credentials[0].privacyPassword: privacyPassword is given, but no privacy',
    ],
  },
  {
    fault: 'short password',
    files: withCredential(
      '{ id: campus, version: v3, user: m, authentication: md5, authenticationPassword: env:SHORT }',
    ),
    expected: [
      'devices.yaml:1: credentials[0].authenticationPassword: the password is too short; expected at least 8 characters (RFC 3414 §11.2)',
    ],
  },
];
