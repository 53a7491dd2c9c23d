import type { Static } from 'typebox';
import { durationOf, percentToPpm } from './findings.ts';
import type { PathStandards, ProbesConfig } from './probe-standards.ts';
import type { PathStandardsSection, ProbesSection } from './service-schema.ts';

/** The probes of a threenines.yaml without errors. */
export function deriveProbes(section: ProbesSection): ProbesConfig {
  return {
    everyMs: durationOf(section.every),
    by: section.by,
    packets: section.packets,
    standards: {
      lossRatio: null,
      roundTripMs: null,
      jitterMs: null,
      ...standardsOf(section.standards),
    },
    overrides: section.overrides.map(({ devices, sites, roles, standards }) => ({
      deviceIds: devices,
      siteIds: sites,
      roles,
      standards: standardsOf(standards),
    })),
  };
}

/** Only what is written. */
function standardsOf(section: Static<typeof PathStandardsSection>): Partial<PathStandards> {
  const { loss, roundTrip, jitter } = section;
  return {
    ...(loss === undefined ? {} : { lossRatio: percentToPpm(loss) / 1_000_000 }),
    ...(roundTrip === undefined ? {} : { roundTripMs: durationOf(roundTrip) }),
    ...(jitter === undefined ? {} : { jitterMs: durationOf(jitter) }),
  };
}
