import type { RemoteInfo } from 'node:dgram';
import type { Network } from '../../lib/world.ts';
import type { DatagramSocket, OpenDatagramSocket, Sender } from './datagram-socket.ts';
import type { Destination } from './destination.ts';
import { comparableAddress, numericLookup } from './peer-address.ts';

/** Sockets of `node:dgram`: every platform has them, and each datagram costs a system call and a buffer. */
export function singleDatagrams(network: Network): OpenDatagramSocket {
  return (family, wantedReceiveBytes, listener): DatagramSocket => {
    const isV6 = family === 'IPv6';
    const socket = network.createSocket({
      type: isV6 ? 'udp6' : 'udp4',
      ipv6Only: isV6,
      lookup: numericLookup,
    });
    let isOpen = false;
    socket.on('error', (error) => listener.failed(codeOf(error)));
    socket.on('message', (octets, from) => listener.received(octets, senderOf(from), 0));
    socket.on('listening', () => {
      isOpen = true;
      try {
        socket.setRecvBufferSize(wantedReceiveBytes);
      } catch {
        // Some systems refuse what is above their limit; then the buffer stays as it was.
      }
      listener.opened(socket.getRecvBufferSize());
    });
    socket.bind(0);
    return {
      get localPort() {
        return isOpen ? socket.address().port : null;
      },
      send(octets, { port, address }, onError) {
        // The system may take it later than whoever sends writes the next one.
        const message = Buffer.from(octets);
        // A callback costs a little, and whoever answered last time needs none.
        if (onError === null) socket.send(message, port, address);
        else socket.send(message, port, address, (error) => error && onError(codeOf(error)));
      },
      close() {
        isOpen = false;
        socket.close();
      },
    };
  };
}

function codeOf(error: Error): string {
  return 'code' in error ? String(error.code) : 'unknown';
}

function senderOf({ address, port }: RemoteInfo): Sender {
  return {
    address,
    port,
    isAt: (destination: Destination) =>
      port === destination.port &&
      (address === destination.comparable || comparableAddress(address) === destination.comparable),
  };
}
