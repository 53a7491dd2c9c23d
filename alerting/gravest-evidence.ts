import type { DomainEvent, GradingEvidence, GradingInputs } from './events.ts';

/**
 * While an incident recovers, its sentence shrinks with what is left of it. What people are told of it
 * afterwards is what its tier rested on when that was at its worst.
 */

type Graded = Pick<Extract<DomainEvent, { type: 'incident-graded' }>, 'from' | 'to' | 'evidence'>;

/**
 * The gravest evidence of the tier that an incident has after it was graded: new facts where they are
 * at least as bad, `before` where they are milder or only its sentence was brought up to date.
 */
export function gravestEvidence(before: GradingEvidence | null, graded: Graded): GradingEvidence {
  const { from, to, evidence } = graded;
  if (before === null || from !== to) return evidence;
  const [now, then] = [gravityOf(evidence.inputs), gravityOf(before.inputs)];
  const differing = now.findIndex((figure, at) => figure !== then[at]);
  if (differing !== -1) return now[differing]! > then[differing]! ? evidence : before;
  // Of the same gravity: later facts of the same cause, not what was said while it got better.
  return isOfSameFacts(evidence, before) ? before : evidence;
}

/** Whether more is lost by what is so now than by `before`: customers first, then devices and sites. */
export function isMoreLost(now: GradingInputs, before: GradingInputs): boolean {
  const lost = ({ customers, devicesDown, sitePercent }: GradingInputs) =>
    [customers, devicesDown, sitePercent] as const;
  const [figures, then] = [lost(now), lost(before)];
  const differing = figures.findIndex((figure, at) => figure !== then[at]);
  return differing !== -1 && figures[differing]! > then[differing]!;
}

/** The greater, the worse; what counts first stands first. */
function gravityOf(inputs: GradingInputs): readonly number[] {
  const { customers, devicesDown, sitePercent, batteryMinutes, faultKind } = inputs;
  // A low battery is milder once mains are back, however little is left in it.
  const onBattery = faultKind === 'on-battery' ? 1 : 0;
  const left = batteryMinutes ?? Number.MAX_SAFE_INTEGER;
  return [customers, devicesDown, sitePercent, onBattery, -left];
}

function isOfSameFacts(a: GradingEvidence, b: GradingEvidence): boolean {
  return a.inputs.durationMs === b.inputs.durationMs && a.ruleId === b.ruleId;
}
