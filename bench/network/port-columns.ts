/**
 * The unit of work: one poll of a device with 48 ports and 22 columns of IF-MIB (RFC 2863), 1,056
 * varbinds. The C programs hold the same list.
 */
export interface PortColumn {
  readonly name: string;
  readonly oid: string;
  readonly kind: 'text' | 'gauge' | 'counter';
}

export const PORTS = 48;
export const VARBINDS_PER_POLL = PORTS * 22;

const IF_ENTRY = '1.3.6.1.2.1.2.2.1';
const IF_X_ENTRY = '1.3.6.1.2.1.31.1.1.1';

function column(name: string, oid: string, kind: PortColumn['kind'] = 'gauge'): PortColumn {
  return { name, oid, kind };
}

export const PORT_COLUMNS: readonly PortColumn[] = [
  column('ifDescr', `${IF_ENTRY}.2`, 'text'),
  column('ifType', `${IF_ENTRY}.3`),
  column('ifMtu', `${IF_ENTRY}.4`),
  column('ifSpeed', `${IF_ENTRY}.5`),
  column('ifAdminStatus', `${IF_ENTRY}.7`),
  column('ifOperStatus', `${IF_ENTRY}.8`),
  column('ifLastChange', `${IF_ENTRY}.9`),
  column('ifInDiscards', `${IF_ENTRY}.13`, 'counter'),
  column('ifInErrors', `${IF_ENTRY}.14`, 'counter'),
  column('ifOutDiscards', `${IF_ENTRY}.19`, 'counter'),
  column('ifOutErrors', `${IF_ENTRY}.20`, 'counter'),
  column('ifName', `${IF_X_ENTRY}.1`, 'text'),
  column('ifHCInOctets', `${IF_X_ENTRY}.6`, 'counter'),
  column('ifHCInUcastPkts', `${IF_X_ENTRY}.7`, 'counter'),
  column('ifHCInMulticastPkts', `${IF_X_ENTRY}.8`, 'counter'),
  column('ifHCInBroadcastPkts', `${IF_X_ENTRY}.9`, 'counter'),
  column('ifHCOutOctets', `${IF_X_ENTRY}.10`, 'counter'),
  column('ifHCOutUcastPkts', `${IF_X_ENTRY}.11`, 'counter'),
  column('ifHCOutMulticastPkts', `${IF_X_ENTRY}.12`, 'counter'),
  column('ifHCOutBroadcastPkts', `${IF_X_ENTRY}.13`, 'counter'),
  column('ifHighSpeed', `${IF_X_ENTRY}.15`),
  column('ifAlias', `${IF_X_ENTRY}.18`, 'text'),
];

const FIRST_ADDRESS = 0x7f01_0001;

/** Loopback address of the simulated device `place`, from 127.1.0.1 on. */
export function deviceAddress(place: number): string {
  const address = FIRST_ADDRESS + place;
  return `127.${(address >> 16) & 255}.${(address >> 8) & 255}.${address & 255}`;
}
