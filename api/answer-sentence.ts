import type { DomainEvent } from '../alerting/events.ts';
import type { Config } from '../config/model.ts';
import { type LocalText, sayWith } from '../lib/local-text.ts';
import { namesOf } from './names.ts';
import { viaName } from './words.ts';

type AnswerEvent = Extract<
  DomainEvent,
  { type: 'incident-acknowledged' | 'acknowledgement-refused' }
>;

/** Who answered, or tried to. */
export function answerSentence(event: AnswerEvent, config: Config): LocalText {
  const parts = { who: namesOf(config).person(event.by), via: viaName(event.via) };
  switch (event.type) {
    case 'acknowledgement-refused':
      return sayWith(
        parts,
        '{who} tried to acknowledge and is not of its escalation: refused ({via})',
        '{who} 试图确认，但不在该事件的升级链中：已拒绝（{via}）',
      );
    case 'incident-acknowledged':
      if (event.right === 'took-over')
        return sayWith(
          parts,
          '{who} took it over, joins its escalation, and acknowledged ({via})',
          '{who} 主动接手并加入升级链，已确认（{via}）',
        );
      return event.right === undefined
        ? sayWith(parts, '{who} acknowledged ({via})', '{who} 已确认（{via}）')
        : sayWith(
            parts,
            '{who} acknowledged, entitled to answer for every incident ({via})',
            '{who} 凭应答任何事件的权限已确认（{via}）',
          );
  }
}
