/** A request that wants to go out and be answered into a socket's receive buffer. */
export interface Departure {
  /** Whose request it is; each gets its turn. */
  readonly owner: object;
  /** What its reply will take up in the buffer. */
  readonly chargeBytes: number;
  /** False when it was given up while it waited. */
  isWanted(): boolean;
  /** There is room, which is taken until `leave`. */
  depart(): void;
}

/** What the Linux kernel charges for a datagram of up to one Ethernet frame, headers included. */
const FRAME_CHARGE_BYTES = 2304;
const FRAME_PAYLOAD_OCTETS = 1472;
const FRAGMENT_PAYLOAD_OCTETS = 1480;

/** What a reply of that length takes up in a receive buffer. */
export function chargeOfReply(octetCount: number): number {
  const frames =
    octetCount <= FRAME_PAYLOAD_OCTETS ? 1 : Math.ceil(octetCount / FRAGMENT_PAYLOAD_OCTETS);
  return frames * FRAME_CHARGE_BYTES;
}

/**
 * Bounds what may be under way to one socket, so that replies that come at once fit its buffer: what
 * does not, the kernel drops. The rest waits, and departs in turns: one request of each owner, in
 * the order in which owners came.
 */
export class ReceiveWindow {
  #limitBytes: number;
  #usedBytes = 0;
  readonly #waiting = new Map<object, Departure[]>();

  /** Nothing departs before there is a limit above 0. */
  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  get limitBytes(): number {
    return this.#limitBytes;
  }

  setLimit(limitBytes: number): void {
    this.#limitBytes = limitBytes;
    this.#admit();
  }

  /** Departs at once, or when its turn comes. */
  enter(departure: Departure): void {
    if (this.#waiting.size === 0 && this.#hasRoomFor(departure)) {
      this.#usedBytes += departure.chargeBytes;
      departure.depart();
      return;
    }
    const queue = this.#waiting.get(departure.owner);
    if (queue === undefined) this.#waiting.set(departure.owner, [departure]);
    else queue.push(departure);
  }

  /** Gives the room of a request back that departed with this charge. */
  leave(chargeBytes: number): void {
    this.#usedBytes -= chargeBytes;
    if (this.#waiting.size > 0) this.#admit();
  }

  #hasRoomFor({ chargeBytes }: Departure): boolean {
    if (this.#limitBytes === 0) return false;
    // A reply larger than the whole buffer gets it for itself.
    return this.#usedBytes === 0 || this.#usedBytes + chargeBytes <= this.#limitBytes;
  }

  #admit(): void {
    for (const [owner, queue] of this.#waiting) {
      const departure = queue[0]!;
      if (departure.isWanted() && !this.#hasRoomFor(departure)) return;
      queue.shift();
      this.#waiting.delete(owner);
      if (queue.length > 0) this.#waiting.set(owner, queue);
      if (!departure.isWanted()) continue;
      this.#usedBytes += departure.chargeBytes;
      departure.depart();
    }
  }
}
