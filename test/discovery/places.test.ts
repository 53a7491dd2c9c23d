import { describe, expect, test } from 'vitest';
import type { DeviceFacts } from '../../collector/discovery/device-facts.ts';
import { placeOf } from '../../collector/discovery/place-of.ts';
import {
  type Configured,
  NOTHING_CONFIGURED,
  proposeDevices,
} from '../../collector/discovery/propose.ts';
import { site } from '../api/fake-config.ts';
import { facts } from './facts.ts';

function propose(devices: readonly DeviceFacts[], configured: Configured = NOTHING_CONFIGURED) {
  return proposeDevices({ devices, locked: [], silentCount: 0 }, configured);
}

describe('a location', () => {
  test.each([
    ['DC1, Row B, Rack 12', 'DC1'],
    ['Rack 3, Row 2, Frankfurt DC', 'Frankfurt DC'],
    ['Frankfurt DC Rack 3', 'Frankfurt DC'],
    ['Frankfurt DC / Hall 2 / Rack B07 / U12', 'Frankfurt DC'],
    ['Germany/Frankfurt/DC1/Rack 4', 'Frankfurt DC1'],
    ['Building 7, 2nd floor, Room 204', 'Building 7'],
    ['123 Main Street, Springfield, IL 62701', '123 Main Street'],
    ['Equinix FR5:Cage 12:Rack 4', 'Equinix FR5'],
    ['NYC-DC2-R14-U22', 'NYC-DC2'],
    ['HQ - server room', 'HQ'],
    ['Room 12, Town Hall', 'Town Hall'],
    ['Site 12', 'Site 12'],
    ['上海机房 3楼 A05机柜', '上海机房'],
    ['北京市海淀区中关村机房2号机柜5', '北京市海淀区中关村机房'],
  ])('%j names the site %j', (location, place) => {
    expect(placeOf(location)).toBe(place);
  });

  test.each([
    ...['Rack 3', 'rack-3', 'Cabinet A7', 'Schrank 4', 'IDF 2', 'U42', '机柜12', '弱电间'],
    ...['2nd floor IT closet', 'Floor 3 - West Wing', 'Server Room', 'Data Center', 'Ground floor'],
    ...['52.5200, 13.4050', 'lat 52.52, lon 13.40', "John's desk", 'Under the desk', '42', ''],
    ...['<edit /etc/snmp/snmpd.conf>', 'Unknown (edit /etc/snmp/snmpd.conf)', 'N/A'],
  ])('%j names none', (location) => {
    expect(placeOf(location)).toBe('');
  });

  test('is read no further than a location may go, whatever an agent sends', () => {
    expect(placeOf('a'.repeat(300))).toHaveLength(255);
    expect(placeOf(`${'-'.repeat(60_000)}Leipzig`)).not.toContain('Leipzig');
  });

  test('of a rack alone makes no site, and the device says what its location is', () => {
    const { devices, sites } = propose([facts('lone', { sysLocation: 'Rack 3' })]);
    expect(sites).toEqual([{ id: 'unplaced', name: 'Not placed yet' }]);
    expect(devices[0]?.comments.join()).toContain('its location is "Rack 3"');
  });

  test('in other letters has an id by number and its own name, and the same ones again', () => {
    const found = [
      facts('a', { address: '192.0.2.1', sysLocation: '浦东机房 A05机柜' }),
      facts('b', { address: '192.0.2.2', sysLocation: '上海机房, 3楼' }),
      facts('c', { address: '192.0.2.3', sysLocation: '上海机房 4楼' }),
    ];
    const first = propose(found);
    expect(first.sites).toEqual([
      { id: 'site-1', name: '上海机房' },
      { id: 'site-2', name: '浦东机房' },
    ]);
    const sites = [site('site-1', '上海机房'), site('site-2', '浦东机房')];
    const again = propose(
      [...found, facts('d', { address: '192.0.2.4', sysLocation: '宝山机房' })],
      { ...NOTHING_CONFIGURED, sites },
    );
    expect(again.sites).toEqual([{ id: 'site-3', name: '宝山机房' }]);
    const siteOf = new Map(again.devices.map((device) => [device.id, device.site]));
    expect(['a', 'b', 'c'].map((id) => siteOf.get(id))).toEqual(['site-2', 'site-1', 'site-1']);
  });
});
