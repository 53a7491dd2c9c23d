import dgram from 'node:dgram';
import { communityMessage, type Octets, timeTicks, varbind } from '../../lab/hostile/ber.ts';
import { community } from './client-fixtures.ts';
import type { HostileAgent, Request } from './hostile-agent.ts';

export const UPTIME = '1.3.6.1.2.1.1.3.0';
export const PUBLIC = community('public');

/** The reply that a device would give. */
export function right(request: Request, ticks: number): Octets {
  return communityMessage({
    requestId: request.id,
    varbinds: [varbind(UPTIME, timeTicks(ticks))],
  });
}

/** An agent's way to deal with a request: 4711 ticks. */
export function answering(request: Request, agent: HostileAgent): void {
  agent.reply(request, right(request, 4711));
}

/** For clients on a virtual clock: far away. */
export const ANY_TIME = { deadlineMs: 1e9, signal: new AbortController().signal };

/** Sockets whose receive buffer is as the system made it, or claims to be of another size. */
export function withBuffer(claimedBytes?: number) {
  return {
    createSocket(options: dgram.SocketOptions) {
      const socket = dgram.createSocket(options);
      socket.setRecvBufferSize = () => {};
      if (claimedBytes !== undefined) socket.getRecvBufferSize = () => claimedBytes;
      return socket;
    },
  };
}
