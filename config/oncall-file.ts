import { deriveChannel } from './channel.ts';
import { durationOf } from './findings.ts';
import type { Config, Contact, EscalationPolicy, EscalationStep, Tier } from './model.ts';
import type { EscalationPolicyEntry, OncallFile } from './oncall-schema.ts';
import type { SecretSources } from './secret.ts';
import type { ServicePart } from './service-file.ts';

export type OncallPart = Pick<Config, 'people' | 'channels' | 'escalationPolicies'>;

/** The part of the configuration that an oncall.yaml without errors gives. */
export function deriveOncall(
  file: OncallFile,
  { service }: ServicePart,
  secrets: SecretSources,
): OncallPart {
  return {
    people: file.people.map(
      ({ id, name = id, language = service.language, timeZone = service.timeZone, contacts }) => ({
        id,
        name,
        language,
        timeZone,
        contacts: contacts.map(readContact),
      }),
    ),
    channels: file.channels.map((entry) => deriveChannel(entry, secrets)),
    escalationPolicies: file.escalationPolicies.map(derivePolicy),
  };
}

/** `inbox`, or `mail duty@example.org`. */
export function readContact(text: string): Contact {
  const [channelId = '', address = null] = text.split(' ');
  return { channelId, address };
}

function derivePolicy({ id, sites, tiers }: EscalationPolicyEntry): EscalationPolicy {
  const steps = (tier: Tier): EscalationStep[] =>
    tiers[`${tier}`].map(({ after, people, channels }) => ({
      afterMs: durationOf(after),
      personIds: people,
      channelIds: channels,
    }));
  return { id, siteIds: sites, steps: { 1: steps(1), 2: steps(2), 3: steps(3), 4: steps(4) } };
}
