/** A process of its own: feeds the decoder with mutated datagrams, as many as it is told. */
import { newBerWriter, startWriting, writtenOctets } from '../../collector/snmp/ber-writer.ts';
import { decodeMessage, decodeScopedPdu } from '../../collector/snmp/decode-message.ts';
import { encodeMessage } from '../../collector/snmp/encode-message.ts';
import { writePdu } from '../../collector/snmp/encode-pdu.ts';
import { ENCRYPTED, newMessageView } from '../../collector/snmp/message-view.ts';
import { type Pdu, pduObject } from '../../collector/snmp/pdu-object.ts';
import { writeScopedFrame } from '../../collector/snmp/request-template.ts';
import { VERSION_3 } from '../../collector/snmp/tags.ts';
import { newSalts } from '../../collector/snmp/usm/salts.ts';
import { sealMessage } from '../../collector/snmp/usm/seal-message.ts';
import { newKeyStore } from '../../collector/snmp/usm/user-keys.ts';
import type { Varbind } from '../../collector/snmp-client.ts';
import { systemClock } from '../../lib/clock.ts';
import { seededRandom } from '../../lib/random.ts';
import { SECOND } from '../../lib/time.ts';
import { ownCpuSeconds, ownPeakMemoryMb } from '../cpu-time.ts';
import { takeTask, tell } from '../processes.ts';
import { mutate } from './mutate.ts';

export interface FuzzResult {
  readonly datagrams: number;
  readonly accepted: number;
  readonly crashes: number;
  readonly firstCrash: string | null;
  readonly slowestMs: number;
  readonly slowestHex: string;
  readonly cpuSeconds: number;
  readonly memoryMb: number;
}

const { count, seed, secondsAtMost } = takeTask<{
  readonly count: number;
  readonly seed: number;
  readonly secondsAtMost: number;
}>();
const random = seededRandom(seed);
const writer = newBerWriter(65_507);
const view = newMessageView();
const ENGINE_ID = Buffer.from('80001f8804656e67696e65', 'hex');
/** The clock is looked at this often; the slowest datagram is timed each by each. */
const DATAGRAMS_BETWEEN_LOOKS = 1_024;
const LONGEST_HEX = 400;

const VALUES: readonly Omit<Varbind, 'oid'>[] = [
  { type: 'integer', value: -5 },
  { type: 'octet-string', value: Buffer.from('a name of some length') },
  { type: 'oid', value: '1.3.6.1.4.1.4294967295.1' },
  { type: 'ip-address', value: '192.0.2.1' },
  { type: 'counter32', value: 4_294_967_295 },
  { type: 'gauge32', value: 1_000_000_000 },
  { type: 'time-ticks', value: 12_345 },
  { type: 'opaque', value: 21.5 },
  { type: 'counter64', value: 2n ** 60n + 1n },
  { type: 'no-such-instance', value: null },
  { type: 'end-of-mib-view', value: null },
];
const varbinds = VALUES.map((value, index) => ({
  oid: `1.3.6.1.2.1.2.2.1.${index}.1000`,
  ...value,
}));
const head = { requestId: 0x0102_0304, errorStatus: 0, errorIndex: 0, varbinds };

function community(version: 'v1' | 'v2c', pdu: Pdu): Buffer {
  const refusal = encodeMessage(writer, version, Buffer.from('community'), pdu);
  if (refusal !== null) throw new Error(refusal);
  return Buffer.from(writtenOctets(writer));
}

function sealed(flags: number): Buffer {
  const store = newKeyStore(random);
  const password = Buffer.from('a password to fuzz with');
  const user = store.user({
    name: 'monitor',
    authentication: { protocol: 'sha256', password },
    privacy: { protocol: 'aes128', password },
  });
  const keys = store.keys(user, ENGINE_ID);
  const inner = newBerWriter(2_048);
  startWriting(inner);
  if (writePdu(inner, { type: 'response', ...head }) !== null) throw new Error('does not fit');
  writeScopedFrame(inner, ENGINE_ID, new Uint8Array(0));
  const time = { boots: 3, timeSeconds: 1_000 };
  const envelope = { messageId: 5, flags, engineId: ENGINE_ID, time, userName: user.name, keys };
  if (!sealMessage(writer, writtenOctets(inner), envelope, newSalts(random))) throw new Error();
  return Buffer.from(writtenOctets(writer));
}

/** Reads all there is to read, as whoever uses the values would; false when it was refused. */
function readAll(datagram: Buffer): boolean {
  if (decodeMessage(view, datagram) !== null) return false;
  if (view.version === VERSION_3) {
    if ((view.flags & ENCRYPTED) !== 0) return true;
    const { payloadStart, payloadEnd } = view;
    if (decodeScopedPdu(view, datagram, payloadStart, payloadEnd) !== null) return false;
  }
  return pduObject(view.pdu).varbinds.length <= datagram.length;
}

const seeds = [
  community('v1', { type: 'response', ...head }),
  community('v2c', { type: 'response', ...head }),
  community('v2c', { type: 'inform', ...head }),
  community('v1', {
    type: 'trap-v1',
    enterprise: '1.3.6.1.4.1.8072',
    agentAddress: '192.0.2.1',
    genericTrap: 6,
    specificTrap: 1,
    timestamp: 5,
    varbinds,
  }),
  ...[0, 1, 3].map(sealed),
];
const untilMs = systemClock.monotonicMs() + secondsAtMost * SECOND;
const cpuBefore = ownCpuSeconds();
let datagrams = 0;
let accepted = 0;
let crashes = 0;
let firstCrash: string | null = null;
let slowestMs = 0;
let slowest: Buffer = Buffer.alloc(0);
for (; datagrams < count; datagrams += 1) {
  const isLook = datagrams % DATAGRAMS_BETWEEN_LOOKS === 0;
  if (isLook && systemClock.monotonicMs() > untilMs) break;
  const datagram = mutate(seeds[datagrams % seeds.length]!, random);
  const startedMs = systemClock.monotonicMs();
  try {
    if (readAll(datagram)) accepted += 1;
  } catch (error) {
    crashes += 1;
    firstCrash ??= `${error instanceof Error ? error.stack : error} at ${datagram.toString('hex')}`;
  }
  const tookMs = systemClock.monotonicMs() - startedMs;
  if (tookMs <= slowestMs) continue;
  slowestMs = tookMs;
  slowest = datagram;
}

/** Once more, alone: what the system or the garbage collector took in between does not count. */
function againMs(datagram: Buffer): number {
  let best = Number.POSITIVE_INFINITY;
  for (let trial = 0; trial < 50; trial += 1) {
    const startedMs = systemClock.monotonicMs();
    try {
      readAll(datagram);
    } catch {
      // Counted above.
    }
    best = Math.min(best, systemClock.monotonicMs() - startedMs);
  }
  return best;
}

const result: FuzzResult = {
  datagrams,
  accepted,
  crashes,
  firstCrash,
  slowestMs: againMs(slowest),
  slowestHex: slowest.toString('hex').slice(0, LONGEST_HEX),
  cpuSeconds: ownCpuSeconds() - cpuBefore,
  memoryMb: ownPeakMemoryMb(),
};
tell(result);
