/** A process of its own: what the decoder of the `net-snmp` package costs on the same datagrams. */
import { createRequire } from 'node:module';
import { takeTask, tell } from '../processes.ts';
import { pollResponses } from './datagrams.ts';
import { cpuNanosecondsPerCall } from './timing.ts';

export interface PackageCodecResult {
  readonly decodeNsPerPdu: number;
}

interface PackageSession {
  /** Reads a datagram; one that answers no pending request is read in full and then dropped. */
  onMsg(datagram: Buffer): void;
  close(): void;
}

const CALLS = 100;

const task = takeTask<{ readonly seconds: number }>();
const snmp = createRequire(import.meta.url)('net-snmp') as {
  createSession(address: string, community: string, options: object): PackageSession;
  readonly Version2c: number;
};
const session = snmp.createSession('127.0.0.1', 'public', { version: snmp.Version2c });
const { datagrams } = pollResponses();
let place = 0;

const result: PackageCodecResult = {
  decodeNsPerPdu: cpuNanosecondsPerCall(
    () => session.onMsg(datagrams[place++ % datagrams.length]!),
    task.seconds,
    CALLS,
  ),
};
tell(result);
session.close();
