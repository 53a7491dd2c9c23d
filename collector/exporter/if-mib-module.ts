import { type ExporterModule, objectsBelow } from './exporter-module.ts';
import { IF_TYPES } from './if-types.ts';
import { SYS_UP_TIME_OBJECT } from './system-module.ts';

const RFC = 'IF-MIB (RFC 2863)';
const IF_ENTRY = '1.3.6.1.2.1.2.2.1';
const IF_X_ENTRY = '1.3.6.1.2.1.31.1.1.1';

/** Module `if_mib`: interfaces and ifXTable. */
export const IF_MIB_MODULE: ExporterModule = {
  name: 'if_mib',
  scalars: [SYS_UP_TIME_OBJECT, ...objectsBelow('1.3.6.1.2.1.2', RFC, [[1, 'ifNumber', 'gauge']])],
  tables: [
    {
      indexLabel: 'ifIndex',
      lookups: [
        { label: 'ifAlias', oid: `${IF_X_ENTRY}.18` },
        { label: 'ifDescr', oid: `${IF_ENTRY}.2` },
        { label: 'ifName', oid: `${IF_X_ENTRY}.1` },
      ],
      columns: [
        ...objectsBelow(IF_ENTRY, RFC, [
          [1, 'ifIndex', 'gauge'],
          [3, 'ifType', 'enum-info', { states: IF_TYPES }],
          [4, 'ifMtu', 'gauge'],
          [5, 'ifSpeed', 'gauge'],
          [6, 'ifPhysAddress', 'mac'],
          [7, 'ifAdminStatus', 'gauge'],
          [8, 'ifOperStatus', 'gauge'],
          [9, 'ifLastChange', 'gauge'],
          [10, 'ifInOctets', 'counter'],
          [11, 'ifInUcastPkts', 'counter'],
          [12, 'ifInNUcastPkts', 'counter'],
          [13, 'ifInDiscards', 'counter'],
          [14, 'ifInErrors', 'counter'],
          [15, 'ifInUnknownProtos', 'counter'],
          [16, 'ifOutOctets', 'counter'],
          [17, 'ifOutUcastPkts', 'counter'],
          [18, 'ifOutNUcastPkts', 'counter'],
          [19, 'ifOutDiscards', 'counter'],
          [20, 'ifOutErrors', 'counter'],
          [21, 'ifOutQLen', 'gauge'],
          [22, 'ifSpecific', 'octets'],
        ]),
        ...objectsBelow(IF_X_ENTRY, RFC, [
          [2, 'ifInMulticastPkts', 'counter'],
          [3, 'ifInBroadcastPkts', 'counter'],
          [4, 'ifOutMulticastPkts', 'counter'],
          [5, 'ifOutBroadcastPkts', 'counter'],
          [6, 'ifHCInOctets', 'counter'],
          [7, 'ifHCInUcastPkts', 'counter'],
          [8, 'ifHCInMulticastPkts', 'counter'],
          [9, 'ifHCInBroadcastPkts', 'counter'],
          [10, 'ifHCOutOctets', 'counter'],
          [11, 'ifHCOutUcastPkts', 'counter'],
          [12, 'ifHCOutMulticastPkts', 'counter'],
          [13, 'ifHCOutBroadcastPkts', 'counter'],
          [14, 'ifLinkUpDownTrapEnable', 'gauge'],
          [15, 'ifHighSpeed', 'gauge'],
          [16, 'ifPromiscuousMode', 'gauge'],
          [17, 'ifConnectorPresent', 'gauge'],
          [19, 'ifCounterDiscontinuityTime', 'gauge'],
        ]),
      ],
    },
  ],
};
