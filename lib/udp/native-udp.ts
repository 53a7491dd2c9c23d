import { constants, endianness } from 'node:os';
import { type Clock, systemClock } from '../clock.ts';
import { type AddressOf, HEADER_OCTETS } from './message-vector.ts';
import { BATCH_SIZE } from './receive-batch.ts';
import {
  AF_INET,
  AF_INET6,
  type IpFamily,
  portAt,
  SOCKET_ADDRESS_OCTETS,
} from './socket-address.ts';
import type { OpenedUdp, UdpCalls } from './udp-calls.ts';

/** Linux `<sys/socket.h>` and `<netinet/in.h>`, the same on all 64-bit machines that Node runs on. */
const SOCK_DGRAM = 2;
const SOCK_NONBLOCK = 0o4000;
const SOCK_CLOEXEC = 0o2000000;
const MSG_DONTWAIT = 0x40;
const SOL_SOCKET = 1;
const SO_RCVBUF = 8;
const SO_TIMESTAMPNS = 35;
const IPPROTO_IPV6 = 41;
const IPV6_V6ONLY = 26;
const CLOCK_REALTIME = 0;
const INTEGER_OCTETS = 4;
const NO_TIMEOUT = 0n;

const SUPPORTED_MACHINES = new Set(['x64', 'arm64']);

/** What was loaded, and where buffers are in memory, for those who make batches. */
export interface NativeUdp {
  readonly calls: UdpCalls;
  /** Sockets of the system live in its time, also beside a simulated clock. */
  readonly clock: Clock;
  readonly addressOf: AddressOf;
}

/**
 * The system calls of Linux by way of `node:ffi`. null where the platform, or this Node, has no such
 * thing; one datagram at a time through `node:dgram` does the same there, at several times the cost.
 */
export function loadNativeUdp(): NativeUdp | null {
  const isFit =
    process.platform === 'linux' && SUPPORTED_MACHINES.has(process.arch) && endianness() === 'LE';
  const ffi = isFit ? process.getBuiltinModule('node:ffi') : undefined;
  if (ffi === undefined) return null;
  try {
    const { functions } = ffi.dlopen(null, SIGNATURES);
    return {
      calls: callsOver(functions, (at) => ffi.getInt32(at)),
      clock: systemClock,
      addressOf: (octets) => ffi.getRawPointer(octets),
    };
  } catch {
    // Not allowed (--permission), or a C library without these functions.
    return null;
  }
}

const SIGNATURES = {
  socket: { arguments: ['i32', 'i32', 'i32'], return: 'i32' },
  bind: { arguments: ['i32', 'buffer', 'u32'], return: 'i32' },
  getsockname: { arguments: ['i32', 'buffer', 'buffer'], return: 'i32' },
  setsockopt: { arguments: ['i32', 'i32', 'i32', 'buffer', 'u32'], return: 'i32' },
  getsockopt: { arguments: ['i32', 'i32', 'i32', 'buffer', 'buffer'], return: 'i32' },
  recvmmsg: { arguments: ['i32', 'buffer', 'u32', 'i32', 'pointer'], return: 'i32' },
  sendmmsg: { arguments: ['i32', 'buffer', 'u32', 'i32'], return: 'i32' },
  clock_gettime: { arguments: ['i32', 'buffer'], return: 'i32' },
  close: { arguments: ['i32'], return: 'i32' },
  __errno_location: { arguments: [], return: 'pointer' },
} as const;

type Functions = ReturnType<typeof import('node:ffi').dlopen<typeof SIGNATURES>>['functions'];

function callsOver(c: Functions, readInt32: (at: bigint) => number): UdpCalls {
  const names = new Map(Object.entries(constants.errno).map(([name, code]) => [code, name]));
  // One number with two names.
  names.set(constants.errno.EAGAIN, 'EAGAIN');
  // Each thread has one place for it, and calls from its own.
  const errnoAt = c.__errno_location();
  const errnoName = () => names.get(readInt32(errnoAt)) ?? 'unknown';
  const setOption = (fd: number, level: number, option: number, value: number) =>
    c.setsockopt(fd, level, option, new Int32Array([value]), INTEGER_OCTETS);
  const time = new DataView(new ArrayBuffer(16));
  const open = (family: IpFamily, wantedReceiveBytes: number): OpenedUdp | string => {
    const isV6 = family === 'IPv6';
    const fd = c.socket(isV6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) return errnoName();
    const fail = () => {
      const name = errnoName();
      c.close(fd);
      return name;
    };
    if (isV6 && setOption(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1) < 0) return fail();
    const any = new Uint8Array(SOCKET_ADDRESS_OCTETS);
    any[0] = isV6 ? AF_INET6 : AF_INET;
    if (c.bind(fd, any, any.length) < 0) return fail();
    const nameLength = new Uint32Array([any.length]);
    if (c.getsockname(fd, any, nameLength) < 0) return fail();
    // Both may be refused; then the buffer stays as it was, and ages are not known.
    setOption(fd, SOL_SOCKET, SO_RCVBUF, wantedReceiveBytes);
    setOption(fd, SOL_SOCKET, SO_TIMESTAMPNS, 1);
    const got = new Int32Array(1);
    if (c.getsockopt(fd, SOL_SOCKET, SO_RCVBUF, got, new Uint32Array([INTEGER_OCTETS])) < 0) {
      return fail();
    }
    return { fd, localPort: portAt(any, 0), receiveBufferBytes: got[0]! };
  };
  return {
    open,
    receive(fd, { vector }) {
      for (;;) {
        const count = c.recvmmsg(fd, vector.headers, BATCH_SIZE, MSG_DONTWAIT, NO_TIMEOUT);
        if (count >= 0) return count;
        const name = errnoName();
        if (name === 'EAGAIN') return 0;
        if (name !== 'EINTR') return name;
      }
    },
    send(fd, { vector, count }, from) {
      for (;;) {
        const headers = from === 0 ? vector.headers : vector.headers.subarray(from * HEADER_OCTETS);
        const sent = c.sendmmsg(fd, headers, count - from, MSG_DONTWAIT);
        if (sent >= 0) return sent;
        const name = errnoName();
        if (name !== 'EINTR') return name;
      }
    },
    receiveClockMs() {
      c.clock_gettime(CLOCK_REALTIME, time);
      return Number(time.getBigInt64(0, true)) * 1000 + time.getUint32(8, true) / 1_000_000;
    },
    close(fd) {
      c.close(fd);
    },
  };
}
