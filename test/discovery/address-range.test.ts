import { describe, expect, test } from 'vitest';
import { addressesOf } from '../../collector/discovery/address-range.ts';

function addresses(...texts: string[]): readonly string[] {
  const ranges = addressesOf(texts);
  if (ranges.kind === 'faults') throw new Error(ranges.faults.join());
  return ranges.addresses;
}

function faults(...texts: string[]): readonly string[] {
  const ranges = addressesOf(texts);
  return ranges.kind === 'faults' ? ranges.faults : [];
}

describe('a range', () => {
  test('of IPv4 leaves out the addresses of the network and of all', () => {
    expect(addresses('192.0.2.77/30')).toEqual(['192.0.2.77', '192.0.2.78']);
    expect(addresses('192.0.2.0/31')).toEqual(['192.0.2.0', '192.0.2.1']);
    expect(addresses('192.0.2.9/32')).toEqual(['192.0.2.9']);
  });

  test('of IPv6 has every address, in the spelling of RFC 5952', () => {
    expect(addresses('2001:DB8:0::fe/127')).toEqual(['2001:db8::fe', '2001:db8::ff']);
  });

  test('may be written from … to, or as one address', () => {
    expect(addresses('192.0.2.254-192.0.3.1')).toEqual([
      '192.0.2.254',
      '192.0.2.255',
      '192.0.3.0',
      '192.0.3.1',
    ]);
    expect(addresses('::1')).toEqual(['::1']);
  });

  test('asks each address once, however often it is named', () => {
    expect(addresses('192.0.2.0/30', '192.0.2.1')).toEqual(['192.0.2.1', '192.0.2.2']);
  });
});

describe('what is no range', () => {
  test.each([
    ['192.0.2.0/33', /is not a range of addresses; expected a range such as 192.0.2.0\/24/],
    ['core-1', /is not a range/],
    ['010.0.0.1', /is not a range/],
    ['192.0.2.9-192.0.2.1', /ends before it begins/],
    ['192.0.2.1-2001:db8::1', /of different kinds/],
    ['224.0.0.1', /not the address of one device/],
    ['10.0.0.0/8', /16,777,214 addresses; at most 65,536/],
    ['2001:db8::/64', /18,446,744,073,709,551,616 addresses; at most 65,536/],
  ])('%s is refused at once', (text, message) => {
    expect(faults(text)).toHaveLength(1);
    expect(faults(text)[0]).toMatch(message);
  });

  test('every fault is told', () => {
    expect(faults('x', '192.0.2.0/24', 'y')).toHaveLength(2);
  });
});
