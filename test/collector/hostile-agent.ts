import dgram from 'node:dgram';
import { once } from 'node:events';
import { decodeMessage } from '../../collector/snmp/decode-message.ts';
import { newMessageView } from '../../collector/snmp/message-view.ts';
import type { SnmpAnswer } from '../../collector/snmp-client.ts';
import type { Octets } from '../../lab/hostile/ber.ts';
import { bounds, type CountedClient, community, openClient } from './client-fixtures.ts';

export interface Request {
  /** request-id, or msgID of a v3 message. */
  readonly id: number;
  readonly octets: Buffer;
  readonly from: dgram.RemoteInfo;
}

export interface HostileAgent extends AsyncDisposable {
  readonly port: number;
  readonly requests: Request[];
  /** Request number `count` with an id of its own, from 1, as soon as it has come: not the question to the system. */
  request(count: number): Promise<Request>;
  /** Sends from this agent's socket to whoever asked. */
  reply(to: Request, octets: Octets): void;
}

const view = newMessageView();

function idOf(octets: Uint8Array): number {
  if (decodeMessage(view, octets) !== null) return -1;
  return view.version === 3 ? view.messageId : view.pdu.requestId;
}

/** A UDP socket on loopback that does with every request what the test says. */
export async function startHostileAgent(
  onRequest: (request: Request, agent: HostileAgent) => void,
  address = '127.0.0.1',
): Promise<HostileAgent> {
  const socket = dgram.createSocket(address.includes(':') ? 'udp6' : 'udp4');
  const requests: Request[] = [];
  let onCome: (() => void)[] = [];
  socket.bind(0, address);
  await once(socket, 'listening');
  const agent: HostileAgent = {
    port: socket.address().port,
    requests,
    async request(count) {
      for (;;) {
        const found = distinct(requests)[count - 1];
        if (found !== undefined) return found;
        await new Promise<void>((come) => onCome.push(come));
      }
    },
    reply: (to, octets) => socket.send(octets, to.from.port, to.from.address),
    async [Symbol.asyncDispose]() {
      socket.close();
      await once(socket, 'close');
    },
  };
  socket.on('message', (octets, from) => {
    const request = { id: idOf(octets), octets, from };
    requests.push(request);
    onRequest(request, agent);
    const told = onCome;
    onCome = [];
    for (const tell of told) tell();
  });
  return agent;
}

/** The first request with each id. */
export function distinct(requests: readonly Request[]): Request[] {
  const ids = requests.map((request) => request.id);
  return requests.filter(({ id }, place) => ids.indexOf(id) === place);
}

const UPTIME = '1.3.6.1.2.1.1.3.0';

/** Asks such an agent once for sysUpTime over v2c, and hands over what the client made of it. */
export async function askOnce(
  onRequest: (request: Request, agent: HostileAgent) => void,
  check: (answer: SnmpAnswer, counted: CountedClient) => Promise<void> | void,
): Promise<void> {
  await using agent = await startHostileAgent(onRequest);
  const counted = openClient(agent.port, community('public'), { timeoutMs: 400, retries: 0 });
  try {
    await check(await counted.client.get([UPTIME], bounds()), counted);
  } finally {
    counted.client.close();
  }
}
