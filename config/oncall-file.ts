import { deriveChannel } from './channels/derive.ts';
import { deriveDelivery } from './delivery.ts';
import { durationOf } from './findings.ts';
import type {
  Beat,
  Config,
  Contact,
  EscalationPolicy,
  EscalationStep,
  Person,
  Tier,
} from './model.ts';
import type { EscalationPolicyEntry, OncallFile, PersonEntry } from './oncall-schema.ts';
import { deriveHours, deriveSchedule } from './schedule/schedule-file.ts';
import { type SecretSources, secretOf } from './secret.ts';
import type { ServicePart } from './service-file.ts';

export type OncallPart = Pick<
  Config,
  | 'people'
  | 'teams'
  | 'schedules'
  | 'catchAll'
  | 'workCalendars'
  | 'beat'
  | 'channels'
  | 'escalationPolicies'
  | 'delivery'
>;

/** The part of the configuration that an oncall.yaml without errors gives. */
export function deriveOncall(
  file: OncallFile,
  { service }: ServicePart,
  secrets: SecretSources,
): OncallPart {
  return {
    people: file.people.map((entry) => derivePerson(entry, service)),
    teams: file.teams.map(({ id, name = id, members, manager = null }) => {
      return { id, name, personIds: members, managerId: manager };
    }),
    schedules: file.schedules.map((entry) => deriveSchedule(entry, file, service.timeZone)),
    catchAll: file.catchAll,
    workCalendars: file.holidays.flatMap(({ timeZone, days, workdays }) =>
      timeZone === undefined ? [] : { timeZone, holidays: days, workdays },
    ),
    beat: file.beat === undefined ? null : deriveBeat(file.beat, secrets),
    channels: file.channels.map((entry) => deriveChannel(entry, secrets)),
    escalationPolicies: file.escalationPolicies.map(derivePolicy),
    delivery: deriveDelivery(file.delivery),
  };
}

function deriveBeat({ url, every }: NonNullable<OncallFile['beat']>, secrets: SecretSources): Beat {
  return { url: secretOf(url, secrets), everyMs: durationOf(every) };
}

function derivePerson(entry: PersonEntry, service: ServicePart['service']): Person {
  const { id, name = id, language = service.language, timeZone = service.timeZone } = entry;
  const { logins, answersAll, approvesReviews } = entry;
  const contacts = entry.contacts.map(readContact);
  const quietHours = entry.quietHours.map((hours) => ({ ...deriveHours(hours), timeZone }));
  return {
    ...{ id, name, logins, language, timeZone, contacts, quietHours },
    ...(answersAll ? { answersAll } : {}),
    ...(approvesReviews ? { approvesReviews } : {}),
  };
}

/** `inbox`, or `mail duty@example.org`. */
export function readContact(text: string): Contact {
  const [channelId = '', address = null] = text.split(' ');
  return { channelId, address };
}

function derivePolicy({ id, sites, tiers }: EscalationPolicyEntry): EscalationPolicy {
  const steps = (tier: Tier): EscalationStep[] =>
    tiers[`${tier}`].map(({ after, people, schedules, teams, channels }) => ({
      afterMs: durationOf(after),
      personIds: people,
      scheduleIds: schedules,
      teamIds: teams,
      channelIds: channels,
    }));
  return { id, siteIds: sites, steps: { 1: steps(1), 2: steps(2), 3: steps(3), 4: steps(4) } };
}
