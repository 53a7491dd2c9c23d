import type { DomainEvent } from '../../alerting/events.ts';
import type { ClockModel } from './clock-model.ts';

/** Beside those of the escalation there is one who is not of it, nor has any channel. */
export const OUTSIDER = 'guest';

/** How an answer names the outbreak that its sender has seen. */
export function viaOf(episode: number): string {
  return `seen-${episode}`;
}

/** Who may answer, and for what, worked out from the entries of the journal alone. */
export class AnswerModel {
  readonly #joined = new Set<string>();

  /** `isAsked`: the person is of the escalation at that instant, or was paged about the incident. */
  take(
    event: DomainEvent,
    model: ClockModel,
    isAsked: (personId: string) => boolean,
  ): readonly string[] {
    const mayAnswer = (by: string) => isAsked(by) || this.#joined.has(`${model.id} ${by}`);
    if (event.type === 'acknowledgement-refused' && mayAnswer(event.by))
      return [`${event.by} may acknowledge ${model.id}, and is refused`];
    if (event.type !== 'incident-acknowledged') return [];
    const tookOver = event.right === 'took-over';
    const fits = mayAnswer(event.by) !== tookOver;
    const wrong = fits
      ? []
      : [`${event.by} acknowledges ${model.id} by ${event.right ?? 'being of it'}`];
    if (tookOver) this.#joined.add(`${model.id} ${event.by}`);
    if (event.via !== viaOf(model.episode))
      wrong.push(`an answer (${event.via}) acknowledges episode ${model.episode} of ${model.id}`);
    return wrong;
  }
}
