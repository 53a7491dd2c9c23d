import { type ExporterModule, type ExporterObject, objectsBelow } from './exporter-module.ts';

const RFC = 'SNMPv2-MIB (RFC 3418)';
const SYSTEM = '1.3.6.1.2.1.1';
const SYS_OR_ENTRY = `${SYSTEM}.9.1`;

/** In hundredths of a second, as the device sends it. */
export const SYS_UP_TIME_OBJECT: ExporterObject = objectsBelow(SYSTEM, RFC, [
  [3, 'sysUpTime', 'gauge'],
])[0]!;

/** Module `system`: the group of that name. */
export const SYSTEM_MODULE: ExporterModule = {
  name: 'system',
  scalars: [
    SYS_UP_TIME_OBJECT,
    ...objectsBelow(SYSTEM, RFC, [
      [1, 'sysDescr', 'text'],
      [2, 'sysObjectID', 'octets'],
      [4, 'sysContact', 'text'],
      [5, 'sysName', 'text'],
      [6, 'sysLocation', 'text'],
      [7, 'sysServices', 'gauge'],
      [8, 'sysORLastChange', 'gauge'],
    ]),
  ],
  tables: [
    {
      indexLabel: 'sysORIndex',
      lookups: [{ label: 'sysORDescr', oid: `${SYS_OR_ENTRY}.3` }],
      columns: objectsBelow(SYS_OR_ENTRY, RFC, [
        [2, 'sysORID', 'octets'],
        [3, 'sysORDescr', 'text'],
        [4, 'sysORUpTime', 'gauge'],
      ]),
    },
  ],
};
