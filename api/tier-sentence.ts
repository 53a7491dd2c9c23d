import type { DomainEvent } from '../alerting/events.ts';
import { TIER_NAMES } from '../alerting/page-messages.ts';
import type { Config, Tier } from '../config/model.ts';
import { type LocalText, say, sayWith } from '../lib/local-text.ts';
import { namesOf } from './names.ts';

type Graded = Extract<DomainEvent, { type: 'incident-graded' }>;

/** What a grade says to a person: by the rules, or set by somebody. */
export function gradedSentence(event: Graded, config: Config): LocalText {
  if (event.setBy !== undefined) return setSentence(event, event.setBy, config);
  const parts = { from: tierOf(event.from), to: tierOf(event.to), why: event.evidence.sentence };
  if (event.to < event.from) {
    return sayWith(
      parts,
      'Raised from {from} to {to} because {why}',
      '由 {from} 上调为 {to}，原因：{why}',
    );
  }
  const held = event.held === undefined ? null : HELD[event.held];
  if (event.to === event.from) {
    return held === null
      ? sayWith(parts, 'Still {to}, now because {why}', '仍为 {to}，原因更新：{why}')
      : sayWith(
          { ...parts, held },
          'Still {to}, {held}; by the rules now: {why}',
          '仍为 {to}（{held}）；按规则现为：{why}',
        );
  }
  return held === null
    ? sayWith(
        parts,
        'Lowered from {from} to {to} because {why}',
        '由 {from} 下调为 {to}，原因：{why}',
      )
    : sayWith(
        { ...parts, held },
        'Lowered from {from} to {to} and no further, {held}: {why}',
        '由 {from} 下调为 {to}，不再下调（{held}）：{why}',
      );
}

const HELD = {
  person: say('as a person has set it', '由人员设定'),
  customers: say('as customers were told', '已如此告知用户'),
} as const;

function setSentence(
  { from, to }: Graded,
  setBy: NonNullable<Graded['setBy']>,
  config: Config,
): LocalText {
  const { person } = namesOf(config);
  const { confirmedBy, reason } = setBy;
  const second = confirmedBy === null ? null : person(confirmedBy);
  const parts = {
    who:
      second === null
        ? person(setBy.by)
        : say(`${person(setBy.by)} and ${second}`, `${person(setBy.by)} 与 ${second} `),
    from: tierOf(from),
    to: tierOf(to),
    why: reason === '' ? say('', '') : say(`: ${reason}`, `：${reason}`),
  };
  if (to < from)
    return sayWith(
      parts,
      '{who} raised it from {from} to {to}{why}',
      '{who} 将其由 {from} 上调为 {to}{why}',
    );
  return to > from
    ? sayWith(
        parts,
        '{who} lowered it from {from} to {to}{why}',
        '{who} 将其由 {from} 下调为 {to}{why}',
      )
    : sayWith(parts, '{who} holds it at {to}{why}', '{who} 将其保持为 {to}{why}');
}

/** What is said of a tier that waits for a second person, or that is taken back. */
export function tierSentence(
  event: Extract<DomainEvent, { type: `tier-${string}` }>,
  config: Config,
): LocalText {
  const parts = { who: namesOf(config).person(event.by), reason: event.reason };
  if (event.type === 'tier-proposed') {
    return sayWith(
      { ...parts, tier: tierOf(event.tier) },
      '{who} wants it lowered to {tier}, which a second person has to confirm: {reason}',
      '{who} 申请下调为 {tier}，须第二人复核：{reason}',
    );
  }
  return event.reason === ''
    ? sayWith(parts, '{who} leaves the tier to the rules again', '{who} 恢复按规则定级')
    : sayWith(
        parts,
        '{who} leaves the tier to the rules again: {reason}',
        '{who} 恢复按规则定级：{reason}',
      );
}

/** `tier 2 major` */
export function tierOf(tier: Tier): LocalText {
  return say(`tier ${tier} ${TIER_NAMES[tier].en}`, `${tier} 级（${TIER_NAMES[tier]['zh-CN']}）`);
}
