import { type Static, Type } from 'typebox';
import { heldMs, isCauseOver, toldCause } from '../alerting/causes.ts';
import { type FlapFacts, flapFacts } from '../alerting/flaps.ts';
import type { EngineState } from '../alerting/state.ts';
import { type LocalText, sayWith } from '../lib/local-text.ts';
import { type EpochMs, formatInstant } from '../lib/time.ts';
import type { IncidentRecord } from './incident-record.ts';
import type { Names } from './names.ts';
import { Instant, LocalTextSchema, NullableInstant } from './schemas.ts';
import { faultTitle } from './words.ts';

/** One of the faults that an incident has been about, with its own time. */
export const CauseSchema = Type.Object({
  faultKey: Type.String(),
  title: LocalTextSchema,
  /** Whether it is what the title of the incident says: now, and of one that is over, when it was at its worst. */
  isTitle: Type.Boolean(),
  /** Its first sign, of the first time: the first poll that failed, or that told of it. */
  startedAt: Instant,
  /** The same of the last time. */
  since: Instant,
  /** The first poll after the last time that succeeded, or told of it no longer; null while it lasts, and where it left the configuration before. */
  endedAt: NullableInstant,
  /** How long it has lasted, all its times together. */
  heldMs: Type.Integer(),
  /** How often it came. */
  count: Type.Integer(),
});

/** What the incident is about now; of one that is over, what it was about at its worst. */
export function titleOf(record: IncidentRecord, names: Names, state: EngineState): LocalText {
  const { deviceId, kind, component } = toldCause(record);
  const title = faultTitle(names.device(deviceId), kind, component, flappingOf(record, state));
  if (!isCauseOver(record, state)) return title;
  return sayWith(
    { title },
    '{title} (over, what came of it is not)',
    '{title}（已消除，其影响尚未消除）',
  );
}

/** First time of what the title says comes and goes; null where it does not, or that is not known. */
export function flappingSinceOf(record: IncidentRecord, state: EngineState): EpochMs | null {
  return flappingOf(record, state)?.rate?.firstAt ?? null;
}

function flappingOf(record: IncidentRecord, state: EngineState): FlapFacts | null {
  return toldCause(record).faultKey === record.rootFaultKey ? flapFacts(state, record) : null;
}

/** What its device tells of it: the latest while it lasts. */
export function faultTextOf(
  record: IncidentRecord,
  { faults }: Pick<EngineState, 'faults'>,
): LocalText {
  const { faultKey, text } = toldCause(record);
  return (record.resolvedAt === null ? faults.get(faultKey)?.text : undefined) ?? text;
}

/** What the incident has been about, `now` for what still lasts. */
export function viewCauses(
  record: IncidentRecord,
  names: Names,
  now: EpochMs,
): Static<typeof CauseSchema>[] {
  const toldKey = toldCause(record).faultKey;
  const end = record.restoredAt ?? record.resolvedAt ?? now;
  return record.causes.map((cause) => {
    const { faultKey, deviceId, kind, component, firstAt, since, until, count } = cause;
    return {
      faultKey,
      title: faultTitle(names.device(deviceId), kind, component),
      isTitle: faultKey === toldKey,
      startedAt: formatInstant(firstAt),
      since: formatInstant(since),
      endedAt: until === null ? null : formatInstant(until),
      heldMs: heldMs(cause, record.resolvedAt === null ? now : end),
      count,
    };
  });
}
