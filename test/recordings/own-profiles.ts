import type { Recording } from '../../collector/recording/snmprec.ts';
import type { Profile } from '../../config/profile.ts';

/** Agents that devices of many makers have: what they tell is nobody's own. */
const SHARED_AGENTS: ReadonlySet<string> = new Set(['2021', '8072']);

/** Below so few objects a number is no more than mentioned, as MikroTik answers one object of Cisco's. */
const FEWEST_OBJECTS = 3;

const ENTERPRISE = /^1\.3\.6\.1\.4\.1\.(\d+)(?:\.|$)/;

function enterpriseOf(oid: string): string | undefined {
  return ENTERPRISE.exec(oid)?.[1];
}

/** The makers' numbers of a recorded device: that of its sysObjectID, and those that it answers below. */
export function ownEnterprises({ varbinds }: Recording): ReadonlySet<string> {
  const counts = new Map<string, number>();
  for (const { oid } of varbinds) {
    const number = enterpriseOf(oid);
    if (number !== undefined) counts.set(number, (counts.get(number) ?? 0) + 1);
  }
  const own = [...counts].filter(([, count]) => count >= FEWEST_OBJECTS).map(([number]) => number);
  const identity = varbinds.find(({ oid }) => oid === '1.3.6.1.2.1.1.2.0');
  const said = identity === undefined ? undefined : enterpriseOf(String(identity.value));
  const all = said === undefined ? own : [said, ...own];
  return new Set(all.filter((number) => !SHARED_AGENTS.has(number)));
}

/** The profiles that read nothing of these makers: generic ones, and those of everybody else. */
export function profilesWithout(
  profiles: readonly Profile[],
  enterprises: ReadonlySet<string>,
): readonly Profile[] {
  return profiles.filter((profile) => {
    const oids = [profile, ...profile.tables].flatMap((part) =>
      'columns' in part ? part.columns.map(({ oid }) => oid) : part.scalars.map(({ oid }) => oid),
    );
    return !oids.some((oid) => enterprises.has(enterpriseOf(oid) ?? ''));
  });
}
