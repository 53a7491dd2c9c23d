import {
  communityMessage,
  integer,
  type Octets,
  octetString,
  oid,
  pdu,
  sequence,
  timeTicks,
  tlv,
  varbind,
} from '../ber.ts';
import { OBJECT } from '../honest-device.ts';
import type { SentTrap, TrapMode, TrapStage } from '../trap-sender.ts';
import { V3_USER, V3Engine } from '../v3-engine.ts';

/** Generic traps of SNMPv2-MIB and IF-MIB. */
export const TRAP = {
  coldStart: '1.3.6.1.6.3.1.1.5.1',
  linkDown: '1.3.6.1.6.3.1.1.5.3',
  linkUp: '1.3.6.1.6.3.1.1.5.4',
  authenticationFailure: '1.3.6.1.6.3.1.1.5.5',
} as const;

const SNMP_TRAP_OID = '1.3.6.1.6.3.1.1.4.1.0';
const ENTERPRISE = '1.3.6.1.4.1.32473.7';
const TAG = { get: 0xa0, trapV1: 0xa4, inform: 0xa6, trapV2: 0xa7 } as const;
const V1 = 0;
const GENERIC_TRAPS = 6;
const FLOOD_COUNT = 3_000;
export const SPOOFED_SOURCES = 200;
const INFORM_COPIES = 5;
const NEW_KINDS = 400;
const FLAPS_A_SECOND = 500;
const LONG_TEXT_OCTETS = 60_000;
const NOISE_DATAGRAMS = 50;
const LONGEST_NOISE_OCTETS = 200;
/** Of another device, that the message says it is. */
export const LYING_ADDRESS = [192, 0, 2, 77] as const;
const UP_AND_WELL = timeTicks(4_200);

/** The PDU of a notification as RFC 3416 §4.2.6 has it. */
function notification(trap: string, requestId = 1, tag: number = TAG.trapV2, more: Octets[] = []) {
  const varbinds = [varbind(OBJECT.sysUpTime, UP_AND_WELL), varbind(SNMP_TRAP_OID, oid(trap))];
  return { tag, requestId, varbinds: [...varbinds, ...more] };
}

/** A v2c message with a notification in it. */
export function trapMessage(
  community: string,
  trap: string,
  requestId = 1,
  tag: number = TAG.trapV2,
  more: Octets[] = [],
): Octets {
  return communityMessage({ community, ...notification(trap, requestId, tag, more) });
}

/** RFC 1157 §4.1.6. */
function trapV1(community: string, generic: number, specific: number): Octets {
  const content = Buffer.concat([
    oid(ENTERPRISE),
    tlv(0x40, LYING_ADDRESS),
    integer(generic),
    integer(specific),
    UP_AND_WELL,
    sequence(),
  ]);
  return sequence(integer(V1), octetString(community), tlv(TAG.trapV1, content));
}

function* malformed({ community, random }: TrapStage): Iterable<SentTrap> {
  const whole = trapMessage(community, TRAP.linkDown);
  for (let length = 0; length < whole.length; length += 3)
    yield { octets: whole.subarray(0, length) };
  for (let sent = 0; sent < NOISE_DATAGRAMS; sent += 1) {
    const length = Math.floor(random.next() * LONGEST_NOISE_OCTETS);
    yield { octets: Buffer.from(random.bytes(length)) };
  }
  const long = varbind(OBJECT.sysDescr, octetString('x'.repeat(LONG_TEXT_OCTETS)));
  yield { octets: trapMessage(community, TRAP.coldStart, 1, TAG.trapV2, [long]) };
  yield { octets: trapMessage(community, TRAP.coldStart, 2, TAG.get) };
  const without = [varbind(OBJECT.sysDescr, octetString('no trap'))];
  yield {
    octets: communityMessage({ community, tag: TAG.trapV2, requestId: 3, varbinds: without }),
  };
}

/** Traps without sysUpTime: many agents send them. */
function withoutUptime(community: string): Octets {
  const varbinds = [varbind(SNMP_TRAP_OID, oid(TRAP.coldStart))];
  return communityMessage({ community, tag: TAG.trapV2, requestId: 4, varbinds });
}

function* forgedV3({ clock, random }: TrapStage): Iterable<SentTrap> {
  const engine = new V3Engine(clock, random);
  const content = pdu(notification(TRAP.linkDown));
  const right = engine.notification(content, 1);
  const spoilt = Buffer.from(right);
  spoilt[spoilt.length - 1]! ^= 0xff;
  yield { octets: spoilt };
  yield { octets: engine.notification(content, 2, { userName: 'guest' }) };
  yield { octets: engine.notification(content, 3, { flags: 0, userName: V3_USER.name }) };
  yield { octets: right };
  yield { octets: right };
  const { boots, timeSeconds } = engine;
  yield { octets: engine.notification(content, 4, { timeSeconds: timeSeconds - 1_000 }) };
  yield { octets: engine.notification(content, 5, { boots: boots - 1 }) };
}

/** Rows 35 to 40: what comes to the trap port. */
export const TRAP_MODES: readonly TrapMode[] = [
  {
    row: 35,
    name: 'flood',
    does: 'sends 3,000 traps of three kinds, some in a wrong community',
    *traps({ community }) {
      const kinds = [TRAP.linkDown, TRAP.linkUp, TRAP.authenticationFailure];
      for (let sent = 0; sent < FLOOD_COUNT; sent += 1) {
        const said = sent % 10 === 9 ? 'guessed' : community;
        yield { octets: trapMessage(said, kinds[sent % kinds.length]!, sent) };
      }
    },
  },
  {
    row: 35,
    name: 'spoofed-sources',
    does: 'sends from 200 addresses of nobody',
    *traps({ community }) {
      for (let source = 1; source <= SPOOFED_SOURCES; source += 1) {
        yield { octets: trapMessage(community, TRAP.linkDown, source), from: `127.7.0.${source}` };
      }
    },
  },
  {
    row: 36,
    name: 'v1-lying',
    does: 'sends v1 traps that name another address',
    *traps({ community }) {
      for (let generic = 0; generic < GENERIC_TRAPS; generic += 1) {
        yield { octets: trapV1(community, generic, 0) };
      }
      yield { octets: trapV1(community, GENERIC_TRAPS, 42) };
      yield { octets: trapV1(community, GENERIC_TRAPS + 1, 0) };
    },
  },
  {
    row: 37,
    name: 'inform-repeated',
    does: 'sends one inform five times',
    *traps({ community }) {
      const octets = trapMessage(community, TRAP.linkDown, 7, TAG.inform);
      for (let copy = 0; copy < INFORM_COPIES; copy += 1) yield { octets };
    },
  },
  {
    row: 38,
    name: 'malformed-traps',
    does: 'sends what is no trap, or too long',
    traps: malformed,
  },
  {
    row: 38,
    name: 'traps-without-uptime',
    does: 'leaves out sysUpTime',
    *traps({ community }) {
      yield { octets: withoutUptime(community) };
    },
  },
  {
    row: 38,
    name: 'ever-new-kinds',
    does: 'sends a new kind of trap each time',
    *traps({ community }) {
      for (let kind = 1; kind <= NEW_KINDS; kind += 1) {
        yield { octets: trapMessage(community, `${ENTERPRISE}.0.${kind}`, kind) };
      }
    },
  },
  {
    row: 39,
    name: 'forged-v3-traps',
    does: 'sends v3 traps that are forged, replayed, old, or in the clear, and one that is true',
    traps: forgedV3,
  },
  {
    row: 40,
    name: 'flap',
    does: 'sends linkDown and linkUp in turn, 500 of them',
    *traps({ community }) {
      for (let sent = 0; sent < FLAPS_A_SECOND; sent += 1) {
        const trap = sent % 2 === 0 ? TRAP.linkDown : TRAP.linkUp;
        yield { octets: trapMessage(community, trap, sent) };
      }
    },
  },
];
