import type { Incident } from './api-types.ts';
import { messages } from './language.ts';
import { punctuation } from './punctuation.ts';

/** Where an incident is, and where else it is felt. */
export function IncidentSites({ incident }: { incident: Incident }) {
  const { siteName, otherSites } = incident;
  if (otherSites.length === 0) return <>{siteName}</>;
  const { list, inBrackets } = punctuation.value;
  const names = otherSites.map(({ name }) => name).join(list);
  return (
    <>
      {siteName}
      <span class="quiet">{inBrackets(messages.value.alsoAffects(names))}</span>
    </>
  );
}
