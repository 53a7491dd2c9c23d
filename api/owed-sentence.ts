import type { DomainEvent } from '../alerting/events.ts';
import { formatZoned } from '../alerting/page-text.ts';
import type { Config } from '../config/model.ts';
import { type LocalText, say, sayWith } from '../lib/local-text.ts';
import { namesOf } from './names.ts';
import { tierOf } from './tier-sentence.ts';

/** Steps that ask whoever acknowledged for something, by the first part of their name. */
export const OWED_STEPS: Readonly<Record<string, LocalText>> = {
  update: say('An update is due', '应更新处理进展'),
  'notice-due': say('Customers are to be told', '应告知用户'),
};

/** What is said of an acknowledgement that nobody stands by, and of a tier that is seen to come. */
export function owedSentence(
  event: Extract<DomainEvent, { type: 'acknowledgement-lapsed' | 'forecast-made' }>,
  config: Config,
): LocalText {
  if (event.type === 'acknowledgement-lapsed') {
    return sayWith(
      { who: namesOf(config).person(event.by) },
      'No update from {who}: the acknowledgement has lapsed, the clock starts anew at the second level',
      '{who} 未更新进展：确认已失效，自第二级重新计时',
    );
  }
  return sayWith(
    {
      tier: tierOf(event.tier),
      rule: event.ruleId,
      at: formatZoned(event.expectedAt, config.service.timeZone),
    },
    'If it goes on, rule {rule} says {tier} at {at}',
    '如持续至 {at}，规则 {rule} 将定为 {tier}',
  );
}
