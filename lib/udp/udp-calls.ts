import type { ReceiveBatch } from './receive-batch.ts';
import type { SendBatch } from './send-batch.ts';
import type { IpFamily } from './socket-address.ts';

/** A UDP socket of the system, bound to every address of the machine and a free port. */
export interface OpenedUdp {
  readonly fd: number;
  readonly localPort: number;
  /** As the system counts it. */
  readonly receiveBufferBytes: number;
}

/**
 * UDP with many datagrams to a system call. Nothing here waits: whoever has sent looks again a
 * little later for what has come. What fails is told by the name of its errno, such as `ENETUNREACH`.
 */
export interface UdpCalls {
  open(family: IpFamily, wantedReceiveBytes: number): OpenedUdp | string;
  /** Fills the batch with what has come and says how many; 0: nothing. */
  receive(fd: number, batch: ReceiveBatch): number | string;
  /** Sends the batch from number `from` on and says how many went out; a text: why that one did not. */
  send(fd: number, batch: SendBatch, from: number): number | string;
  /** Of the clock that dates what is received, to the microsecond. For ages only: it may step. */
  receiveClockMs(): number;
  close(fd: number): void;
}
