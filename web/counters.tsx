import type { Health, TierCounts } from './api-types.ts';
import { language, local, messages } from './language.ts';
import { summary } from './live-data.ts';
import { HealthMark, TierMark } from './marks.tsx';
import { punctuation } from './punctuation.ts';

/** How much is open in each tier, and how many devices are in which state. */
export function Counters() {
  const text = messages.value;
  const counts = summary.value;
  if (counts === null) return null;
  return (
    <div class="counters">
      <ul class="tiers" aria-label={text.tiers}>
        {counts.tiers.map((tier) => (
          <TierTile key={tier.tier} counts={tier} />
        ))}
      </ul>
      <DeviceCounts devices={counts.devices} />
    </div>
  );
}

function TierTile({ counts }: { counts: TierCounts }) {
  const text = messages.value;
  const { tier, open, breached, acknowledged } = counts;
  const total = open + acknowledged;
  const other = language.value === 'en' ? 'zh-CN' : 'en';
  const parts = [
    open > 0 ? text.waiting(open) : '',
    acknowledged > 0 ? text.acknowledgedCount(acknowledged) : '',
  ].filter((part) => part !== '');
  return (
    <li class={`tile tier-${tier}${total === 0 ? ' is-quiet' : ''}`}>
      <TierMark tier={tier} />
      <span class="tile-name">
        <span class="tier-word">{local(counts.name)}</span>
        <span class="tier-other" lang={other}>
          {counts.name[other]}
        </span>
      </span>
      <strong class="tile-count">{total}</strong>
      <span class="tile-parts">
        {parts.join(punctuation.value.comma) || text.noneOpen}
        {breached > 0 ? <em class="overdue">{text.overdueCount(breached)}</em> : null}
      </span>
    </li>
  );
}

const ORDER: readonly Health[] = ['down', 'unreachable', 'degraded', 'unknown', 'up'];

function DeviceCounts({ devices }: { devices: Readonly<Record<Health, number>> }) {
  const text = messages.value;
  return (
    <ul class="device-counts" aria-label={text.deviceStates}>
      {ORDER.map((health) => (
        <li key={health} class={devices[health] === 0 ? 'is-quiet' : ''}>
          <HealthMark health={health} />
          <strong>{devices[health]}</strong> {text.health[health]}
        </li>
      ))}
    </ul>
  );
}
