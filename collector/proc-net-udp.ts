import { isIPv6 } from 'node:net';
import { canonicalAddress } from '../config/address.ts';

const IPV6_GROUPS = 8;

/**
 * Datagrams that the Linux kernel has dropped for want of room at the UDP sockets bound to an address
 * and port, from the text of `/proc/net/udp` or `/proc/net/udp6`. Null when no such socket is listed.
 */
export function kernelDrops(procText: string, address: string, port: number): number | null {
  const wanted = `${hexAddress(address)}:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  let drops: number | null = null;
  for (const line of procText.split('\n').slice(1)) {
    const fields = line.trim().split(/\s+/);
    if (fields[1] !== wanted) continue;
    const count = Number(fields.at(-1));
    if (Number.isSafeInteger(count)) drops = (drops ?? 0) + count;
  }
  return drops;
}

/** Which file tells about sockets of that address. */
export function procFileOf(address: string): string {
  return isIPv6(address) ? '/proc/net/udp6' : '/proc/net/udp';
}

/** The kernel prints an address as words of 32 bits in the order of the machine. */
function hexAddress(address: string): string {
  const octets = isIPv6(address) ? octetsOfIpv6(address) : address.split('.').map(Number);
  const words: string[] = [];
  for (let at = 0; at < octets.length; at += 4) {
    const word = Uint32Array.from([Buffer.from(octets.slice(at, at + 4)).readUInt32BE(0)]);
    const machine = new Uint8Array(word.buffer);
    const isLittleEndian = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;
    words.push(Buffer.from(isLittleEndian ? machine : machine.toReversed()).toString('hex'));
  }
  return words.join('').toUpperCase();
}

function octetsOfIpv6(address: string): number[] {
  const [head = '', tail = ''] = canonicalAddress(address).replace(/%.*$/, '').split('::');
  const groups = (part: string) =>
    part === '' ? [] : part.split(':').map((each) => parseInt(each, 16));
  const front = groups(head);
  const back = groups(tail);
  const zeros = new Array<number>(IPV6_GROUPS - front.length - back.length).fill(0);
  return [...front, ...zeros, ...back].flatMap((group) => [group >> 8, group & 0xff]);
}
