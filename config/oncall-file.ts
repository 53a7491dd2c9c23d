import { DAY } from '../lib/time.ts';
import { isMailAddress, readChannel } from './channel.ts';
import {
  checkNoRepeats,
  checkReference,
  checkTimeZone,
  checkUniqueIds,
  type Findings,
  type KnownIds,
  readDuration,
} from './findings.ts';
import {
  type Channel,
  type Contact,
  type EscalationPolicy,
  type EscalationStep,
  type Language,
  type Person,
  TIERS,
  type Tier,
} from './model.ts';
import type { EscalationPolicyEntry, OncallFile, StepEntry } from './oncall-schema.ts';
import { type Path, show } from './problem-text.ts';
import type { SecretSources } from './secret.ts';

export interface OncallPart {
  readonly people: readonly Person[];
  readonly channels: readonly Channel[];
  readonly escalationPolicies: readonly EscalationPolicy[];
}

/** What oncall.yaml takes from the other files. */
export interface OncallContext {
  readonly secrets: SecretSources;
  readonly language: Language;
  readonly timeZone: string;
  readonly siteIds: KnownIds;
}

/** Checks oncall.yaml beyond its schema and gives its part of the configuration. */
export function readOncallFile(
  findings: Findings,
  file: OncallFile,
  context: OncallContext,
): OncallPart {
  checkUniqueIds(findings, ['people'], file.people);
  checkUniqueIds(findings, ['channels'], file.channels);
  checkUniqueIds(findings, ['escalationPolicies'], file.escalationPolicies);
  const channels = file.channels.map((entry, index) =>
    readChannel(findings, ['channels', index], entry, context.secrets),
  );
  const people = readPeople(findings, file, channels, context);
  const escalationPolicies = file.escalationPolicies.map((entry, index) =>
    readPolicy(findings, ['escalationPolicies', index], entry, people, context.siteIds),
  );
  checkOrder(findings, escalationPolicies, context.siteIds);
  return { people, channels, escalationPolicies };
}

function readPeople(
  findings: Findings,
  file: OncallFile,
  channels: readonly Channel[],
  context: OncallContext,
): Person[] {
  return file.people.map((entry, index) => {
    const path = ['people', index];
    if (entry.timeZone !== undefined) {
      checkTimeZone(findings, [...path, 'timeZone'], entry.timeZone);
    }
    const contacts = entry.contacts.map((text, position) =>
      readContact(findings, [...path, 'contacts', position], text, channels),
    );
    const channelIds = contacts.map((contact) => contact.channelId);
    checkNoRepeats(findings, [...path, 'contacts'], channelIds);
    const { id, name = id, language = context.language, timeZone = context.timeZone } = entry;
    return { id, name, language, timeZone, contacts };
  });
}

/** `inbox`, or `mail duty@example.org`. */
function readContact(
  findings: Findings,
  path: Path,
  text: string,
  channels: readonly Channel[],
): Contact {
  const [channelId = '', address = null] = text.split(' ');
  const channel = channels.find((each) => each.id === channelId);
  if (channel === undefined) {
    const known = new Set(channels.map((each) => each.id));
    checkReference(findings, path, channelId, known, 'channel');
  } else if (channel.kind === 'inbox' && address !== null) {
    findings.error(
      path,
      `the channel ${show(channelId)} takes no address; remove ${show(address)}`,
    );
  } else if (channel.kind === 'email' && address === null) {
    const message = `the channel ${show(channelId)} needs a mail address; expected one such as "${channelId} duty@example.org"`;
    findings.error(path, message);
  } else if (channel.kind === 'email' && !isMailAddress(address!)) {
    findings.error(path, `${show(address)} is not a mail address`);
  }
  return { channelId, address };
}

function readPolicy(
  findings: Findings,
  path: Path,
  entry: EscalationPolicyEntry,
  people: readonly Person[],
  siteIds: KnownIds,
): EscalationPolicy {
  checkNoRepeats(findings, [...path, 'sites'], entry.sites);
  entry.sites.forEach((id, index) => {
    checkReference(findings, [...path, 'sites', index], id, siteIds, 'site');
  });
  const stepsOf = (tier: Tier): EscalationStep[] => {
    const place = [...path, 'tiers', `${tier}`];
    const steps = entry.tiers[`${tier}`].map((step, index) =>
      readStep(findings, [...place, index], step, people),
    );
    steps.forEach((step, index) => {
      const before = steps[index - 1];
      if (before !== undefined && step.afterMs < before.afterMs) {
        const message = 'comes before the step above it; expected steps in order of time';
        findings.error([...place, index, 'after'], message);
      }
    });
    if (!steps.some((step) => step.personIds.some((id) => isReached(step, id, people)))) {
      findings.warning(
        place,
        `nobody is paged for a tier ${tier} incident under ${show(entry.id)}`,
      );
    }
    return steps;
  };
  const [one, two, three, four] = TIERS.map(stepsOf) as [
    EscalationStep[],
    EscalationStep[],
    EscalationStep[],
    EscalationStep[],
  ];
  return { id: entry.id, siteIds: entry.sites, steps: { 1: one, 2: two, 3: three, 4: four } };
}

function readStep(
  findings: Findings,
  path: Path,
  entry: StepEntry,
  people: readonly Person[],
): EscalationStep {
  const personIds = new Set(people.map((person) => person.id));
  const channelIds = new Set(people.flatMap((each) => each.contacts.map((c) => c.channelId)));
  const afterMs = readDuration(findings, [...path, 'after'], entry.after, {
    least: 0,
    most: 7 * DAY,
  });
  const step = { afterMs, personIds: entry.people, channelIds: entry.channels };
  entry.channels.forEach((id, index) => {
    checkReference(findings, [...path, 'channels', index], id, channelIds, 'channel of anyone');
  });
  entry.people.forEach((id, index) => {
    const place = [...path, 'people', index];
    checkReference(findings, place, id, personIds, 'person');
    if (personIds.has(id) && !isReached(step, id, people)) {
      findings.warning(place, `${show(id)} has no contact on the channels of this step`);
    }
  });
  return step;
}

function isReached(step: EscalationStep, personId: string, people: readonly Person[]): boolean {
  const contacts = people.find((person) => person.id === personId)?.contacts ?? [];
  return step.channelIds.length === 0
    ? contacts.length > 0
    : contacts.some((contact) => step.channelIds.includes(contact.channelId));
}

/** The first policy that applies wins: finds sites without one, and policies that never get their turn. */
function checkOrder(
  findings: Findings,
  policies: readonly EscalationPolicy[],
  siteIds: KnownIds,
): void {
  const path = ['escalationPolicies'];
  const covered = new Set<string>();
  let catchAll: string | null = null;
  policies.forEach((policy, index) => {
    const isShadowed = policy.siteIds.length > 0 && policy.siteIds.every((id) => covered.has(id));
    if (catchAll !== null || isShadowed) {
      const earlier =
        catchAll === null ? 'policies above it apply' : `${show(catchAll)} above it applies`;
      findings.warning([...path, index], `${show(policy.id)} is never used: ${earlier} first`);
    }
    for (const id of policy.siteIds) covered.add(id);
    if (policy.siteIds.length === 0) catchAll ??= policy.id;
  });
  const open = catchAll === null ? [...(siteIds ?? [])].filter((id) => !covered.has(id)) : [];
  if (open.length > 0) {
    const first = open.slice(0, 5).map(show).join(', ');
    const more = open.length > 5 ? ` and ${open.length - 5} more` : '';
    findings.warning(
      path,
      `nobody is paged for incidents at ${first}${more}: no policy applies there`,
    );
  }
}
