import { MINUTE } from '../../lib/time.ts';

/** A response that is ready to go. */
export interface InformAnswer {
  readonly octets: Uint8Array;
  readonly address: string;
  readonly port: number;
}

interface KnownInform {
  isStored: boolean;
  readonly sinceMs: number;
  /** Answers to it and its repetitions that wait until it is stored. */
  waiting: InformAnswer[];
}

/** A sender that has heard nothing for so long has given up. */
const REMEMBER_MS = 5 * MINUTE;
const MOST_KNOWN = 16_384;
/** Answers that wait until their informs are stored: more are not taken, and come again. */
const MOST_WAITING = 8_192;
const MOST_WAITING_OCTETS = 16 * 1024 * 1024;

/**
 * Answers informs when they are safely stored, and knows those that were counted, so that each
 * repetition is answered too but counts nothing. Bounded in number, octets and time.
 */
export class InformAnswers {
  /** By what makes an inform the same, oldest first. */
  readonly #known = new Map<string, KnownInform>();
  readonly #send: (answer: InformAnswer) => void;
  #waitingCount = 0;
  #waitingOctets = 0;

  constructor(send: (answer: InformAnswer) => void) {
    this.#send = send;
  }

  /** Whether one more answer can wait. */
  get hasRoom(): boolean {
    return this.#waitingCount < MOST_WAITING && this.#waitingOctets < MOST_WAITING_OCTETS;
  }

  /** Answers a repetition, at once or when the first one is stored; false when this is a first one. */
  answerRepeated(key: string, answer: InformAnswer, nowMs: number): boolean {
    this.#forgetOld(nowMs);
    const known = this.#known.get(key);
    if (known === undefined) return false;
    if (known.isStored) this.#send(answer);
    else if (this.hasRoom) this.#wait(known, answer);
    return true;
  }

  /** Answers the inform once `stored` resolves. When it rejects, nobody is answered and it may come again. */
  answerWhenStored(key: string, answer: InformAnswer, stored: Promise<void>, nowMs: number): void {
    const inform: KnownInform = { isStored: false, sinceMs: nowMs, waiting: [] };
    this.#known.set(key, inform);
    this.#wait(inform, answer);
    stored.then(
      () => {
        inform.isStored = true;
        for (const each of this.#release(inform)) this.#send(each);
      },
      () => {
        this.#release(inform);
        if (this.#known.get(key) === inform) this.#known.delete(key);
      },
    );
  }

  #wait(inform: KnownInform, answer: InformAnswer): void {
    inform.waiting.push(answer);
    this.#waitingCount += 1;
    this.#waitingOctets += answer.octets.length;
  }

  #release(inform: KnownInform): readonly InformAnswer[] {
    const released = inform.waiting;
    inform.waiting = [];
    this.#waitingCount -= released.length;
    for (const { octets } of released) this.#waitingOctets -= octets.length;
    return released;
  }

  #forgetOld(nowMs: number): void {
    for (const [key, inform] of this.#known) {
      const isOld = nowMs - inform.sinceMs > REMEMBER_MS;
      if (!isOld && this.#known.size < MOST_KNOWN) break;
      this.#known.delete(key);
    }
  }
}
