/** A process of its own: polls with the `net-snmp` package as its documentation shows, one subtree after the other. */
import { createRequire } from 'node:module';
import { deviceAddress, PORT_COLUMNS } from '../network/port-columns.ts';
import { takeTask, tell } from '../processes.ts';
import { meter, newCounts } from './meter.ts';
import type { PollTask } from './poll-task.ts';

interface PackageSession {
  subtree(
    oid: string,
    maxRepetitions: number,
    feed: (varbinds: readonly { readonly oid: string; readonly value: unknown }[]) => void,
    done: (error: Error | null) => void,
  ): void;
  on(event: 'error', listener: (error: Error) => void): void;
  unregisterRequest(id: number): unknown;
}

interface Package {
  createSession(address: string, community: string, options: object): PackageSession;
  readonly Version2c: number;
}

const TIMEOUT_MS = 3_000;

const task = takeTask<PollTask>();
const counts = newCounts();
const snmp = createRequire(import.meta.url)('net-snmp') as Package;
const options = { version: snmp.Version2c, port: task.port, timeout: TIMEOUT_MS, retries: 2 };
const sessions = Array.from({ length: task.devices }, (_, place) => {
  const session = snmp.createSession(deviceAddress(place), 'public', options);
  session.on('error', () => {
    counts.timeouts += 1;
  });
  return session;
});
countAnswers(Object.getPrototypeOf(sessions[0]) as PackageSession);
let nextPlace = 0;

/** Every answered request is unregistered once. */
function countAnswers(prototype: PackageSession): void {
  const { unregisterRequest } = prototype;
  prototype.unregisterRequest = function (this: PackageSession, id: number) {
    counts.pdus += 1;
    return unregisterRequest.call(this, id);
  };
}

function poll(session: PackageSession, column: number): void {
  const next = PORT_COLUMNS[column];
  if (next === undefined) {
    counts.polls += 1;
    setImmediate(begin);
    return;
  }
  const feed = (varbinds: readonly unknown[]) => {
    counts.varbinds += varbinds.length;
  };
  session.subtree(next.oid, task.maxRepetitions, feed, (error) => {
    if (error === null || error === undefined) poll(session, column + 1);
    else {
      counts.timeouts += 1;
      begin();
    }
  });
}

function begin(): void {
  poll(sessions[nextPlace++ % sessions.length]!, 0);
}

for (let count = 0; count < Math.min(task.inFlight, task.devices); count += 1) begin();
tell(await meter(counts, task));
process.exit(0);
