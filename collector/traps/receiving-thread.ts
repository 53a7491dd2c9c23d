import dgram from 'node:dgram';
import { parentPort, workerData } from 'node:worker_threads';
import type { TrapsConfig } from '../../config/model.ts';
import { assert } from '../../lib/assert.ts';
import type { FromThread, ToThread } from './threaded-socket.ts';
import { openTrapSocket, type TrapSocket } from './trap-socket.ts';

/**
 * Entry of the thread that reads the trap socket and does nothing else: while a report or a scrape
 * holds up the main thread, no datagram is lost for want of room in the kernel.
 */
const main = parentPort;
assert(main !== null, 'runs as a worker thread');

/** Datagrams handed over and not yet judged; more are dropped here, and counted. */
const MOST_OUTSTANDING = 65_536;
const MOST_OUTSTANDING_OCTETS = 64 * 1024 * 1024;

interface Waiting {
  readonly octets: Uint8Array;
  readonly address: string;
  readonly port: number;
}

let batch: Waiting[] = [];
let overflowCount = 0;
let outstandingCount = 0;
let outstandingOctets = 0;

const post = (message: FromThread, transfer: ArrayBuffer[] = []) =>
  main.postMessage(message, transfer);

/** Everything that was read in one turn of the loop goes over at once. */
function handOver(): void {
  const total = batch.reduce((sum, { octets }) => sum + octets.length, 0);
  const octets = new Uint8Array(total);
  let at = 0;
  for (const each of batch) {
    octets.set(each.octets, at);
    at += each.octets.length;
  }
  const lengths = batch.map((each) => each.octets.length);
  const addresses = batch.map(({ address }) => address);
  const ports = batch.map(({ port }) => port);
  post({ kind: 'batch', octets, lengths, addresses, ports, overflowCount }, [octets.buffer]);
  batch = [];
  overflowCount = 0;
}

function receive(octets: Uint8Array, address: string, port: number): void {
  if (batch.length === 0 && overflowCount === 0) setImmediate(handOver);
  const isOver =
    outstandingCount >= MOST_OUTSTANDING || outstandingOctets >= MOST_OUTSTANDING_OCTETS;
  if (isOver) {
    overflowCount += 1;
    return;
  }
  outstandingCount += 1;
  outstandingOctets += octets.length;
  batch.push({ octets, address, port });
}

function obey(socket: TrapSocket, message: ToThread): void {
  switch (message.kind) {
    case 'send':
      socket.send(message.octets, message.address, message.port);
      return;
    case 'done':
      outstandingCount -= message.count;
      outstandingOctets -= message.octetCount;
      return;
    case 'close':
      void socket.close().then(() => main?.close());
      return;
  }
}

try {
  const socket = await openTrapSocket(dgram, workerData as TrapsConfig, {
    onDatagram: receive,
    onFailure: (code) => post({ kind: 'failed', code }),
  });
  main.on('message', (message: ToThread) => obey(socket, message));
  const { address, port, bufferBytes } = socket;
  post({ kind: 'listening', address, port, bufferBytes });
} catch (error) {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  post({ kind: 'failed', code });
  main.close();
}
