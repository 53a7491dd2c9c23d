import type { Incident } from './state.ts';

/** An incident, and which of its outbreaks is meant. */
export interface Meant {
  readonly incidentId: string;
  readonly episode: number;
}

/**
 * What a person types to answer a page: `198` of `inc-000198`, from its second response clock on with the
 * number of that clock, `198-2`, so that an answer to an earlier page is never taken for one to a later.
 */
export function replyCode({ incidentId, episode }: Meant): string {
  const number = /^inc-0*(\d+)$/.exec(incidentId)?.[1] ?? incidentId;
  return episode === 1 ? number : `${number}-${episode}`;
}

/** The code with which the incident as it is now is answered. */
export function codeOf({ id, episode }: Pick<Incident, 'id' | 'episode'>): string {
  return replyCode({ incidentId: id, episode });
}

/** `ack 198-2`, `确认 198`: an acknowledgement; `take 198`, `接手 198`: by somebody who was not asked. */
const REPLY =
  /^\W*(?:(ack(?:nowledge)?|ok|yes|确认|收到)|take(?:\W?over)?|接手)\W*(?:(?:inc-)?0*(\d{1,12})(?:-0*(\d{1,6}))?)?\W*$/iu;
/** Longer ones are not looked at whole. */
const LONGEST_REPLY = 200;

export interface Reply {
  readonly takesOver: boolean;
  /** What it names; null: nothing. */
  readonly meant: Meant | null;
}

/** What a reply in words asks for; null when it is none. */
export function readReply(text: string): Reply | null {
  const parts = REPLY.exec(text.slice(0, LONGEST_REPLY));
  if (parts === null) return null;
  const [, isAnswer, number, episode = '1'] = parts;
  const takesOver = isAnswer === undefined;
  if (number === undefined) return { takesOver, meant: null };
  const incidentId = `inc-${number.padStart(6, '0')}`;
  return { takesOver, meant: { incidentId, episode: Number(episode) } };
}
