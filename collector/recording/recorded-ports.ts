import type { PortDetail } from '../device-detail.ts';
import type { Recording } from './snmprec.ts';

/** A port with the counters that were recorded; what was not is null. 64-bit counters are text, exact. */
export interface RecordedPort {
  readonly ifIndex: number;
  readonly name: string;
  readonly alias: string;
  readonly adminStatus: string;
  readonly operStatus: string;
  readonly speedBps: number | null;
  readonly inOctets: string | null;
  readonly outOctets: string | null;
  /** Objects that the counters come from. */
  readonly counters: 'ifHCInOctets' | 'ifInOctets' | null;
}

const WIDE_IN = '1.3.6.1.2.1.31.1.1.1.6';
const WIDE_OUT = '1.3.6.1.2.1.31.1.1.1.10';
const NARROW_IN = '1.3.6.1.2.1.2.2.1.10';
const NARROW_OUT = '1.3.6.1.2.1.2.2.1.16';

/** The ports as the last poll understood them, with the octets that the recording holds. */
export function recordedPorts(
  ports: readonly PortDetail[],
  { varbinds }: Recording,
): RecordedPort[] {
  const values = new Map(varbinds.map(({ oid, value }) => [oid, value]));
  const at = (column: string, index: number): string | null => {
    const value = values.get(`${column}.${index}`);
    return typeof value === 'number' || typeof value === 'bigint' ? String(value) : null;
  };
  return ports.map(({ index, name, alias, adminStatus, operStatus, speedBps }) => {
    const wideIn = at(WIDE_IN, index);
    const narrowIn = at(NARROW_IN, index);
    const isWide = wideIn !== null && (wideIn !== '0' || (narrowIn ?? '0') === '0');
    const counters = isWide ? 'ifHCInOctets' : narrowIn === null ? null : 'ifInOctets';
    return {
      ifIndex: index,
      name,
      alias,
      adminStatus,
      operStatus,
      speedBps,
      inOctets: isWide ? wideIn : narrowIn,
      outOctets: isWide ? at(WIDE_OUT, index) : at(NARROW_OUT, index),
      counters,
    };
  });
}
