import { readAcknowledgement } from '../../alerting/acknowledge-link.ts';
import { replyCode } from '../../alerting/channels/twilio.ts';
import { faultWords } from '../../alerting/fault-words.ts';
import { flapFacts } from '../../alerting/flaps.ts';
import { PAGE_MESSAGES } from '../../alerting/page-messages.ts';
import { inertText } from '../../alerting/page-text.ts';
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
  const isLater = incident.episode !== episode && incident.resolvedAt === null;
  if (isLater && incident.acknowledgedAt === null) {
    return { accepted: false, text: messages.changed(replyCode(incidentId)) };
  }
  return acknowledgeIncident(context, incident, person, via);
}

/** Reply words: `ack 198`, `确认 198`, or without a number where there is no doubt what is meant. */
const REPLY = /^\W*(?:ack(?:nowledge)?|ok|yes|确认|收到)\W*(?:inc-)?0*(\d{1,12})?\W*$/iu;

/** Acknowledges by a reply in words; whatever else was said gets told what would have been understood. */
export async function acknowledgeByReply(
  context: RouteContext,
  text: string,
  person: Person,
  via: string,
): Promise<Answer> {
  const messages = CALLBACK_MESSAGES[person.language];
  const waiting = waitingFor(context, person);
  const codes = waiting.map(({ id }) => replyCode(id));
  const reply = REPLY.exec(text.slice(0, 200));
  if (reply === null) return { accepted: false, text: messages.notUnderstood(codes) };
  const [, code] = reply;
  if (code === undefined) {
    if (waiting.length === 1) return acknowledgeIncident(context, waiting[0]!, person, via);
    return { accepted: false, text: messages.whichOne(codes) };
  }
  const incident = context.host.state.incidents.get(`inc-${code.padStart(6, '0')}`);
  if (incident === undefined) return { accepted: false, text: messages.noSuch(code) };
  return acknowledgeIncident(context, incident, person, via);
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
  via: string,
): Promise<Answer> {
  const messages = CALLBACK_MESSAGES[person.language];
  const code = replyCode(incident.id);
  const command = { incidentId: incident.id, by: person.id, via };
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
