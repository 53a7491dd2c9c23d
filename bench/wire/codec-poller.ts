/**
 * A process of its own: polls with the product's codec over one bare datagram socket. What the
 * transport costs is the difference to transport-poller.ts.
 */
import dgram from 'node:dgram';
import { once } from 'node:events';
import { type BerWriter, newBerWriter } from '../../collector/snmp/ber-writer.ts';
import { decodeMessage } from '../../collector/snmp/decode-message.ts';
import { writeCommunityFrame } from '../../collector/snmp/encode-message.ts';
import { newMessageView, sameOctets } from '../../collector/snmp/message-view.ts';
import { newRequestIds } from '../../collector/snmp/request-ids.ts';
import { RESPONSE, VERSION_2C } from '../../collector/snmp/tags.ts';
import { systemClock } from '../../lib/clock.ts';
import { systemRandom } from '../../lib/random.ts';
import { deviceAddress } from '../network/port-columns.ts';
import { takeTask, tell } from '../processes.ts';
import {
  type DeviceWalk,
  newDeviceWalk,
  storeResponse,
  turnToColumns,
  writeNext,
} from './device-walk.ts';
import { meter, newCounts } from './meter.ts';
import type { PollTask } from './poll-task.ts';

const RECEIVE_BUFFER_OCTETS = 4 * 1024 * 1024;
const REQUEST_OCTETS = 768;
const TIMEOUT_MS = 3_000;
const SWEEP_EVERY_MS = 250;
const COMMUNITY = Buffer.from('public');

interface Device {
  readonly walk: DeviceWalk;
  readonly writer: BerWriter;
  sentAtMs: number;
}

const task = takeTask<PollTask>();
const counts = newCounts();
const ids = newRequestIds(systemRandom);
const view = newMessageView();
const devices = Array.from(
  { length: task.devices },
  (_, place): Device => ({
    walk: newDeviceWalk(deviceAddress(place)),
    writer: newBerWriter(REQUEST_OCTETS),
    sentAtMs: 0,
  }),
);
const pending = new Map<number, Device>();
let nextPlace = 0;
let nowMs = 0;

const socket = dgram.createSocket({
  type: 'udp4',
  recvBufferSize: RECEIVE_BUFFER_OCTETS,
  lookup: (name, _options, done) => done(null, name, 4),
});

function ask(device: Device): void {
  const { walk, writer } = device;
  const id = ids.next();
  writeNext(walk, writer, id, task.maxRepetitions);
  writeCommunityFrame(writer, 'v2c', COMMUNITY);
  device.sentAtMs = nowMs;
  pending.set(id, device);
  socket.send(writer.octets, writer.at, writer.end - writer.at, task.port, walk.address);
}

function begin(): void {
  const device = devices[nextPlace++ % devices.length]!;
  device.walk.nextColumn = 0;
  turnToColumns(device.walk, task.columnsAtOnce);
  ask(device);
}

function receive(datagram: Buffer, from: dgram.RemoteInfo): void {
  const isWhole = decodeMessage(view, datagram) === null;
  const device = isWhole ? pending.get(view.pdu.requestId) : undefined;
  const isReply =
    device !== undefined &&
    from.address === device.walk.address &&
    from.port === task.port &&
    view.version === VERSION_2C &&
    view.pdu.tag === RESPONSE &&
    view.pdu.errorStatus === 0 &&
    sameOctets(view.octets, view.communityStart, view.communityEnd, COMMUNITY);
  if (!isReply) {
    counts.timeouts += 1;
    return;
  }
  const { walk } = device;
  pending.delete(view.pdu.requestId);
  counts.pdus += 1;
  counts.varbinds += storeResponse(walk, view.pdu);
  if (walk.active.length > 0 || turnToColumns(walk, task.columnsAtOnce)) {
    ask(device);
    return;
  }
  counts.polls += 1;
  begin();
}

function sweep(): void {
  nowMs = systemClock.monotonicMs();
  for (const [id, device] of pending) {
    if (nowMs - device.sentAtMs < TIMEOUT_MS) continue;
    pending.delete(id);
    counts.timeouts += 1;
    begin();
  }
  systemClock.after(SWEEP_EVERY_MS, sweep);
}

socket.on('message', receive);
// A lookup that answers at once makes the socket listen before `bind` returns.
const listening = once(socket, 'listening');
socket.bind(0);
await listening;
sweep();
for (let count = 0; count < Math.min(task.inFlight, task.devices); count += 1) begin();
tell(await meter(counts, task));
process.exit(0);
