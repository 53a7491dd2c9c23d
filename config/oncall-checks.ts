import { DAY, type DurationMs, HOUR, SECOND } from '../lib/time.ts';
import { checkChannel } from './channels/check.ts';
import { contactProblem } from './channels/contact-address.ts';
import { checkDelivery } from './delivery.ts';
import { type Draft, entriesOf, isWhole, type Maybe } from './draft.ts';
import {
  checkDuration,
  checkNoRepeats,
  checkReference,
  checkReferences,
  checkTimeZone,
  checkUniqueIds,
  type Findings,
  type KnownIds,
  knownIds,
} from './findings.ts';
import { TIERS, type Tier } from './model.ts';
import { readContact } from './oncall-file.ts';
import type {
  ChannelEntry,
  EscalationPolicyEntry,
  OncallFile,
  PersonEntry,
  StepEntry,
} from './oncall-schema.ts';
import { type Path, show } from './problem-text.ts';
import { checkSchedules } from './schedule/schedule-checks.ts';
import { checkSecret, type SecretSources } from './secret.ts';

const AFTER_BOUNDS = { least: 0, most: 7 * DAY };
const MOST_NAMED_SITES = 5;

/** What oncall.yaml takes from the other files. */
export interface OncallContext {
  readonly secrets: SecretSources;
  readonly siteIds: KnownIds;
  /** null: not known. */
  readonly timeZone: string | null;
}

/** Who can be reached, and how, as far as it is known. */
interface Roster {
  readonly people: ReadonlyMap<string, Draft<PersonEntry>>;
  readonly personIds: KnownIds;
  /** Channels on which anyone has a contact. */
  readonly channelIds: KnownIds;
  readonly scheduleIds: KnownIds;
  readonly teamIds: KnownIds;
}

/** Checks oncall.yaml beyond its schema. */
export function checkOncallFile(
  findings: Findings,
  file: Draft<OncallFile>,
  context: OncallContext,
): void {
  for (const section of ['people', 'channels', 'escalationPolicies'] as const) {
    checkUniqueIds(findings, [section], file[section]);
  }
  for (const [index, entry] of entriesOf(file.channels)) {
    checkChannel(findings, ['channels', index], entry, context.secrets);
  }
  for (const [index, entry] of entriesOf(file.people)) {
    checkPerson(findings, ['people', index], entry, file.channels);
  }
  checkLogins(findings, file.people);
  checkSchedules(findings, file, context.timeZone);
  if (file.delivery !== null) checkDelivery(findings, file.delivery);
  checkBeat(findings, file.beat, context.secrets);
  const roster = rosterOf(file);
  for (const [index, entry] of entriesOf(file.escalationPolicies)) {
    checkPolicy(findings, ['escalationPolicies', index], entry, roster, context.siteIds);
  }
  checkOrder(findings, file.escalationPolicies, context.siteIds);
}

const BEAT_BOUNDS = { least: 10 * SECOND, most: HOUR };

function checkBeat(
  findings: Findings,
  beat: Draft<OncallFile>['beat'],
  secrets: SecretSources,
): void {
  if (!beat) return;
  checkDuration(findings, ['beat', 'every'], beat.every, BEAT_BOUNDS);
  const url = checkSecret(findings, ['beat', 'url'], beat.url, secrets);
  if (url === null || /^https?:\/\/[^\s]+$/.test(url)) return;
  const message = 'the secret is not a web address; expected https://… or http://…';
  findings.error(['beat', 'url'], message);
}

function checkPerson(
  findings: Findings,
  path: Path,
  entry: Draft<PersonEntry>,
  channels: Draft<OncallFile>['channels'],
): void {
  checkTimeZone(findings, [...path, 'timeZone'], entry.timeZone);
  for (const [index, text] of entriesOf(entry.contacts)) {
    checkContact(findings, [...path, 'contacts', index], text, channels);
  }
  const channelIds = entry.contacts?.map((text) => text && readContact(text).channelId);
  checkNoRepeats(findings, [...path, 'contacts'], channelIds);
}

/** A login tells one person; capitals do not matter. */
function checkLogins(findings: Findings, people: Draft<OncallFile>['people']): void {
  const owners = new Map<string, string | null>();
  for (const [, { id }] of entriesOf(people)) if (id !== null) owners.set(id, id);
  for (const [index, { id, logins }] of entriesOf(people)) {
    for (const [place, login] of entriesOf(logins)) {
      const key = login.trim().toLowerCase();
      const owner = owners.get(key);
      owners.set(key, id);
      if (owner === undefined || owner === id) continue;
      const message = `${show(login)} is also ${show(owner ?? '')}; expected a login of one person`;
      findings.error(['people', index, 'logins', place], message);
    }
  }
}

function checkContact(
  findings: Findings,
  path: Path,
  text: string,
  channels: Draft<OncallFile>['channels'],
): void {
  const { channelId, address } = readContact(text);
  checkReference(findings, path, channelId, knownIds(channels), 'channel');
  const isMeant = ([, { id }]: [number, Draft<ChannelEntry>]) => id === channelId;
  const channel = entriesOf(channels).find(isMeant)?.[1];
  const problem = channel === undefined ? null : contactProblem(channel, address);
  if (problem !== null) findings.error(path, problem);
}

function rosterOf({ people: entries, schedules, teams }: Draft<OncallFile>): Roster {
  const people = new Map<string, Draft<PersonEntry>>();
  for (const [, person] of entriesOf(entries)) {
    if (person.id !== null) people.set(person.id, person);
  }
  const isKnown = isWhole(entries) && entries.every(({ contacts }) => isWhole(contacts));
  const contacts = entriesOf(entries).flatMap(([, person]) => entriesOf(person.contacts));
  const channelIds = new Set(contacts.map(([, text]) => readContact(text).channelId));
  return {
    people,
    personIds: knownIds(entries),
    channelIds: isKnown ? channelIds : null,
    scheduleIds: knownIds(schedules),
    teamIds: knownIds(teams),
  };
}

function checkPolicy(
  findings: Findings,
  path: Path,
  entry: Draft<EscalationPolicyEntry>,
  roster: Roster,
  siteIds: KnownIds,
): void {
  checkNoRepeats(findings, [...path, 'sites'], entry.sites);
  checkReferences(findings, [...path, 'sites'], entry.sites, siteIds, 'site');
  if (entry.tiers === null) return;
  for (const tier of TIERS) {
    const place = [...path, 'tiers', `${tier}`];
    const steps = entry.tiers[`${tier}`];
    checkSteps(findings, place, steps, roster);
    if (isWhole(steps) && !steps.some((step) => reachesAnyone(step, roster))) {
      findings.warning(place, nobodyPaged(tier, entry.id));
    }
  }
}

function nobodyPaged(tier: Tier, policyId: string | null): string {
  const under = policyId === null ? '' : ` under ${show(policyId)}`;
  return `nobody is paged for a tier ${tier} incident${under}`;
}

function checkSteps(
  findings: Findings,
  path: Path,
  steps: Maybe<readonly (Draft<StepEntry> | null)[]>,
  roster: Roster,
): void {
  let before: DurationMs = 0;
  for (const [index, step] of entriesOf(steps)) {
    const place = [...path, index];
    const after = checkDuration(findings, [...place, 'after'], step.after, AFTER_BOUNDS) ?? before;
    if (after < before) {
      const message = 'comes before the step above it; expected steps in order of time';
      findings.error([...place, 'after'], message);
    }
    before = after;
    const { channelIds, personIds } = roster;
    const noun = 'channel of anyone';
    checkReferences(findings, [...place, 'channels'], step.channels, channelIds, noun);
    checkReferences(findings, [...place, 'people'], step.people, personIds, 'person');
    const { scheduleIds, teamIds } = roster;
    checkReferences(findings, [...place, 'schedules'], step.schedules, scheduleIds, 'schedule');
    checkReferences(findings, [...place, 'teams'], step.teams, teamIds, 'team');
    if ([step.people, step.schedules, step.teams].every((list) => list?.length === 0)) {
      findings.error(place, 'names nobody; expected people, schedules or teams');
    }
    for (const [position, id] of entriesOf(step.people)) {
      if (mayReach(step, id, roster)) continue;
      const message = `${show(id)} has no contact on the channels of this step`;
      findings.warning([...place, 'people', position], message);
    }
  }
}

function reachesAnyone(step: Draft<StepEntry>, roster: Roster): boolean {
  if (step.schedules?.length !== 0 || step.teams?.length !== 0) return true;
  return !isWhole(step.people) || step.people.some((id) => mayReach(step, id, roster));
}

/** False only when everything is known, and the person has no contact on a channel of the step. */
function mayReach({ channels }: Draft<StepEntry>, personId: string, roster: Roster): boolean {
  const contacts = roster.people.get(personId)?.contacts;
  if (!isWhole(contacts) || !isWhole(channels) || channels.length === 0) return true;
  const isKnown = channels.every((id) => roster.channelIds?.has(id));
  return !isKnown || contacts.some((text) => channels.includes(readContact(text).channelId));
}

/** The first policy that applies wins: finds sites without one, and policies that never get their turn. */
function checkOrder(
  findings: Findings,
  policies: Draft<OncallFile>['escalationPolicies'],
  siteIds: KnownIds,
): void {
  const path = ['escalationPolicies'];
  const covered = new Set<string>();
  let catchAll: string | null = null;
  for (const [index, policy] of entriesOf(policies)) {
    const { id, sites } = policy;
    if (!isWhole(sites)) continue;
    const isShadowed = sites.length > 0 && sites.every((site) => covered.has(site));
    if (id !== null && (catchAll !== null || isShadowed)) {
      const earlier =
        catchAll === null ? 'policies above it apply' : `${catchAll} above it applies`;
      findings.warning([...path, index], `${show(id)} is never used: ${earlier} first`);
    }
    for (const site of sites) covered.add(site);
    if (sites.length === 0) catchAll ??= id === null ? 'a policy' : show(id);
  }
  const isKnown = isWhole(policies) && policies.every(({ sites }) => isWhole(sites));
  if (catchAll !== null || !isKnown) return;
  const open = [...(siteIds ?? [])].filter((id) => !covered.has(id));
  if (open.length === 0) return;
  const first = open.slice(0, MOST_NAMED_SITES).map(show).join(', ');
  const rest = open.length - MOST_NAMED_SITES;
  const more = rest > 0 ? ` and ${rest} more` : '';
  const message = `nobody is paged for incidents at ${first}${more}: no policy applies there`;
  findings.warning(path, message);
}
