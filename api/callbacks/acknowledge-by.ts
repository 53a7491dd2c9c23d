import {
  asksForAnswer,
  LINK_LIFE_MS,
  readAcknowledgement,
} from '../../alerting/acknowledge-link.ts';
import { faultWords } from '../../alerting/fault-words.ts';
import { flapFacts } from '../../alerting/flaps.ts';
import { PAGE_MESSAGES } from '../../alerting/page-messages.ts';
import { inertText } from '../../alerting/page-text.ts';
import { codeOf, readReply } from '../../alerting/reply-code.ts';
import type { Incident } from '../../alerting/state.ts';
import type { Config, Language, Person } from '../../config/model.ts';
import type { RouteContext } from '../api-app.ts';
import { namesOf } from '../names.ts';
import { CALLBACK_MESSAGES } from './callback-messages.ts';

/** What became of an acknowledgement by a reply, a key or a button, in the words of the person. */
export interface Answer {
  readonly accepted: boolean;
  readonly text: string;
}

const LONGEST_NAME_BYTES = 60;

/** The person who has this address on the channel; null when nobody has. */
export function personAt(config: Config, channelId: string, address: string): Person | null {
  const wanted = plainAddress(address);
  return (
    config.people.find(({ contacts }) =>
      contacts.some(
        (contact) =>
          contact.channelId === channelId &&
          contact.address !== null &&
          plainAddress(contact.address) === wanted,
      ),
    ) ?? null
  );
}

/** A number is the same with and without its punctuation. */
function plainAddress(address: string): string {
  const digits = address.replace(/[\s().-]/g, '');
  return /^\+?\d{5,}$/.test(digits) ? digits.replace(/^\+/, '') : address;
}

/**
 * Acknowledges by the token of a page: as the person that the channel proves, for the outbreak that
 * the page was about.
 */
export async function acknowledgeByToken(
  context: RouteContext,
  token: string,
  person: Person,
  via: string,
): Promise<Answer> {
  const messages = CALLBACK_MESSAGES[person.language];
  const read = readAcknowledgement(context.acknowledgeKey, token, context.clock.now());
  if (!read.ok) return { accepted: false, text: messages.tooOld };
  const { incidentId, openedAt, episode } = read.claim;
  const incident = context.host.state.incidents.get(incidentId);
  if (incident === undefined || incident.openedAt !== openedAt) {
    return { accepted: false, text: messages.tooOld };
  }
  return acknowledgeIncident(context, incident, person, { via, episode });
}

/**
 * Acknowledges by a reply in words: for the outbreak whose code it names, or without one where the person
 * was asked about nothing else lately. Whatever else was said gets told what would have been understood.
 */
export async function acknowledgeByReply(
  context: RouteContext,
  text: string,
  person: Person,
  via: string,
): Promise<Answer> {
  const messages = CALLBACK_MESSAGES[person.language];
  const waiting = waitingFor(context, person);
  const codes = waiting.map(codeOf);
  const reply = readReply(text);
  if (reply === null) return { accepted: false, text: messages.notUnderstood(codes) };
  const { meant, takesOver } = reply;
  if (meant === null) {
    const only = waiting.length === 1 ? waiting[0]! : null;
    if (only === null || isInDoubt(context, person, only))
      return { accepted: false, text: messages.whichOne(codes) };
    return acknowledgeIncident(context, only, person, { via, episode: only.episode });
  }
  const { incidentId, episode } = meant;
  const incident = context.host.state.incidents.get(incidentId);
  if (incident === undefined) {
    const [code] = incidentId.match(/[1-9]\d*$/) ?? [incidentId];
    return { accepted: false, text: messages.noSuch(code!) };
  }
  return acknowledgeIncident(context, incident, person, { via, episode, takesOver });
}

/** Whether an answer without a code may be one to a page about something else, or about an earlier outbreak. */
function isInDoubt(
  { host, clock }: RouteContext,
  { id: personId }: Person,
  { id, episode }: Incident,
): boolean {
  const now = clock.now();
  for (const page of host.state.pages.values()) {
    if (page.personId !== personId || now - page.queuedAt >= LINK_LIFE_MS) continue;
    const isOther = page.incidentId !== id || page.episode !== episode;
    if (isOther && asksForAnswer(page) && page.status === 'sent') return true;
  }
  return false;
}

/** Incidents that the person was paged about and nobody has taken over. */
function waitingFor({ host }: RouteContext, person: Person): readonly Incident[] {
  const { incidents, openIncidentIds, pages } = host.state;
  return [...openIncidentIds]
    .flatMap((id) => incidents.get(id) ?? [])
    .filter(({ acknowledgedAt }) => acknowledgedAt === null)
    .filter(({ pageIds }) => pageIds.some((id) => pages.get(id)?.personId === person.id));
}

async function acknowledgeIncident(
  context: RouteContext,
  incident: Incident,
  person: Person,
  answer: { readonly via: string; readonly episode: number; readonly takesOver?: boolean },
): Promise<Answer> {
  const messages = CALLBACK_MESSAGES[person.language];
  const code = codeOf(incident);
  const command = { incidentId: incident.id, by: person.id, ...answer };
  const outcome = await context.host.command({ type: 'acknowledge', ...command });
  const config = context.getConfig();
  if (outcome.accepted) {
    return {
      accepted: true,
      text: messages.done(code, titleOf(context, incident, person.language)),
    };
  }
  const name = outcome.by === null ? '' : namesOf(config).person(outcome.by);
  if (outcome.reason === 'already-acknowledged') {
    return { accepted: false, text: messages.alreadyBy(code, name) };
  }
  if (outcome.reason === 'other-episode') return { accepted: false, text: messages.changed(code) };
  if (outcome.reason === 'not-on-chain') return { accepted: false, text: messages.notYours(code) };
  return { accepted: false, text: messages.over(code) };
}

function titleOf(context: RouteContext, incident: Incident, language: Language): string {
  const device = inertText(
    namesOf(context.getConfig()).device(incident.rootDeviceId),
    LONGEST_NAME_BYTES,
  );
  const flapping = flapFacts(context.host.state, incident);
  const fault = faultWords(incident.rootKind, flapping, language);
  return PAGE_MESSAGES[language].fault(device, null, fault);
}
