import { useState } from 'preact/hooks';
import { AcknowledgeButton, CommandResult } from './acknowledge.tsx';
import { asPerson, command, sending } from './acting-person.ts';
import type { IncidentDetail, Page } from './api-types.ts';
import { nearlyNow } from './browser-clock.ts';
import { formatDuration, formatInstant, formatTimeOfDay, formatZone } from './format.ts';
import { Settling } from './incident-list.tsx';
import { IncidentSites } from './incident-sites.tsx';
import { faultLastedMs, firstSeenAt, isFaultOver, OtherTimes } from './incident-times.tsx';
import { dutyMessages, local, messages } from './language.ts';
import type { Timeline } from './live-data.ts';
import { HealthMark, TierBadge } from './marks.tsx';
import { Dependents, Fact, PanelPart } from './panel-parts.tsx';
import { ProcedurePart } from './procedure-parts.tsx';
import { punctuation } from './punctuation.ts';
import { ResponseClock } from './response-clock.tsx';
import { isDevice, SubjectName } from './subject-name.tsx';

/** Everything about one incident. */
export function IncidentPanel({
  incident,
  timeline,
}: {
  incident: IncidentDetail;
  timeline: Timeline;
}) {
  const text = messages.value;
  return (
    <div class={`panel-body tier-${incident.tier}`}>
      <header class="card-head">
        <TierBadge tier={incident.tier} name={incident.tierName} />
        <span class="card-id">{incident.id}</span>
      </header>
      <h2>{local(incident.title)}</h2>
      <p class="because">
        <span class="quiet">{incident.resolvedAt === null ? text.because : text.becauseThen}</span>{' '}
        {local(incident.because)}
      </p>
      <ResponseClock incident={incident} />
      <AcknowledgeButton incident={incident} />
      <IncidentFacts incident={incident} />
      <Dependents devices={incident.affected} />
      <PanelPart title={text.faultsInIt}>
        <Members incident={incident} />
      </PanelPart>
      <PanelPart title={text.pages}>
        <Pages pages={incident.pages} />
      </PanelPart>
      <ProcedurePart incident={incident} />
      <PanelPart title={text.timeline}>
        <TimelineList timeline={timeline} />
        <NoteForm incident={incident} />
      </PanelPart>
    </div>
  );
}

function IncidentFacts({ incident }: { incident: IncidentDetail }) {
  const text = messages.value;
  const duty = dutyMessages.value;
  const { resolution } = incident;
  const at = (instant: string) => formatInstant(instant, nearlyNow.value);
  return (
    <dl class="facts">
      <Fact name={text.device}>
        <SubjectName id={incident.deviceId}>{incident.deviceName}</SubjectName>
      </Fact>
      <Fact name={text.site}>
        <IncidentSites incident={incident} />
      </Fact>
      <Fact name={isFaultOver(incident) ? text.faultOver : text.fault}>
        {local(incident.faultText)}
      </Fact>
      <Fact name={text.firstSeen}>
        {at(firstSeenAt(incident))}
        <Settling incident={incident} />
      </Fact>
      <OtherTimes incident={incident} row={Fact} now={nearlyNow.value} />
      {incident.reopenedAt === null ? (
        <Fact name={text.opened}>{at(incident.openedAt)}</Fact>
      ) : (
        <>
          <Fact name={text.reopened}>{at(incident.reopenedAt)}</Fact>
          <Fact name={text.firstOpened}>{at(incident.openedAt)}</Fact>
        </>
      )}
      <Fact name={duty.updateDue}>{incident.updateDueAt && at(incident.updateDueAt)}</Fact>
      <Fact name={duty.lapses}>{incident.lapsesAt && at(incident.lapsesAt)}</Fact>
      <Fact name={duty.noticeDue}>{incident.noticeDueAt && at(incident.noticeDueAt)}</Fact>
      <Fact name={text.rule}>{incident.ruleId}</Fact>
      <Fact name={text.episode}>{incident.episode > 1 ? String(incident.episode) : null}</Fact>
      {incident.resolvedAt === null ? null : (
        <Fact name={incident.isRemoved ? text.noLongerWatched : text.resolved}>
          {at(incident.resolvedAt)}
          {incident.isRemoved ? null : (
            <span class="quiet">
              {punctuation.value.comma}
              {text.lasted(formatDuration(faultLastedMs(incident)))}
            </span>
          )}
          {resolution === null ? null : (
            <span class="names">
              {howEnded(resolution)}
              {resolution.text === '' ? '' : `${punctuation.value.colon}${resolution.text}`}
            </span>
          )}
        </Fact>
      )}
      {incident.reopenedAt === null || incident.isRemoved ? null : (
        <Fact name={text.openInAll}>
          {incident.openMs === null ? null : formatDuration(incident.openMs)}
        </Fact>
      )}
    </dl>
  );
}

function howEnded({ by, reason }: NonNullable<IncidentDetail['resolution']>): string {
  const text = messages.value;
  if (reason === 'removed') return text.takenOut;
  return by === null ? text.recovered : text.resolvedBy(by.name);
}

function Members({ incident }: { incident: IncidentDetail }) {
  const more = incident.memberCount - incident.members.length;
  return (
    <ul class="members">
      {incident.members.map((member) => (
        <li key={member.faultKey}>
          <SubjectName id={member.deviceId}>
            {isDevice(member.deviceId) && <HealthMark health={member.health} />}
            {member.deviceName}
          </SubjectName>{' '}
          {local(member.kindName)} <span class="tag">{local(member.relationName)}</span>
          {local(member.text) === '' ? null : <span class="quiet names">{local(member.text)}</span>}
          {member.description && <span class="quiet names">{member.description}</span>}
          {member.runbookUrl && /^https?:/.test(member.runbookUrl) && (
            <a class="names" href={member.runbookUrl} rel="noreferrer noopener" target="_blank">
              {messages.value.runbook}
            </a>
          )}
        </li>
      ))}
      {more > 0 && <li class="quiet">{messages.value.moreMembers(more)}</li>}
    </ul>
  );
}

function Pages({ pages }: { pages: readonly Page[] }) {
  const text = messages.value;
  if (pages.length === 0) return <p class="quiet">{text.noPages}</p>;
  return (
    <>
      <ZoneLine />
      <ul class="timeline">
        {pages.map((page) => (
          <li key={page.id} class={`page-${page.status}`}>
            <time dateTime={page.queuedAt}>{formatTimeOfDay(page.queuedAt, nearlyNow.value)}</time>
            <span>
              {page.person.name} <span class="tag">{page.channelId}</span> {local(page.kindName)}
              {punctuation.value.colon}
              <span class="page-status">
                {page.replacedBy !== null && page.status === 'cancelled'
                  ? text.pageReplaced
                  : page.isHeldBack
                    ? text.pageHeldBack
                    : text.pageStatus[page.status]}
              </span>
              {page.attempts > 1 ? punctuation.value.inBrackets(text.tries(page.attempts)) : ''}
              {page.lastFailure === null ? null : (
                <span class="quiet names">{local(page.lastFailure)}</span>
              )}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

function ZoneLine() {
  return <p class="quiet">{messages.value.timesIn(formatZone(nearlyNow.value))}</p>;
}

function TimelineList({ timeline }: { timeline: Timeline }) {
  return (
    <>
      <ZoneLine />
      <ol class="timeline">
        {timeline.map((entry) => (
          <li key={entry.sequence} class={`event-${entry.type}`}>
            <time dateTime={entry.at}>{formatTimeOfDay(entry.at, nearlyNow.value)}</time>
            <span>{local(entry.text)}</span>
          </li>
        ))}
      </ol>
    </>
  );
}

function NoteForm({ incident }: { incident: IncidentDetail }) {
  const text = messages.value;
  const [note, setNote] = useState('');
  const isEmpty = note.trim() === '';
  const isSending = sending.value.has(incident.id);
  const submit = (noun: 'notes' | 'resolution', done: () => string) =>
    asPerson(async (person) => {
      const body = { by: person.id, text: note.trim() };
      if (await command(incident.id, noun, body, done)) setNote('');
    });
  return (
    <form
      class="note"
      onSubmit={(event) => {
        event.preventDefault();
        submit('notes', () => '');
      }}
    >
      <label for="note">{text.noteLabel}</label>
      <textarea
        id="note"
        rows={2}
        maxLength={2000}
        placeholder={text.notePlaceholder}
        value={note}
        onInput={(event) => setNote(event.currentTarget.value)}
      />
      <div class="buttons">
        <button type="submit" class="button-plain" disabled={isEmpty || isSending}>
          {text.addNote}
        </button>
        {incident.status === 'resolved' ? null : (
          <button
            type="button"
            class="button-plain"
            disabled={isEmpty || isSending}
            onClick={() => submit('resolution', () => text.resolved)}
          >
            {text.resolve}
          </button>
        )}
      </div>
      <CommandResult incidentId={incident.id} nouns={['resolution', 'notes']} />
    </form>
  );
}
