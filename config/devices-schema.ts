import Type, { type Static } from 'typebox';
import { USUAL_BATTERY_MINUTES } from './model.ts';
import {
  choice,
  count,
  day,
  flag,
  id,
  listOf,
  oneOfBy,
  port,
  role,
  secret,
  section,
  text,
  timeZone,
} from './schema-terms.ts';
import { PollingOverride } from './service-schema.ts';

const MOST_DEVICES = 50_000;

function customerCount(description: string) {
  return count(description, { minimum: 0, maximum: 100_000_000, default: 0 });
}

const credentialId = id('credential id', 'Name that devices refer to.', 'campus');

const CommunityCredential = section({
  id: credentialId,
  version: choice('version', ['v1', 'v2c'], 'SNMP version.'),
  community: secret('Community that the device expects.'),
});

const UserCredential = section({
  id: credentialId,
  version: choice('version', ['v3'], 'SNMP version.'),
  user: Type.String({ description: 'User name (RFC 3414).', minLength: 1, maxLength: 32 }),
  authentication: Type.Optional(
    choice(
      'authentication protocol',
      ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'],
      'Hash that proves who sent a message; none when left out.',
    ),
  ),
  authenticationPassword: Type.Optional(secret('At least 8 characters.')),
  privacy: Type.Optional(
    choice(
      'privacy protocol',
      ['des', 'aes128', 'aes192', 'aes256', 'aes192c', 'aes256c'],
      'Cipher that hides messages; none when left out. aes192c and aes256c are the variants of Cisco devices.',
    ),
  ),
  privacyPassword: Type.Optional(secret('At least 8 characters.')),
  contextName: Type.Optional(
    Type.String({ description: 'SNMP context; the default context when left out.', maxLength: 32 }),
  ),
});

export const CredentialEntry = oneOfBy(
  'version',
  [CommunityCredential, UserCredential],
  'How to be let in by devices.',
);
export type CredentialEntry = Static<typeof CredentialEntry>;

export const SiteEntry = section(
  {
    id: id('site id', 'Name that devices refer to.', 'hq'),
    name: Type.Optional(text('Name for people; the id when left out.', { minLength: 1 })),
    timeZone: Type.Optional(timeZone('IANA zone of the site; that of threenines.yaml if not set.')),
    customers: customerCount(
      'Customers cut off when the whole site is, beside those of its devices.',
    ),
    keyCustomers: customerCount(
      'Of these, emergency services, government, hospitals, finance: whose service must not fail.',
    ),
    generator: flag('Whether a generator can take over from the batteries.'),
    batteryMinutes: count('Battery time assumed where nothing tells it, minutes.', {
      minimum: 0,
      maximum: 10_000,
      default: USUAL_BATTERY_MINUTES,
    }),
  },
  { description: 'A place with devices.' },
);

const linkReference = id('link id', 'Id of a link.', 'ring-north');
const deviceReference = id('device id', 'Id of a device.', 'agg-1');

export const DeviceEntry = section(
  {
    id: id('device id', 'Name of the device everywhere: console, metrics, pages.', 'agg-1'),
    name: Type.Optional(text('Name for people; the id when left out.', { minLength: 1 })),
    address: Type.String({
      title: 'address',
      description: 'IPv4 or IPv6 address of its SNMP agent; names are not accepted.',
      examples: ['192.0.2.1', '2001:db8::1'],
      maxLength: 100,
    }),
    port: port('UDP port of its SNMP agent.', 161),
    replyFromAnyAddress: flag(
      'Whether it may answer from another address or port than it is asked at, as some routers and clusters do. Its replies then count by their id and credential alone.',
    ),
    site: id('site id', 'Site it stands at.', 'hq'),
    role: role('What it is for; decides how grave its loss is.'),
    credential: id('credential id', 'Credential to ask it with.', 'campus'),
    parents: listOf(
      Type.String({
        title: 'parent',
        description: 'The device above, and the port there that leads to this one: "core-1 Te1/3".',
        pattern: '^[a-z0-9][a-z0-9._-]{0,62}( .{1,100})?$',
        $comment: 'a device id, or a device id and a port there, such as core-1 Te1/3',
      }),
      'Paths towards the core, each a device or a device and a port. None for the top of the network.',
      32,
    ),
    feeds: listOf(
      deviceReference,
      'UPS, PDU or rectifier devices that power it; it goes dark when all of them do.',
      16,
    ),
    importantPorts: listOf(
      Type.String({ description: 'Port name.', minLength: 1, maxLength: 100 }),
      'Ports whose loss is a fault even though nothing else says so.',
    ),
    profiles: listOf(
      id('profile id', 'Id of a profile.', 'ups-mib'),
      'Profiles to apply beside those that match by themselves.',
      32,
    ),
    tags: listOf(
      id('tag', 'A word of your own.', 'north-ring'),
      'Words of your own, for maintenance windows and searches.',
      32,
    ),
    commissioned: Type.Optional(
      day('First day in service. Time before it is out of service: no availability, no pages.'),
    ),
    retired: Type.Optional(
      day('First day no longer in service. From then on it is out of service, as if removed.'),
    ),
    customers: customerCount('Customers served through this device alone.'),
    keyCustomers: customerCount(
      'Emergency services, government, hospitals, finance served through this device.',
    ),
    polling: Type.Optional(PollingOverride),
  },
  { description: 'One monitored network element or power system.' },
);
export type DeviceEntry = Static<typeof DeviceEntry>;

export const RedundancyGroupEntry = section(
  {
    id: id('redundancy group id', 'Name of the group.', 'core-pair'),
    name: Type.Optional(text('Name for people; the id when left out.', { minLength: 1 })),
    devices: listOf(deviceReference, 'Devices that stand in for each other.', 1000),
    links: listOf(linkReference, 'Links that stand in for each other, instead of devices.', 1000),
    need: count('How many of them must work.', { minimum: 1, maximum: 1000 }),
    primary: listOf(
      id('group member', 'Id of a device or link of the group.', 'core-1'),
      'Members that carry the service while all is well; the others stand by, and serving in place of one of these is "switched over".',
      1000,
    ),
  },
  {
    description:
      'Devices or links of which some must work: one lost is "redundancy lost", and what is left decides the tier.',
  },
);

const linkEnd = Type.String({
  title: 'link end',
  description: 'A device and a port of it: "core-1 Te1/3".',
  pattern: '^[a-z0-9][a-z0-9._-]{0,62} .{1,100}$',
  $comment: 'a device id and a port there, such as core-1 Te1/3',
});

export const LinkEntry = section(
  {
    id: id('link id', 'Name that redundancy groups refer to.', 'ring-north'),
    ends: Type.Array(linkEnd, {
      description: 'The two ports that the link joins.',
      minItems: 2,
      maxItems: 2,
    }),
  },
  { description: 'A link between two ports; lost at both ends it is one trouble.' },
);

/** devices.yaml */
export const DevicesFile = section({
  credentials: listOf(CredentialEntry, 'How to be let in by devices.'),
  sites: listOf(SiteEntry, 'Places with devices.', 10_000),
  devices: Type.Array(DeviceEntry, {
    description: 'Everything that is monitored.',
    $comment: 'a list of devices, each with id, address, site, role and credential',
    minItems: 1,
    maxItems: MOST_DEVICES,
  }),
  links: listOf(
    LinkEntry,
    'Links between devices with both ports: lost at both ends it is one trouble. For links that no parent names, such as those of a ring, and to name the far port of those that one does.',
    50_000,
  ),
  redundancyGroups: listOf(RedundancyGroupEntry, 'Devices that stand in for each other.'),
});
export type DevicesFile = Static<typeof DevicesFile>;
