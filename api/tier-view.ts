import { Type } from 'typebox';
import { PROPOSAL_LASTS_MS } from '../alerting/tier-hold.ts';
import type { Config } from '../config/model.ts';
import { type EpochMs, formatInstant } from '../lib/time.ts';
import type { IncidentRecord } from './incident-record.ts';
import { namesOf } from './names.ts';
import { Instant, TierNumber } from './schemas.ts';

const PersonRef = Type.Object({ id: Type.String(), name: Type.String() });
const NullablePerson = Type.Union([PersonRef, Type.Null()]);

/** What a person has set the tier to, and what the rules called for then. */
export const SetTierSchema = Type.Union([
  Type.Object({
    tier: TierNumber,
    by: PersonRef,
    confirmedBy: NullablePerson,
    at: Instant,
    reason: Type.String(),
    rulesTier: TierNumber,
  }),
  Type.Null(),
]);

/** A tier milder than 1 that waits for a second person. */
export const ProposedTierSchema = Type.Union([
  Type.Object({
    tier: TierNumber,
    by: PersonRef,
    at: Instant,
    lastsUntil: Instant,
    reason: Type.String(),
  }),
  Type.Null(),
]);

/** The worst tier that customers were told: it does not become milder before the end. */
export const ToldTierSchema = Type.Union([TierNumber, Type.Null()]);

/** What people have said of the tier of an incident. */
export function viewTier(record: IncidentRecord, config: Config, now: EpochMs) {
  const { tierHold, tierProposal, toldTier } = record;
  const person = (id: string) => ({ id, name: namesOf(config).person(id) });
  const lastsUntil = (tierProposal?.at ?? 0) + PROPOSAL_LASTS_MS;
  return {
    setTier: tierHold && {
      ...{ tier: tierHold.tier, reason: tierHold.reason, rulesTier: tierHold.rulesTier },
      ...{ by: person(tierHold.by), at: formatInstant(tierHold.at) },
      confirmedBy: tierHold.confirmedBy === null ? null : person(tierHold.confirmedBy),
    },
    proposedTier:
      tierProposal === null || now > lastsUntil
        ? null
        : {
            ...{ tier: tierProposal.tier, reason: tierProposal.reason },
            ...{ by: person(tierProposal.by), at: formatInstant(tierProposal.at) },
            lastsUntil: formatInstant(lastsUntil),
          },
    toldTier,
  };
}
