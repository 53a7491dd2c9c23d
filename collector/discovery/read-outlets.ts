import type { Varbind } from '../snmp-client.ts';
import type { ColumnToRead } from '../table-reader.ts';
import type { OutletFacts } from './device-facts.ts';
import { cleanTextOf, indexParts } from './snmp-texts.ts';

/** One object each that only power systems answer. */
export const POWER_MARKERS = {
  upsIdentModel: '1.3.6.1.2.1.33.1.1.2.0',
  upsBatteryStatus: '1.3.6.1.2.1.33.1.2.1.0',
  upsIdentAttachedDevices: '1.3.6.1.2.1.33.1.1.6.0',
  upsBasicIdentModel: '1.3.6.1.4.1.318.1.1.1.1.1.1.0',
  rPDU2IdentName: '1.3.6.1.4.1.318.1.1.26.2.1.3.1',
  rPDUIdentName: '1.3.6.1.4.1.318.1.1.12.1.1.0',
  atsIdentModelNumber: '1.3.6.1.4.1.318.1.1.8.1.5.0',
  xupsIdentModel: '1.3.6.1.4.1.534.1.1.2.0',
  upsmgIdentFamilyName: '1.3.6.1.4.1.705.1.1.1.0',
  lgpAgentIdentModel: '1.3.6.1.4.1.476.1.42.2.1.2.0',
  hwSiteName: '1.3.6.1.4.1.2011.6.164.1.1.1.2.0',
  dupsIdentManufacturer: '1.3.6.1.4.1.2254.2.4.1.1.0',
  pduName: '1.3.6.1.4.1.13742.6.3.2.2.1.13.1',
  serverTechVersion: '1.3.6.1.4.1.1718.3.1.1.0',
  st4SystemProductName: '1.3.6.1.4.1.1718.4.1.1.1.1.0',
} as const;

/** What the marker means, for people. */
const MARKER_WORDS: Readonly<Record<string, string>> = {
  upsIdentModel: 'answers UPS-MIB',
  upsBatteryStatus: 'answers UPS-MIB',
  upsBasicIdentModel: 'answers as an APC UPS',
  rPDU2IdentName: 'answers as an APC rack PDU',
  rPDUIdentName: 'answers as an APC rack PDU',
  atsIdentModelNumber: 'answers as an APC transfer switch',
  xupsIdentModel: 'answers as an Eaton UPS',
  upsmgIdentFamilyName: 'answers as an MGE UPS',
  lgpAgentIdentModel: 'answers as a Liebert system',
  hwSiteName: 'answers as a Huawei site monitor',
  dupsIdentManufacturer: 'answers as a Delta UPS',
  pduName: 'answers as a Raritan PDU',
  serverTechVersion: 'answers as a Server Technology PDU',
  st4SystemProductName: 'answers as a Server Technology PDU',
};

/** Enterprises (below 1.3.6.1.4.1) that make power systems and nothing else that is monitored. */
const POWER_ENTERPRISES: Readonly<Record<string, string>> = {
  '318': 'APC',
  '534': 'Eaton',
  '705': 'MGE',
  '476': 'Liebert',
  '850': 'Tripp Lite',
  '935': 'a UPS card of Megatec kind',
  '1718': 'Server Technology',
  '2254': 'Delta',
  '3808': 'CyberPower',
  '4555': 'Socomec',
  '5491': 'Riello',
  '12148': 'Eltek',
  '13742': 'Raritan',
  '20246': 'Delta Orion',
  '21239': 'Geist',
};

/** Columns that hold the names people give to outlets. */
export const OUTLET_NAMES: readonly ColumnToRead[] = [
  { name: 'rPDU2OutletSwitchedStatusName', oid: '1.3.6.1.4.1.318.1.1.26.9.2.3.1.3' },
  { name: 'rPDUOutletStatusOutletName', oid: '1.3.6.1.4.1.318.1.1.12.3.5.1.1.2' },
  { name: 'upsOutletGroupStatusName', oid: '1.3.6.1.4.1.318.1.1.1.12.1.2.1.2' },
  { name: 'epduOutletName', oid: '1.3.6.1.4.1.534.6.6.7.6.1.1.3' },
  { name: 'raritanOutletName', oid: '1.3.6.1.4.1.13742.6.3.5.3.1.3' },
  { name: 'sentry3OutletName', oid: '1.3.6.1.4.1.1718.3.2.3.1.3' },
  { name: 'st4OutletName', oid: '1.3.6.1.4.1.1718.4.1.8.2.1.3' },
];

/** Why a device is taken for a power system; null when nothing says so. */
export function powerReason(
  sysObjectId: string,
  answered: (oid: string) => Varbind | undefined,
): string | null {
  for (const [name, words] of Object.entries(MARKER_WORDS)) {
    const varbind = answered(POWER_MARKERS[name as keyof typeof POWER_MARKERS]);
    if (varbind !== undefined) return words;
  }
  const enterprise = /^1\.3\.6\.1\.4\.1\.(\d+)/.exec(sysObjectId)?.[1];
  const maker = enterprise === undefined ? undefined : POWER_ENTERPRISES[enterprise];
  return maker === undefined ? null : `made by ${maker}`;
}

/** Names of outlets, and what upsIdentAttachedDevices (RFC 1628) says hangs on the output. */
export function readOutlets(
  cells: ReadonlyMap<string, ReadonlyMap<string, Varbind>>,
  attached: Varbind | undefined,
): OutletFacts[] {
  const outlets: OutletFacts[] = [];
  for (const rows of cells.values()) {
    for (const [index, varbind] of rows) {
      const label = cleanTextOf(varbind);
      if (label !== '') outlets.push({ outlet: String(indexParts(index).at(-1)), label });
    }
  }
  const words = cleanTextOf(attached)
    .split(/[,;|]/)
    .map((word) => word.trim());
  for (const label of words) if (label !== '') outlets.push({ outlet: 'output', label });
  return outlets;
}
