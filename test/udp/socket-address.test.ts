import { SocketAddress } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addressAt,
  isSameSocketAddress,
  portAt,
  socketAddressOf,
} from '../../lib/udp/socket-address.ts';

const port = fc.integer({ min: 0, max: 65_535 });

describe('an address as the system takes it', () => {
  it('is IPv4: family, port and address in network order', () => {
    expect([...socketAddressOf('192.0.2.7', 161)!]).toEqual([
      2, 0, 0, 161, 192, 0, 2, 7, 0, 0, 0, 0, 0, 0, 0, 0,
    ]);
  });

  it('is IPv6, with the number of its zone', () => {
    const octets = socketAddressOf('fe80::1%3', 0x1234)!;
    expect([...octets.subarray(0, 4)]).toEqual([10, 0, 0x12, 0x34]);
    expect([...octets.subarray(8, 24)]).toEqual([0xfe, 0x80, ...Array(13).fill(0), 1]);
    expect([...octets.subarray(24)]).toEqual([3, 0, 0, 0]);
  });

  it.each(['', 'host.example.org', '192.0.2', '192.0.2.256', '1.2.3.4.5'])('is not %j', (text) => {
    expect(socketAddressOf(text, 1)).toBeNull();
  });

  it('comes back as it went in, IPv4', () => {
    fc.assert(
      fc.property(fc.ipV4(), port, (address, number) => {
        const octets = socketAddressOf(address, number)!;
        expect(addressAt(octets, 0)).toBe(address);
        expect(portAt(octets, 0)).toBe(number);
      }),
    );
  });

  it('comes back in its canonical form, IPv6', () => {
    fc.assert(
      fc.property(fc.ipV6(), port, (address, number) => {
        const octets = socketAddressOf(address, number)!;
        const canonical = new SocketAddress({ address, family: 'ipv6' }).address;
        expect(addressAt(octets, 0)).toBe(canonical);
        expect(portAt(octets, 0)).toBe(number);
      }),
    );
  });

  it('is the same only when family, address and port are', () => {
    const here = socketAddressOf('192.0.2.7', 161)!;
    const shifted = new Uint8Array([0, 0, ...here]);
    expect(isSameSocketAddress(shifted, 2, here)).toBe(true);
    expect(isSameSocketAddress(here, 0, socketAddressOf('192.0.2.7', 162)!)).toBe(false);
    expect(isSameSocketAddress(here, 0, socketAddressOf('192.0.2.8', 161)!)).toBe(false);
    const there = socketAddressOf('2001:db8::1', 161)!;
    expect(isSameSocketAddress(there, 0, here)).toBe(false);
    expect(isSameSocketAddress(there, 0, socketAddressOf('2001:db8::1%9', 161)!)).toBe(true);
    expect(isSameSocketAddress(there, 0, socketAddressOf('2001:db8::2', 161)!)).toBe(false);
  });
});
