import type { Bench } from '../bench.ts';
import { runWorker } from '../processes.ts';
import type { Figure } from '../report.ts';
import { median, noise, ratio } from '../statistics.ts';
import type { OwnCodecResult } from './own-codec.ts';
import type { PackageCodecResult } from './package-codec.ts';

const MICROSECOND_NS = 1_000;
/** Of the seconds given, for each thing that is timed. */
const SHARE = 0.1;

/** What reading and writing messages costs without a network around it. */
export const codecBench: Bench = {
  name: 'codec',
  title: 'messages read and written, without a network',
  async run(context) {
    const own: OwnCodecResult[] = [];
    const theirs: PackageCodecResult[] = [];
    const task = { seconds: context.seconds * SHARE };
    for (let round = 1; round <= context.rounds; round += 1) {
      context.progress(`codec: round ${round} of ${context.rounds}`);
      own.push(await runWorker(new URL('./own-codec.ts', import.meta.url), task));
      theirs.push(await runWorker(new URL('./package-codec.ts', import.meta.url), task));
    }
    const varbinds = own[0]!.varbindsPerPdu;
    const of = (pick: (result: OwnCodecResult) => number) => median(own.map(pick))!;
    const decode = of((result) => result.decodeNsPerPdu);
    const encode = of((result) => result.encodeNsPerPdu);
    const packageDecode = median(theirs.map((result) => result.decodeNsPerPdu))!;
    const rows = [
      ['decode, ours', decode / varbinds, decode, noise(own.map((each) => each.decodeNsPerPdu))],
      [
        'decode, npm net-snmp',
        packageDecode / varbinds,
        packageDecode,
        noise(theirs.map((each) => each.decodeNsPerPdu)),
      ],
      [
        'encode a response',
        encode / varbinds,
        encode,
        noise(own.map((each) => each.encodeNsPerPdu)),
      ],
      ['request from its template', null, of((result) => result.requestNs), ''],
      ['request and reply, v2c', null, of((result) => result.pairV2cNs), ''],
      ['request and reply, v3 authPriv', null, of((result) => result.pairV3Ns), ''],
    ];
    const added =
      (of((result) => result.pairV3Ns) - of((result) => result.pairV2cNs)) / MICROSECOND_NS;
    return {
      tables: [{ columns: ['step', 'ns per varbind', 'ns per message', 'noise'], rows }],
      figures: figuresOf(ratio(packageDecode, decode), decode / varbinds, added, own),
      notes: [
        `${varbinds.toFixed(0)} varbinds in a message on average, as fit one Ethernet frame; v3 is SHA-256 with AES-128`,
        'CPU time, the best of three trials in each round, the median of the rounds',
      ],
    };
  },
};

function figuresOf(
  decodeRatio: number | null,
  decodeNs: number,
  addedMicroseconds: number,
  own: readonly OwnCodecResult[],
): Figure[] {
  return [
    {
      key: 'codec_net_snmp_to_own',
      what: 'decoding with npm net-snmp to ours, CPU',
      value: decodeRatio,
      goal: null,
    },
    { key: 'codec_decode_ns', what: 'decoding a varbind, ns', value: decodeNs, goal: null },
    {
      key: 'codec_v3_added_us',
      what: 'authPriv over v2c, request and reply',
      value: addedMicroseconds,
      goal: { atMost: 15, unit: 'µs' },
    },
    {
      key: 'codec_keys_10000_engines_s',
      what: 'keys for 10,000 engines',
      value: median(own.map((result) => result.keysSeconds)),
      goal: { atMost: 1, unit: 's' },
    },
  ];
}
