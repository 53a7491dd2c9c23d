/** Varbinds of one request, and octets of the whole message that answers it. */
export interface AskSize {
  readonly varbinds: number;
  readonly octets: number;
}

/** What a poll has shown about how much a device answers at once. */
export interface SizeEvidence {
  /** The most of each that one answer held. */
  readonly answered: AskSize;
  /** The smallest request that was too big or lost; its octets are reckoned. */
  readonly failed: AskSize;
  /** Of a reply that was cut: so many objects came back. Null: none was. */
  readonly cameBack: number | null;
}

/**
 * Asked for at once where nothing is known yet. The octets are the UDP payload of one Ethernet frame
 * (RFC 894, RFC 791, RFC 768): what a reply is planned to fill.
 */
const FIRST: AskSize = { varbinds: 80, octets: 1_472 };
const LEAST_OCTETS = 64;
/** Clean full polls before something larger is tried. */
const CLEAN_POLLS_TO_TRY = 2;
/** Each time that the first size fails again, so many times more clean polls go by. */
const WAIT_RATIO = 4;
const MOST_CLEAN_POLLS_TO_WAIT = 512;
/** The bound on octets is not searched for more closely than this. */
const CLOSE_ENOUGH_OCTETS = 32;
/** Fewer answered objects than this are no matter of octets alone. */
const FEW_VARBINDS = 3;

/** A larger size that the next poll tries. */
interface Trial {
  /** What is known to be answered. */
  readonly good: AskSize;
  /** The first size again, or one step of the search for the bound on one of the two. */
  readonly of: 'first' | keyof AskSize;
}

/**
 * How much a device can answer at once, learned: objects and octets apart. After too-big or silence
 * it is what was answered. Two clean polls later the first size is tried again, as a device may have
 * been short for seconds only; when that fails, the bound is searched for between what was answered
 * and what failed, and the first size tried ever more rarely.
 */
export class BatchSize {
  #now = FIRST;
  /** The most that has not failed. */
  #ceiling = FIRST;
  #trial: Trial | null = null;
  #cleanPolls = 0;
  #cleanSinceFirst = 0;
  #wait = CLEAN_POLLS_TO_TRY;
  #reductionCount = 0;

  /** In varbinds. */
  get size(): number {
    return this.#now.varbinds;
  }

  /** Of a whole reply. */
  get octets(): number {
    return this.#now.octets;
  }

  /** Whether the device ever had to be asked for less. */
  get isReduced(): boolean {
    return isLess(this.#now, FIRST);
  }

  /** How many times something turned out to be too much. */
  get reductionCount(): number {
    return this.#reductionCount;
  }

  /** What is known to be answered while more is tried; null: no more is tried. */
  get good(): AskSize | null {
    return this.#trial?.good ?? null;
  }

  /** Halves both. False when it cannot get smaller. */
  reduce(): boolean {
    const { varbinds, octets } = this.#now;
    this.#noteReduction();
    this.#trial = null;
    if (varbinds === 1) return false;
    const half = Math.floor(varbinds / 2);
    this.#now = {
      varbinds: half,
      octets: Math.min(octets, Math.max(LEAST_OCTETS, octetsFor(half))),
    };
    return true;
  }

  /** Takes what was answered for the limit. False when it shows none: as much was answered as failed. */
  learn(evidence: SizeEvidence): boolean {
    const { failed } = evidence;
    const trial = this.#trial;
    this.#trial = null;
    if (trial !== null) {
      this.#now = trial.good;
      if (isLess(trial.good, failed)) {
        this.#noteReduction();
        this.#noteFailedTrial(trial, failed);
        return true;
      }
    }
    const next = limitShown(this.#now, this.#ceiling, evidence);
    if (next === null) return trial !== null;
    this.#noteReduction();
    this.#now = next.now;
    this.#ceiling = next.ceiling;
    return true;
  }

  /** A walk showed that no more than so many objects are answered at once. False when that is no news. */
  restrict(most: number): boolean {
    if (most >= this.#now.varbinds) return false;
    const trial = this.#trial;
    this.#trial = null;
    this.#noteReduction();
    if (trial !== null) {
      this.#now = trial.good;
      this.#noteFailedTrial(trial, { varbinds: most + 1, octets: FIRST.octets });
    }
    this.#now = {
      varbinds: Math.max(1, Math.min(this.#now.varbinds, most)),
      octets: Math.min(this.#now.octets, Math.max(LEAST_OCTETS, octetsFor(most))),
    };
    return true;
  }

  /** A full poll went through without a reduction. True when the next one asks in another size. */
  pollWasClean(): boolean {
    if (this.#trial?.of === 'first') {
      this.#ceiling = FIRST;
      this.#wait = CLEAN_POLLS_TO_TRY;
    }
    this.#trial = null;
    if (!this.isReduced) return false;
    this.#cleanPolls += 1;
    this.#cleanSinceFirst += 1;
    if (this.#cleanPolls < CLEAN_POLLS_TO_TRY) return false;
    const good = this.#now;
    const next = this.#nextTry();
    if (next === null) return false;
    this.#cleanPolls = 0;
    this.#trial = { good, of: next };
    this.#now = next === 'first' ? FIRST : { ...good, [next]: this.#middle(next) };
    return true;
  }

  /** Goes back to what is known to be answered, when more was tried in a poll that tells nothing. */
  endTrial(): boolean {
    if (this.#trial === null) return false;
    this.#now = this.#trial.good;
    this.#trial = null;
    this.#cleanPolls = 0;
    return true;
  }

  /** What was learned, to be kept over a restart of the program. */
  restore(varbinds: number, octets: number | null): void {
    if (!Number.isInteger(varbinds) || varbinds < 1 || varbinds > FIRST.varbinds) return;
    const isKnown = octets !== null && Number.isInteger(octets) && octets >= LEAST_OCTETS;
    this.#now = {
      varbinds,
      octets: isKnown ? Math.min(octets, FIRST.octets) : octetsFor(varbinds),
    };
  }

  #noteReduction(): void {
    this.#cleanPolls = 0;
    this.#reductionCount += 1;
  }

  #noteFailedTrial({ good, of }: Trial, failed: AskSize): void {
    if (of === 'first') {
      this.#cleanSinceFirst = 0;
      this.#wait = Math.min(MOST_CLEAN_POLLS_TO_WAIT, this.#wait * WAIT_RATIO);
      return;
    }
    const tried = this.#middle(of);
    const most = Math.max(good[of], Math.min(tried, failed[of]) - 1);
    this.#ceiling = { ...this.#ceiling, [of]: most };
  }

  #nextTry(): Trial['of'] | null {
    if (this.#cleanSinceFirst >= this.#wait) return 'first';
    if (this.#ceiling.octets - this.#now.octets >= CLOSE_ENOUGH_OCTETS) return 'octets';
    return this.#ceiling.varbinds > this.#now.varbinds ? 'varbinds' : null;
  }

  #middle(of: keyof AskSize): number {
    return Math.ceil((this.#now[of] + this.#ceiling[of]) / 2);
  }
}

/** Octets that go with a number of varbinds where nothing tells them apart. */
function octetsFor(varbinds: number): number {
  return Math.round((FIRST.octets * varbinds) / FIRST.varbinds);
}

function isLess(one: AskSize, other: AskSize): boolean {
  return one.varbinds < other.varbinds || one.octets < other.octets;
}

/**
 * RFC 3416 §4.2.1: tooBig is about octets, and so is a reply that is lost; only where as many octets
 * were answered, it is about objects.
 */
function limitShown(
  now: AskSize,
  ceiling: AskSize,
  { answered, failed, cameBack }: SizeEvidence,
): { now: AskSize; ceiling: AskSize } | null {
  if (cameBack !== null) {
    const varbinds = Math.max(1, Math.min(now.varbinds, cameBack));
    return { now: { ...now, varbinds }, ceiling: { ...ceiling, varbinds } };
  }
  const half = Math.floor(failed.varbinds / 2);
  const varbinds = Math.min(now.varbinds, Math.max(1, answered.varbinds, half));
  if (answered.octets < failed.octets) {
    const proven = Math.max(LEAST_OCTETS, answered.octets, Math.floor(failed.octets / 2));
    const octets = Math.min(now.octets, proven);
    const isFew = varbinds < FEW_VARBINDS;
    return {
      now: { varbinds: isFew ? varbinds : now.varbinds, octets },
      ceiling: { ...ceiling, octets: Math.max(octets, failed.octets - 1) },
    };
  }
  if (answered.varbinds >= failed.varbinds) return null;
  return {
    now: { ...now, varbinds },
    ceiling: { ...ceiling, varbinds: Math.max(varbinds, failed.varbinds - 1) },
  };
}
