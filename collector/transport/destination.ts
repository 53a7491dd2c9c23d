import { socketAddressOf } from '../../lib/udp/socket-address.ts';
import { type AddressFamily, comparableAddress, familyOf } from './peer-address.ts';

/** Where requests to one device go, in every form that is needed, so that sending works nothing out. */
export interface Destination {
  readonly family: AddressFamily;
  /** As it is sent to: with the zone of a link-local address, without IPv6 clothes around IPv4. */
  readonly address: string;
  readonly port: number;
  /** As senders are compared. */
  readonly comparable: string;
  /** As the system takes it; null when the address is none, which the system then says as well. */
  readonly socketAddress: Uint8Array | null;
}

/** The destination at a numeric address. */
export function destinationOf(address: string, port: number): Destination {
  const family = familyOf(address);
  const comparable = comparableAddress(address);
  const sentTo = family === 'IPv4' ? comparable : address;
  return {
    family,
    address: sentTo,
    port,
    comparable,
    socketAddress: socketAddressOf(sentTo, port),
  };
}
