import type { CancelTimer, Clock } from '../../lib/clock.ts';
import type { DurationMs } from '../../lib/time.ts';
import type { NativeUdp } from '../../lib/udp/native-udp.ts';
import { BATCH_SIZE, ReceiveBatch } from '../../lib/udp/receive-batch.ts';
import { SendBatch } from '../../lib/udp/send-batch.ts';
import type { OpenedUdp, UdpCalls } from '../../lib/udp/udp-calls.ts';
import type {
  DatagramListener,
  DatagramSocket,
  OpenDatagramSocket,
  SendErrorListener,
  Sender,
} from './datagram-socket.ts';
import type { Destination } from './destination.ts';

/** How often is looked for replies while some are awaited: what came meanwhile is taken together. */
const BUSY_MS: DurationMs = 1;
/** Less often while nothing comes: by then a reply takes so long that a share of it is no delay. */
const SHARE_OF_QUIET = 1 / 8;
const MOST_BUSY_MS: DurationMs = 8;
/** And while none is awaited, so that what nobody asked for is counted. */
const IDLE_MS: DurationMs = 100;
/** Batches taken from one socket before others have their turn. */
const MOST_BATCHES_AT_ONCE = 16;
/** Requests are small; a larger one goes out by itself. */
const USUAL_REQUEST_OCTETS = 2048;
const LARGEST_DATAGRAM_OCTETS = 65_536;

/**
 * Sockets on which many datagrams go out and come in with one system call. The system is asked for
 * replies at short intervals while some are awaited, in place of being woken for each: that is what
 * makes a busy poller cheap. Each datagram bears the system's own time of arrival, so the intervals
 * do not blur round trips.
 */
export function batchedDatagrams(native: NativeUdp): OpenDatagramSocket {
  const pump = new DatagramPump(native);
  return (family, wantedReceiveBytes, listener) => {
    const opened = native.calls.open(family, wantedReceiveBytes);
    const socket = new BatchedSocket(pump, opened, listener);
    // As with any socket, nothing is told before whoever opened it knows it.
    native.clock.after(0, () => socket.begin());
    return socket;
  };
}

/** Looks after all sockets of a transport with one timer and one set of batches. */
class DatagramPump {
  readonly calls: UdpCalls;
  readonly received: ReceiveBatch;
  readonly #native: NativeUdp;
  readonly #clock: Clock;
  readonly #sockets = new Set<BatchedSocket>();
  readonly #unsent = new Set<BatchedSocket>();
  #large: SendBatch | null = null;
  #isFlushDue = false;
  #cancelTimer: CancelTimer | null = null;
  #isBusy = false;
  #intervalMs = IDLE_MS;
  #lastLookMs = 0;
  #hasTraffic = false;
  #lastTrafficMs = 0;

  constructor(native: NativeUdp) {
    this.#native = native;
    this.#clock = native.clock;
    this.calls = native.calls;
    this.received = new ReceiveBatch(native.addressOf);
  }

  newSendBatch(): SendBatch {
    return new SendBatch(BATCH_SIZE, USUAL_REQUEST_OCTETS, this.#native.addressOf);
  }

  /** The batch of one for what is larger than usual. */
  largeBatch(): SendBatch {
    this.#large ??= new SendBatch(1, LARGEST_DATAGRAM_OCTETS, this.#native.addressOf);
    return this.#large;
  }

  add(socket: BatchedSocket): void {
    this.#sockets.add(socket);
    this.#schedule();
  }

  remove(socket: BatchedSocket): void {
    this.#sockets.delete(socket);
    this.#unsent.delete(socket);
    if (this.#sockets.size > 0) return;
    this.#cancelTimer?.();
    this.#cancelTimer = null;
  }

  /** The socket has something to send: what else is sent in this turn goes with it. */
  flushSoon(socket: BatchedSocket): void {
    this.#unsent.add(socket);
    if (this.#isFlushDue) return;
    this.#isFlushDue = true;
    queueMicrotask(() => this.#flush());
  }

  /** Something has gone out: looks for replies often from now on. */
  wake(): void {
    this.#hasTraffic = true;
    if (!this.#isBusy || this.#intervalMs > BUSY_MS) this.#schedule();
  }

  /** Something has come in: more may follow soon. */
  noteArrival(): void {
    this.#hasTraffic = true;
  }

  #flush(): void {
    this.#isFlushDue = false;
    for (const socket of this.#unsent) socket.flush();
    this.#unsent.clear();
  }

  #schedule(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    if (this.#sockets.size === 0) return;
    this.#isBusy = false;
    for (const socket of this.#sockets) this.#isBusy ||= socket.needsAttention();
    this.#intervalMs = this.#isBusy ? this.#busyIntervalMs() : IDLE_MS;
    this.#cancelTimer = this.#clock.after(this.#intervalMs, () => this.#look());
  }

  #busyIntervalMs(): DurationMs {
    const nowMs = this.#clock.monotonicMs();
    if (this.#hasTraffic) this.#lastTrafficMs = nowMs;
    this.#hasTraffic = false;
    const quietMs = nowMs - this.#lastTrafficMs;
    return Math.min(MOST_BUSY_MS, Math.max(BUSY_MS, Math.floor(quietMs * SHARE_OF_QUIET)));
  }

  #look(): void {
    const nowMs = this.#clock.monotonicMs();
    // What was not there at the last look cannot be older than that.
    const mostAgeMs = nowMs - this.#lastLookMs;
    this.#lastLookMs = nowMs;
    try {
      for (const socket of this.#sockets) socket.receive(mostAgeMs);
      this.#flush();
    } finally {
      this.#schedule();
    }
  }
}

class BatchedSocket implements DatagramSocket {
  readonly #pump: DatagramPump;
  readonly #opened: OpenedUdp | string;
  readonly #listener: DatagramListener;
  readonly #batch: SendBatch;
  readonly #onErrors: (SendErrorListener | null)[] = [];
  readonly #sender: BatchSender;
  #isOpen = false;
  #isClosed = false;

  constructor(pump: DatagramPump, opened: OpenedUdp | string, listener: DatagramListener) {
    this.#pump = pump;
    this.#opened = opened;
    this.#listener = listener;
    this.#batch = pump.newSendBatch();
    this.#sender = new BatchSender(pump.received);
  }

  get localPort(): number | null {
    return this.#isOpen && typeof this.#opened === 'object' ? this.#opened.localPort : null;
  }

  begin(): void {
    if (this.#isClosed) return;
    if (typeof this.#opened === 'string') {
      this.#listener.failed(this.#opened);
      return;
    }
    this.#isOpen = true;
    this.#pump.add(this);
    this.#listener.opened(this.#opened.receiveBufferBytes);
  }

  needsAttention(): boolean {
    return this.#batch.count > 0 || this.#listener.isExpecting();
  }

  send(octets: Uint8Array, to: Destination, onError: SendErrorListener | null): void {
    const { socketAddress } = to;
    if (!this.#isOpen) return;
    if (socketAddress === null) {
      if (onError !== null) queueMicrotask(() => onError('EINVAL'));
      return;
    }
    if (octets.length > this.#batch.mostOctets) {
      this.#sendLarge(octets, socketAddress, onError);
      return;
    }
    if (this.#batch.isFull) this.flush();
    // The system takes nothing at the moment: as good as lost on the way, and asked again.
    if (this.#batch.isFull) return;
    this.#batch.add(octets, socketAddress);
    this.#onErrors.push(onError);
    this.#pump.flushSoon(this);
    this.#pump.wake();
  }

  /** Hands over what waits to go out. What the system has no room for stays until the next time. */
  flush(): void {
    if (!this.#isOpen || this.#batch.count === 0) return;
    let from = 0;
    while (from < this.#batch.count) {
      const sent = this.#pump.calls.send(this.#fd, this.#batch, from);
      if (typeof sent === 'number' && sent > 0) {
        from += sent;
        continue;
      }
      if (from === 0 && sent === 'EAGAIN') return;
      this.#tell(this.#onErrors[from]!, String(sent));
      from += 1;
    }
    this.#batch.clear();
    this.#onErrors.length = 0;
  }

  receive(mostAgeMs: number): void {
    const { calls, received } = this.#pump;
    for (let round = 0; round < MOST_BATCHES_AT_ONCE && this.#isOpen; round += 1) {
      const count = calls.receive(this.#fd, received);
      if (typeof count === 'string') {
        this.#listener.failed(count);
        return;
      }
      if (count > 0) {
        this.#pump.noteArrival();
        this.#hand(count, mostAgeMs);
      }
      received.reuse(count);
      if (count < BATCH_SIZE) return;
    }
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#isOpen = false;
    this.#pump.remove(this);
    if (typeof this.#opened === 'object') this.#pump.calls.close(this.#opened.fd);
  }

  get #fd(): number {
    return (this.#opened as OpenedUdp).fd;
  }

  #hand(count: number, mostAgeMs: number): void {
    const { calls, received } = this.#pump;
    const nowMs = calls.receiveClockMs();
    for (let number = 0; number < count && this.#isOpen; number += 1) {
      const arrivedMs = received.arrivedMs(number);
      const ageMs = arrivedMs === null ? 0 : Math.min(Math.max(0, nowMs - arrivedMs), mostAgeMs);
      this.#sender.number = number;
      this.#listener.received(received.payload(number), this.#sender, ageMs);
    }
  }

  #sendLarge(octets: Uint8Array, to: Uint8Array, onError: SendErrorListener | null): void {
    const large = this.#pump.largeBatch();
    large.clear();
    large.add(octets, to);
    const sent = this.#pump.calls.send(this.#fd, large, 0);
    if (typeof sent === 'string') this.#tell(onError, sent);
    this.#pump.wake();
  }

  /** Later, as any socket does: whoever sends is not called back before `send` has returned. */
  #tell(onError: SendErrorListener | null, code: string): void {
    if (onError !== null) queueMicrotask(() => onError(code));
  }
}

/** The sender of one datagram of a batch; its address becomes text only when somebody asks. */
class BatchSender implements Sender {
  number = 0;
  readonly #batch: ReceiveBatch;

  constructor(batch: ReceiveBatch) {
    this.#batch = batch;
  }

  get address(): string {
    return this.#batch.senderAddress(this.number);
  }

  get port(): number {
    return this.#batch.senderPort(this.number);
  }

  isAt({ socketAddress }: Destination): boolean {
    return socketAddress !== null && this.#batch.isFrom(this.number, socketAddress);
  }
}
