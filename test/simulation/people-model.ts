import type { DomainEvent } from '../../alerting/events.ts';
import { type EpochMs, HOUR, MINUTE } from '../../lib/time.ts';
import { FIRST_TURN, LATE_SLEEPER, PEOPLE, ROTATION, TURN_MS, ZONE } from './sim-config.ts';

const SAMPLE_EVERY_MS = 5 * MINUTE;
/** No clock change is longer. */
const LONGEST_REPEAT_MS = HOUR;
const NIGHT = { from: 22 * 60, to: 7 * 60 };

const berlin = new Intl.DateTimeFormat('en-GB', {
  timeZone: ZONE,
  hourCycle: 'h23',
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: 'numeric',
  minute: 'numeric',
});

/** What the clocks on the wall show, as if they were those of UTC; to the minute. */
function wallMs(at: EpochMs): EpochMs {
  const parts = new Map(berlin.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const get = (type: Intl.DateTimeFormatPartTypes) => parts.get(type)!;
  return Date.UTC(get('year'), get('month') - 1, get('day'), get('hour'), get('minute'));
}

/** Who is on call and who sleeps, worked out a second time from what clocks on the wall show. */
export class PeopleModel {
  readonly #exceptions: {
    readonly personId: string;
    readonly from: EpochMs;
    readonly to: EpochMs;
  }[] = [];

  take(event: DomainEvent): void {
    if (event.type === 'override-added') this.#exceptions.push(event.override);
  }

  /** Two where a hand-over comes twice, in the night in which summer time ends. */
  onCallAt(at: EpochMs): readonly string[] {
    const exception = this.#exceptions.findLast(({ from, to }) => from <= at && at < to);
    if (exception !== undefined) return [exception.personId];
    // A turn begins when its time is shown for the first, and ends when it is shown for the last time.
    let latest = turnAt(at);
    let earliest = latest;
    for (let ms = SAMPLE_EVERY_MS; ms < LONGEST_REPEAT_MS; ms += SAMPLE_EVERY_MS) {
      latest = Math.max(latest, turnAt(at - ms));
      earliest = Math.min(earliest, turnAt(at + ms));
    }
    const people = new Set<string>();
    for (let turn = earliest; turn <= latest; turn++) people.add(ROTATION[turn % ROTATION.length]!);
    return [...people];
  }

  /** The people of a step of the simulated policy at `at`. */
  peopleOfStep(index: number, at: EpochMs): readonly string[] {
    return index === 0 ? this.onCallAt(at) : [PEOPLE[index]!];
  }

  isAsleep(personId: string, at: EpochMs): boolean {
    if (personId !== LATE_SLEEPER) return false;
    const minute = (wallMs(at) % (24 * HOUR)) / MINUTE;
    return minute >= NIGHT.from || minute < NIGHT.to;
  }

  /** Whether the person wakes up at `at`, as far as minutes tell. */
  wakesAt(personId: string, at: EpochMs): boolean {
    return this.isAsleep(personId, at - 1) && !this.isAsleep(personId, at);
  }
}

function turnAt(at: EpochMs): number {
  return Math.floor((wallMs(at) - FIRST_TURN) / TURN_MS);
}
