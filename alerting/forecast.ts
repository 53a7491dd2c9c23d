import type { GradingRule } from '../config/model.ts';
import type { EpochMs } from '../lib/time.ts';
import type { Deciding } from './deciding.ts';
import { queuePages, type Recipient, recipientsOf, toldRecipients } from './paging.ts';
import { silenceOver } from './silence.ts';
import type { Incident } from './state.ts';

/** A rule that will hold at `at` if its condition goes on, and whose warning is due. */
export interface Nearing {
  readonly rule: GradingRule;
  readonly at: EpochMs;
}

/**
 * Says ahead, once, that a rule is about to hold: a figure that a regulator asks for is no surprise
 * then. Told to whoever acknowledged and everyone paged so far.
 */
export function decideForecast(
  deciding: Deciding,
  incident: Incident,
  nearing: readonly Nearing[],
): void {
  for (const { rule, at } of nearing) {
    if (incident.forecastRuleIds.has(rule.id)) continue;
    const { id: incidentId } = incident;
    const { id: ruleId, tier } = rule;
    deciding.emit({
      ...{ type: 'forecast-made', at: deciding.now, incidentId, ruleId, tier },
      expectedAt: at,
    });
    const graph = deciding.requireGraph();
    if (silenceOver(deciding.state, graph, incident, deciding.now) !== null) continue;
    queuePages(deciding, incident, {
      ...{ step: `forecast:${ruleId}`, kind: 'forecast', reminderRatio: null },
      recipients: [
        ...whoeverAcknowledged(deciding, incident),
        ...toldRecipients(deciding, incident),
      ],
      forecast: { tier, at },
    });
  }
}

function whoeverAcknowledged(
  deciding: Deciding,
  { acknowledgedBy }: Incident,
): readonly Recipient[] {
  if (acknowledgedBy === null) return [];
  return recipientsOf(deciding, { afterMs: 0, personIds: [acknowledgedBy], channelIds: [] });
}
