/** A process of its own: polls over the product's transport, as the collector does. */
import dgram from 'node:dgram';
import { Registry } from 'prom-client';
import { createSelfMetrics } from '../../collector/self-metrics.ts';
import type { Question } from '../../collector/transport/dialect.ts';
import type { Line } from '../../collector/transport/line.ts';
import { createTransport } from '../../collector/transport/transport.ts';
import type { Credential } from '../../config/model.ts';
import { systemClock } from '../../lib/clock.ts';
import { silentLogger } from '../../lib/logger.ts';
import { systemRandom } from '../../lib/random.ts';
import { loadNativeUdp } from '../../lib/udp/native-udp.ts';
import { deviceAddress, PORT_COLUMNS, PORTS } from '../network/port-columns.ts';
import { takeTask, tell } from '../processes.ts';
import {
  type DeviceWalk,
  newDeviceWalk,
  storeResponse,
  turnToColumns,
  valueText,
  writeNext,
} from './device-walk.ts';
import { meter, newCounts } from './meter.ts';
import type { PollTask } from './poll-task.ts';

const TIMEOUT_MS = 3_000;
const RETRIES = 2;
const DEADLINE_MS = 30_000;
const DUMP_TIMEOUT_MS = 10_000;
const COMMUNITY: Credential = {
  id: 'bench',
  version: 'v2c',
  community: { source: 'bench', reveal: () => 'public' },
};

interface Device {
  readonly walk: DeviceWalk;
  readonly line: Line;
}

const task = takeTask<PollTask & { readonly dumpDevice?: number }>();
const counts = newCounts();
const transport = createTransport({
  clock: systemClock,
  random: systemRandom,
  network: {
    createSocket: (options) => dgram.createSocket(options),
    batchedUdp: loadNativeUdp(),
  },
  selfMetrics: createSelfMetrics(new Registry()),
  log: silentLogger,
});
const devices = Array.from({ length: task.devices }, (_, place): Device => {
  const address = deviceAddress(place);
  const options = {
    address,
    port: task.port,
    timeoutMs: TIMEOUT_MS,
    retries: RETRIES,
    replyFromAnyAddress: false,
  };
  return { walk: newDeviceWalk(address), line: transport.openLine(options, COMMUNITY) };
});
let nextPlace = 0;

/** Polls one device; `done` is told whether it was read to its end. */
function poll({ walk, line }: Device, done: (isWhole: boolean) => void): void {
  walk.nextColumn = 0;
  turnToColumns(walk, task.columnsAtOnce);
  const deadlineMs = systemClock.monotonicMs() + DEADLINE_MS;
  const ask = () => {
    const question: Question = {
      operation: 'get-bulk',
      write: (writer) => writeNext(walk, writer, 0, task.maxRepetitions),
    };
    line.ask(question, deadlineMs, {
      replied(pdu) {
        counts.pdus += 1;
        if (pdu.errorStatus !== 0) {
          done(false);
          return;
        }
        counts.varbinds += storeResponse(walk, pdu);
        if (walk.active.length > 0 || turnToColumns(walk, task.columnsAtOnce)) ask();
        else done(true);
      },
      failed: () => done(false),
    });
  };
  ask();
}

function begin(): void {
  poll(devices[nextPlace++ % devices.length]!, (isWhole) => {
    if (isWhole) counts.polls += 1;
    else counts.timeouts += 1;
    begin();
  });
}

async function dump(place: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  poll(devices[place]!, (isWhole) => (isWhole ? resolve() : reject(new Error('no whole poll'))));
  systemClock.after(DUMP_TIMEOUT_MS, () => reject(new Error('no poll in time')));
  await promise;
  const { walk } = devices[place]!;
  const ports = Array.from({ length: PORTS }, (_, port) => port + 1);
  tell({
    values: PORT_COLUMNS.map((_, column) => ports.map((port) => valueText(walk, column, port))),
  });
}

if (task.dumpDevice !== undefined) {
  await dump(task.dumpDevice);
} else {
  for (let count = 0; count < Math.min(task.inFlight, task.devices); count += 1) begin();
  tell(await meter(counts, task));
}
process.exit(0);
