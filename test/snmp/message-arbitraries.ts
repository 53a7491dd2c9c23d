import fc from 'fast-check';
import type { Pdu, PlainPduType } from '../../collector/snmp/pdu-object.ts';
import type { Varbind } from '../../collector/snmp-client.ts';

export const unsigned32 = fc.oneof(
  fc.integer({ min: 0, max: 300 }),
  fc.integer({ min: 0, max: 4_294_967_295 }),
  fc.constantFrom(127, 128, 255, 256, 32_767, 32_768, 2_147_483_647, 2_147_483_648, 4_294_967_295),
);

export const integer32 = fc.oneof(
  fc.integer({ min: -300, max: 300 }),
  fc.integer({ min: -2_147_483_648, max: 2_147_483_647 }),
  fc.constantFrom(-128, -129, -32_768, -32_769, -2_147_483_648, 2_147_483_647),
);

const unsigned64 = fc.oneof(
  fc.bigInt({ min: 0n, max: 18_446_744_073_709_551_615n }),
  unsigned32.map(BigInt),
  fc.constantFrom(2n ** 53n + 1n, 2n ** 63n, 2n ** 64n - 1n),
);

/** OIDs within what X.690 §8.19.4 can express, up to the 128 sub-identifiers of RFC 2578 §3.5. */
export const oid = fc
  .tuple(
    fc.oneof(
      fc.tuple(fc.constantFrom(0, 1), fc.integer({ min: 0, max: 39 })),
      fc.tuple(fc.constant(2), fc.integer({ min: 0, max: 4_294_967_215 })),
    ),
    fc.oneof(fc.array(unsigned32, { maxLength: 14 }), fc.array(unsigned32, { maxLength: 126 })),
  )
  .map(([root, rest]) => [...root, ...rest].join('.'));

const octets = fc.oneof(
  fc.uint8Array({ maxLength: 20 }),
  fc.uint8Array({ minLength: 100, maxLength: 300 }),
);

const value: fc.Arbitrary<Pick<Varbind, 'type' | 'value'>> = fc.oneof(
  integer32.map((number) => ({ type: 'integer', value: number }) as const),
  fc
    .tuple(fc.constantFrom('counter32', 'gauge32', 'time-ticks'), unsigned32)
    .map(([type, number]) => ({ type, value: number }) as const),
  unsigned64.map((number) => ({ type: 'counter64', value: number }) as const),
  octets.map((string) => ({ type: 'octet-string', value: string }) as const),
  fc
    .double({ noDefaultInfinity: true, noNaN: true })
    .map((number) => ({ type: 'opaque', value: number }) as const),
  oid.map((text) => ({ type: 'oid', value: text }) as const),
  fc.ipV4().map((address) => ({ type: 'ip-address', value: address }) as const),
  fc
    .constantFrom('null', 'no-such-object', 'no-such-instance', 'end-of-mib-view')
    .map((type) => ({ type, value: null }) as const),
);

export const varbind: fc.Arbitrary<Varbind> = fc
  .tuple(oid, value)
  .map(([name, rest]) => ({ oid: name, ...rest }));

const varbinds = fc.oneof(
  fc.array(varbind, { maxLength: 8 }),
  fc.array(varbind, { minLength: 60, maxLength: 140 }),
);

const plain = (types: readonly PlainPduType[]): fc.Arbitrary<Pdu> =>
  fc.record({
    type: fc.constantFrom(...types),
    requestId: integer32,
    errorStatus: integer32,
    errorIndex: integer32,
    varbinds,
  });

const trap: fc.Arbitrary<Pdu> = fc.record({
  type: fc.constant('trap-v1' as const),
  enterprise: oid,
  agentAddress: fc.ipV4(),
  genericTrap: integer32,
  specificTrap: integer32,
  timestamp: unsigned32,
  varbinds,
});

const bulk: fc.Arbitrary<Pdu> = fc.record({
  type: fc.constant('get-bulk' as const),
  requestId: integer32,
  nonRepeaters: integer32,
  maxRepetitions: integer32,
  varbinds,
});

const COMMON_TYPES: readonly PlainPduType[] = ['get', 'get-next', 'response', 'set'];
const LATER_TYPES: readonly PlainPduType[] = ['inform', 'trap-v2', 'report'];

export const pduOfV1 = fc.oneof(plain(COMMON_TYPES), trap);
export const pduOfV2 = fc.oneof(plain([...COMMON_TYPES, ...LATER_TYPES]), bulk);
