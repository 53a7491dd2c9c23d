import { Fragment } from 'preact';
import { AcknowledgeButton } from './acknowledge.tsx';
import type { Incident, PersonRef } from './api-types.ts';
import { nearlyNow, now } from './browser-clock.ts';
import { formatDuration, formatInstant } from './format.ts';
import { IncidentSites } from './incident-sites.tsx';
import { faultLastedMs, faultSince, OtherTimes } from './incident-times.tsx';
import { local, messages } from './language.ts';
import { incidents, openIncidents, resolvedIncidents, staleForMs } from './live-data.ts';
import { TierBadge, TierMark } from './marks.tsx';
import { Fact } from './panel-parts.tsx';
import { punctuation } from './punctuation.ts';
import { ResponseClock } from './response-clock.tsx';
import { incidentHref, route } from './route.ts';

/** What is wrong now: unacknowledged first, then by tier and deadline. */
export function OpenIncidents() {
  const text = messages.value;
  const open = openIncidents.value;
  return (
    <section aria-labelledby="open-title" id="incidents" tabIndex={-1}>
      <h2 id="open-title">{text.openIncidents}</h2>
      {incidents.value === null ? <p class="quiet">{text.loading}</p> : null}
      {incidents.value !== null && open.length === 0 ? (
        <p class="quiet empty">
          {staleForMs.value === null ? text.noIncidents : text.noIncidentsStale}
        </p>
      ) : null}
      <ul class="cards">
        {open.map((incident) => (
          <li key={incident.id}>
            <IncidentCard incident={incident} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function IncidentCard({ incident }: { incident: Incident }) {
  const text = messages.value;
  const isShown = route.value.view === 'incident' && route.value.id === incident.id;
  const classes = ['card', `tier-${incident.tier}`, `is-${incident.status}`];
  if (isShown) classes.push('is-shown');
  return (
    <article class={classes.join(' ')} aria-labelledby={`${incident.id}-title`}>
      <header class="card-head">
        <TierBadge tier={incident.tier} name={incident.tierName} />
        <span class="card-site">
          <IncidentSites incident={incident} />
        </span>
        <span class="card-id">{incident.id}</span>
      </header>
      <h3 id={`${incident.id}-title`}>
        <a href={incidentHref(incident.id)}>{local(incident.title)}</a>
      </h3>
      <p class="because">
        <span class="quiet">{text.because}</span> {local(incident.because)}
      </p>
      <ResponseClock incident={incident} />
      <div class="card-foot">
        <IncidentFacts incident={incident} />
        <AcknowledgeButton incident={incident} />
      </div>
    </article>
  );
}

function IncidentFacts({ incident }: { incident: Incident }) {
  const text = messages.value;
  const since = faultSince(incident);
  return (
    <dl class="facts">
      <div>
        <dt>{text.since}</dt>
        <dd>
          {formatInstant(since, now.value)}
          <span class="quiet">
            {punctuation.value.comma}
            {text.ago(formatDuration(now.value - since))}
          </span>
          <Settling incident={incident} />
        </dd>
      </div>
      <OtherTimes incident={incident} row={Fact} now={now.value} />
      {incident.reopenedAt === null ? null : (
        <div>
          <dt>{text.firstOpened}</dt>
          <dd>{formatInstant(incident.openedAt, now.value)}</dd>
        </div>
      )}
      <div>
        <dt>{text.hangsOnIt}</dt>
        <dd>
          <Affected incident={incident} />
        </dd>
      </div>
      <div>
        <dt>{text.paged}</dt>
        <dd>
          <Paged incident={incident} />
        </dd>
      </div>
    </dl>
  );
}

/** Who has been told, and for whom pages still wait. */
function Paged({ incident: { paged, beingPaged } }: { incident: Incident }) {
  const text = messages.value;
  const namesOf = (people: readonly PersonRef[]) =>
    people.map(({ name }) => name).join(punctuation.value.list);
  const parts = [
    ...(paged.length > 0 ? [namesOf(paged)] : []),
    ...(beingPaged.length > 0 ? [text.beingPaged(namesOf(beingPaged))] : []),
  ];
  return parts.join(punctuation.value.comma) || text.nobodyPaged;
}

/** Says of an incident that is still open why: nothing fails any more, but it came and went too often. */
export function Settling({ incident }: { incident: Incident }) {
  const { resolvedAt, restoredAt } = incident;
  if (resolvedAt !== null || restoredAt === null) return null;
  const worksFor = formatDuration(now.value - Date.parse(restoredAt));
  return <span class="names">{messages.value.settling(worksFor)}</span>;
}

function Affected({ incident }: { incident: Incident }) {
  const text = messages.value;
  const { affectedCount, cutOffCount, confirmedCount, affectedNames } = incident;
  if (affectedCount === 0) return <span class="quiet">{text.nothingHangsOnIt}</span>;
  const more = affectedCount - affectedNames.length;
  const { list } = punctuation.value;
  return (
    <>
      {text.affected(affectedCount, cutOffCount)}
      {confirmedCount === null || confirmedCount >= cutOffCount
        ? null
        : `${punctuation.value.comma}${text.confirmedSoFar(confirmedCount)}`}
      <span class="quiet names">
        {affectedNames.map((name, index) => (
          <Fragment key={name}>
            <span class="name">
              {name}
              {index < affectedNames.length - 1 ? list.trimEnd() : ''}
            </span>
            {list.endsWith(' ') ? ' ' : index < affectedNames.length - 1 ? <wbr /> : null}
          </Fragment>
        ))}
        {more > 0 ? text.andMore(more) : ''}
      </span>
    </>
  );
}

const MOST_RESOLVED = 12;

/** The last few that are over. */
export function ResolvedIncidents() {
  const text = messages.value;
  const resolved = resolvedIncidents.value.slice(0, MOST_RESOLVED);
  return (
    <section aria-labelledby="resolved-title">
      <h2 id="resolved-title">{text.recentlyResolved}</h2>
      {resolved.length === 0 ? (
        <p class="quiet">{incidents.value === null ? text.loading : text.nothingResolved}</p>
      ) : null}
      <ul class="rows">
        {resolved.map((incident) => (
          <li key={incident.id}>
            <ResolvedRow incident={incident} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function ResolvedRow({ incident }: { incident: Incident }) {
  const text = messages.value;
  const end = Date.parse(incident.restoredAt ?? incident.resolvedAt ?? incident.openedAt);
  const lasted = text.lasted(formatDuration(faultLastedMs(incident)));
  return (
    <a class="row resolved-row" href={incidentHref(incident.id)}>
      <TierMark tier={incident.tier} />
      <span class="row-main">{local(incident.title)}</span>
      <span class="row-side quiet">
        {incident.isRemoved ? text.noLongerWatched : lasted}
        {punctuation.value.comma}
        {text.ago(formatDuration(nearlyNow.value - end))}
      </span>
    </a>
  );
}
