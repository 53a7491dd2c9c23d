import type { Health, LocalText, Tier } from './api-types.ts';
import { language, messages } from './language.ts';

/** Shapes are told apart without colour: octagon, triangle, diamond, circle. */
const TIER_SHAPES: Readonly<Record<Tier, string>> = {
  1: 'M7 1h10l6 6v10l-6 6H7l-6-6V7z',
  2: 'M12 1.5 23.5 22H.5z',
  3: 'M12 .5 23.5 12 12 23.5.5 12z',
  4: 'M12 1a11 11 0 1 1 0 22 11 11 0 0 1 0-22z',
};

/** The shape of a tier with its number in it. */
export function TierMark({ tier }: { tier: Tier }) {
  return (
    <svg class={`tier-mark tier-${tier}`} viewBox="0 0 24 24" aria-hidden="true">
      <path d={TIER_SHAPES[tier]} />
      <text x="12" y={tier === 2 ? 19 : 16.5}>
        {tier}
      </text>
    </svg>
  );
}

/** Symbol, number and both names: what people say to each other must not depend on their language. */
export function TierBadge({ tier, name }: { tier: Tier; name: LocalText }) {
  const other = language.value === 'en' ? 'zh-CN' : 'en';
  return (
    <span class={`tier-badge tier-${tier}`}>
      <TierMark tier={tier} />
      <span class="tier-word">{name[language.value]}</span>
      <span class="tier-other" lang={other}>
        {name[other]}
      </span>
    </span>
  );
}

const HEALTH_GLYPHS: Readonly<Record<Health, string>> = {
  up: 'M4 8.5 7 11.5 12.5 5',
  degraded: 'M8 4v5M8 11.6v.2',
  down: 'M5 5l6 6M11 5l-6 6',
  unreachable: 'M4.5 8h7',
  unknown: 'M6 6.2a2 2 0 1 1 2.7 1.9c-.5.2-.7.5-.7 1M8 11.6v.2',
};

const HEALTH_SHAPES: Readonly<Record<Health, string>> = {
  up: 'M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1z',
  degraded: 'M8 .8 15.6 14.5H.4z',
  down: 'M1.5 1.5h13v13h-13z',
  unreachable: 'M8 .5 15.5 8 8 15.5.5 8z',
  unknown: 'M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1z',
};

/** The symbol of a health state; the word stands beside it unless the surroundings say it. */
export function HealthMark({ health }: { health: Health }) {
  return (
    <svg class={`health-mark health-${health}`} viewBox="0 0 16 16" aria-hidden="true">
      <path class="shape" d={HEALTH_SHAPES[health]} />
      <path class="glyph" d={HEALTH_GLYPHS[health]} />
    </svg>
  );
}

/** Symbol and word of a health state. */
export function HealthWord({ health }: { health: Health }) {
  return (
    <span class={`health-word health-${health}`}>
      <HealthMark health={health} />
      {messages.value.health[health]}
    </span>
  );
}
